#include "read/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <optional>

#include "data_files.h"

namespace narrow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

InputSpec float_input(Shape shape = Shape::of({1, 2, 2})) {
  return {{"x", "image"}, shape, DType::float32, {}};
}

template <class T = float>
std::vector<T> read_all(const Samples& data, size_t elements, size_t input = 0) {
  std::vector<T> out(static_cast<size_t>(data.size()) * elements);
  auto const done = data.read(0, static_cast<int>(data.size()), input, reinterpret_cast<std::byte*>(out.data()));
  EXPECT_TRUE(done) << done.error().what;
  return out;
}

std::vector<float> ramp(size_t n) {
  std::vector<float> v(n);
  std::iota(v.begin(), v.end(), 0.0F);
  return v;
}

struct Malformed {
  const char* name;
  std::string bytes;
  ErrorKind kind;
  const char* phrase;
};

std::vector<Malformed> malformed() {
  std::string const four = raw(ramp(4));
  std::string const good = npy("<f4", "(1, 2, 2)", four);
  auto header = [&](const std::string& text) { return npy_of(text, four); };
  std::string version4 = good;
  version4[6] = 4;
  std::string wrong_magic = good;
  wrong_magic[1] = 'n';
  std::string long_header = std::string("\x93NUMPY\x02\x00", 8) + raw(uint32_t{10001}) + std::string(10001, ' ');
  using enum ErrorKind;
  return {
      {"empty", "", bad_data, "empty"},
      {"magic", wrong_magic, bad_file, "not a .npy"},
      {"cut_magic", good.substr(0, 5), bad_file, "not a .npy"},
      {"cut_header", good.substr(0, 30), bad_file, "ends before"},
      {"png", "\x89PNG\r\n\x1a\n1234", bad_file, "a PNG image, not an array"},
      {"jpeg", "\xFF\xD8\xFF\xE0 123456", bad_file, "a JPEG image, not an array"},
      {"version", version4, unsupported, "version 4.0"},
      {"header_length", long_header, limit_exceeded, "10,000"},
      {"truncated", good.substr(0, good.size() - 1), bad_file, "shorter than its array float32 [1, 2, 2]"},
      {"trailing", good + "x", bad_file, "1 bytes follow"},
      {"pickle", npy("|O", "(1,)", "abc"), unsupported, "pickle"},
      {"structure", header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2, 2), }"), unsupported,
       "[('a', '<f4')]"},
      {"text_type", npy("<U4", "(1, 2, 2)", four), unsupported, "'<U4'"},
      {"complex", npy("<c8", "(1, 2, 2)", four + four), unsupported, "'<c8'"},
      {"byte_order", npy("!f4", "(1, 2, 2)", four), unsupported, "'!f4'"},
      {"fortran", header("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2, 2), }"), unsupported, "Fortran"},
      {"no_dict", header("(1, 2)"), bad_file, "malformed"},
      {"missing_key", header("{'descr': '<f4', 'shape': (1, 2, 2), }"), bad_file, "malformed"},
      {"key_twice", header("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2)}"), bad_file,
       "malformed"},
      {"unknown_key", header("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2), 'x': 1}"), bad_file,
       "malformed"},
      {"code", header("{'descr': '<f4', 'fortran_order': exit(), 'shape': (1, 2, 2), }"), bad_file, "malformed"},
      {"negative", npy("<f4", "(-1, 2, 2)", four), bad_file, "malformed"},
      {"huge_number", npy("<f4", "(99999999999999999999, 2)", four), bad_file, "malformed"},
      {"overflow", npy("<f4", "(9000000000000000000, 9000000000000000000)", four), bad_file, "shorter"},
      {"not_a_tuple", npy("<f4", "(4)", four), bad_file, "malformed"},
      {"rank", npy("<f4", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,4)", four), bad_file,
       "malformed"},
      {"open_quote", header("{'descr': '<f4"), bad_file, "malformed"},
      {"rest", header("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2), } 1"), bad_file, "malformed"},
      {"shape", npy("<f4", "(1, 4, 1)", four), bad_data, "float32 [1, 4, 1] does not hold samples of input 'x'"},
      {"no_samples", npy("<f4", "(0, 2, 2)", ""), bad_data, "no samples"},
      {"nan", npy("<f4", "(1, 2, 2)", raw(std::vector<float>{0, NAN, 0, 0})), bad_data, "NaN in input 'x' at sample 0"},
      {"cut_zip", zip({{"x.npy", good}}).substr(0, 40), bad_file, "end record is missing"},
      {"empty_zip", zip({}), bad_data, "holds no array"},
      {"zip_key", zip({{"a.npy", good}, {"b.npy", good}}), bad_data, "'a', 'b'"},
      {"zip_twice", zip({{"x.npy", good}, {"x.npy", good}}), bad_file, "occurs twice"},
      {"zip_text", zip({{"x.npy", "hello, world"}}), bad_file, "not a .npy"},
  };
}

TEST(ReadDataset, refuses_malformed_files_by_saying_what_is_wrong) {
  ScratchFolder const folder("malformed");
  for (const Malformed& m : malformed()) {
    SCOPED_TRACE(m.name);
    std::string const path = folder.write("x.npy", m.bytes);
    auto data = open_dataset(path, {float_input()});
    std::vector<float> out(4);
    Status const done = data ? (*data)->read(0, 1, 0, reinterpret_cast<std::byte*>(out.data())) : Status(pass(data));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, m.kind) << done.error().what;
    EXPECT_THAT(done.error().what, HasSubstr(m.phrase));
    EXPECT_THAT(done.error().where, HasSubstr(path));
  }
}

TEST(ReadDataset, every_truncation_and_every_changed_bit_of_a_zip_is_an_error_or_makes_no_difference) {
  ScratchFolder const folder("damaged");
  std::vector<float> const values = ramp(12);
  std::string const good = zip({{"x.npy", npy("<f4", "(3, 2, 2)", raw(values))}}, true);
  // The values that a file is read as; nothing where that is refused.
  auto attempt = [&](const std::string& bytes) -> std::optional<std::vector<float>> {
    auto data = open_dataset(folder.write("x.npz", bytes), {float_input()});
    if (!data || (*data)->size() > 1000) return std::nullopt;
    std::vector<float> out(static_cast<size_t>((*data)->size()) * 4);
    auto const done = (*data)->read(0, static_cast<int>((*data)->size()), 0, reinterpret_cast<std::byte*>(out.data()));
    return done ? std::optional(out) : std::nullopt;
  };
  EXPECT_EQ(attempt(good), values);
  for (size_t n = 0; n < good.size(); ++n) EXPECT_EQ(attempt(good.substr(0, n)), std::nullopt) << n;
  size_t harmless = 0;  // bits of dates, versions, attributes, and of what is there twice
  for (size_t i = 0; i < good.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      auto const read = attempt(bad);
      harmless += read.has_value();
      EXPECT_EQ(read.value_or(values), values) << "byte " << i << ", bit " << bit;
    }
  EXPECT_LT(harmless, 500U);
}

TEST(ReadDataset, ones_do_not_matter_and_a_lone_sample_is_one) {
  ScratchFolder const folder("ones");
  for (const char* shape : {"(3, 2, 2)", "(3, 1, 2, 2)", "(3, 2, 2, 1)"}) {
    auto data = open_dataset(folder.write("x.npy", npy("<f4", shape, raw(ramp(12)))), {float_input()});
    ASSERT_TRUE(data) << data.error().what;
    EXPECT_EQ((*data)->size(), 3);
    EXPECT_EQ(read_all(**data, 4), ramp(12));
  }
  for (const char* shape : {"(2, 2)", "(1, 2, 2)"}) {
    auto data = open_dataset(folder.write("x.npy", npy("<f4", shape, raw(ramp(4)))), {float_input()});
    ASSERT_TRUE(data) << data.error().what;
    EXPECT_EQ((*data)->size(), 1);
  }
}

TEST(ReadDataset, all_number_types_and_both_byte_orders_become_float) {
  ScratchFolder const folder("types");
  InputSpec const input{{"x"}, Shape::of({1}), DType::float32, {}};
  auto values = [&](const std::string& descr, const std::string& bytes) {
    auto data = open_dataset(folder.write("x.npy", npy(descr, "(2,)", bytes)), {input});
    EXPECT_TRUE(data) << data.error().what;
    return read_all(**data, 1);
  };
  EXPECT_THAT(values("|i1", raw(std::vector<int8_t>{-1, 2})), ElementsAre(-1, 2));
  EXPECT_THAT(values("|u1", raw(std::vector<uint8_t>{255, 2})), ElementsAre(255, 2));
  EXPECT_THAT(values("|b1", raw(std::vector<uint8_t>{1, 0})), ElementsAre(1, 0));
  EXPECT_THAT(values("<i2", raw(std::vector<int16_t>{-300, 2})), ElementsAre(-300, 2));
  EXPECT_THAT(values("<u2", raw(std::vector<uint16_t>{65535, 2})), ElementsAre(65535, 2));
  EXPECT_THAT(values("<i4", raw(std::vector<int32_t>{-70000, 2})), ElementsAre(-70000, 2));
  EXPECT_THAT(values("<u4", raw(std::vector<uint32_t>{1U << 31, 2})), ElementsAre(2147483648.0F, 2));
  EXPECT_THAT(values("<i8", raw(std::vector<int64_t>{-5, 2})), ElementsAre(-5, 2));
  EXPECT_THAT(values("<u8", raw(std::vector<uint64_t>{5, 2})), ElementsAre(5, 2));
  EXPECT_THAT(values("<f8", raw(std::vector<double>{0.1, 2})), ElementsAre(0.1F, 2));
  EXPECT_THAT(values("<f2", raw(std::vector<uint16_t>{0x3E00, 0x8001})), ElementsAre(1.5F, -5.9604645e-8F));
  EXPECT_THAT(values(">i2", std::string("\x01\x00\xff\xfe", 4)), ElementsAre(256, -2));
  EXPECT_THAT(values(">f4", std::string("\x3f\x80\x00\x00\xc0\x00\x00\x00", 8)), ElementsAre(1, -2));
}

TEST(ReadDataset, scale_and_offset_give_stored_numbers_their_meaning) {
  ScratchFolder const folder("scale");
  auto data = open_dataset(folder.write("x.npy", npy("|u1", "(1, 2, 2)", raw(std::vector<uint8_t>{0, 1, 254, 255}))),
                           {float_input()}, {.scale = 1.0 / 255, .offset = -1});
  ASSERT_TRUE(data);
  EXPECT_THAT(read_all(**data, 4),
              ElementsAre(-1.0F, static_cast<float>(1.0 / 255 - 1), static_cast<float>(254 * (1.0 / 255) - 1), 0.0F));
}

TEST(ReadDataset, quantized_inputs_take_real_values_or_stored_integers) {
  ScratchFolder const folder("quantized");
  InputSpec const input{{"x"}, Shape::of({1, 6}), DType::int8, Quantization::of(0.5F, -1)};
  auto values = [&](const std::string& descr, const std::string& bytes, DataOptions options = {}) {
    auto data = open_dataset(folder.write("x.npy", npy(descr, "(1, 6)", bytes)), {input}, options);
    EXPECT_TRUE(data) << data.error().what;
    return read_all<int8_t>(**data, 6);
  };
  EXPECT_THAT(values("<f4", raw(std::vector<float>{0, 0.25F, -0.25F, 0.24999999F, 1000, -1000})),
              ElementsAre(-1, 0, -2, -1, 127, -128));
  EXPECT_THAT(values("|i1", raw(std::vector<int8_t>{0, 1, 2, 3, -128, 127})), ElementsAre(-1, 1, 3, 5, -128, 127));
  EXPECT_THAT(values("|i1", raw(std::vector<int8_t>{0, 1, 2, 3, -128, 127}), {.quantized = true}),
              ElementsAre(0, 1, 2, 3, -128, 127));
  EXPECT_THAT(values("<i4", raw(std::vector<int32_t>{0, 1, 2, 3, -128, 127}), {.quantized = true}),
              ElementsAre(0, 1, 2, 3, -128, 127));
  EXPECT_THAT(values("|u1", raw(std::vector<uint8_t>{0, 1, 2, 3, 64, 255})), ElementsAre(-1, 1, 3, 5, 127, 127));
  EXPECT_THAT(values("|u1", raw(std::vector<uint8_t>{0, 1, 2, 3, 64, 255}), {.scale = 0.25}),
              ElementsAre(-1, 0, 0, 1, 31, 127));  // 0.25 / 0.5 is a tie and rounds away from zero
}

TEST(ReadDataset, integer_inputs_without_a_scale_take_what_fits) {
  ScratchFolder const folder("integer");
  InputSpec const input{{"x"}, Shape::of({1}), DType::int32, {}};
  auto open = [&](const std::string& descr, const std::string& bytes) {
    return open_dataset(folder.write("x.npy", npy(descr, "(2,)", bytes)), {input});
  };
  EXPECT_THAT(read_all<int32_t>(**open("<i8", raw(std::vector<int64_t>{-7, 1 << 30})), 1), ElementsAre(-7, 1 << 30));
  auto const refused = open("<f4", raw(ramp(2)));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("float32 data for a int32 input"));
  auto const wide = open("<i8", raw(std::vector<int64_t>{0, int64_t{1} << 31}));
  std::vector<int32_t> out(2);
  auto const read = (*wide)->read(0, 2, 0, reinterpret_cast<std::byte*>(out.data()));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("out of range in input 'x' at sample 1"));
}

TEST(ReadDataset, channels_at_the_other_end_are_named) {
  ScratchFolder const folder("channels");
  auto remedy = [&](const char* shape, size_t elements, Shape input) {
    auto const read = open_dataset(folder.write("x.npy", npy("|u1", shape, std::string(elements, '\0'))),
                                   {{{"x"}, std::move(input), DType::float32, {}}});
    return read ? "read" : read.error().remedy;
  };
  EXPECT_THAT(remedy("(2, 3, 4, 5)", 120, Shape::of({1, 4, 5, 3})), HasSubstr("first in the samples (NCHW)"));
  EXPECT_THAT(remedy("(3, 4, 4)", 48, Shape::of({1, 4, 4, 3})), HasSubstr("first in the samples (NCHW)"));
  EXPECT_THAT(remedy("(2, 1, 3, 4, 4)", 96, Shape::of({1, 4, 4, 3})), HasSubstr("first in the samples (NCHW)"));
  EXPECT_THAT(remedy("(2, 4, 5, 3)", 120, Shape::of({1, 3, 4, 5})), HasSubstr("last in the samples (NHWC)"));
  EXPECT_EQ(remedy("(2, 1, 4, 5)", 40, Shape::of({1, 4, 5, 1})), "read");  // one channel is the same in both
  EXPECT_THAT(remedy("(2, 5, 4, 3)", 120, Shape::of({1, 4, 5, 3})), HasSubstr("the first axis must count"));
}

TEST(ReadDataset, npz_members_are_found_by_tensor_or_signature_name) {
  ScratchFolder const folder("npz");
  std::vector<InputSpec> const inputs{{{"tensor_a", "a"}, Shape::of({1, 2}), DType::float32, {}},
                                      {{"tensor_b", "b"}, Shape::of({1, 3}), DType::float32, {}}};
  for (bool const deflate : {false, true}) {
    std::string const bytes = zip({{"b.npy", npy("<f4", "(2, 3)", raw(ramp(6)))},
                                   {"labels.npy", npy("<f4", "(2,)", raw(ramp(2)))},
                                   {"tensor_a.npy", npy("<f4", "(2, 2)", raw(ramp(4)))}},
                                  deflate);
    auto data = open_dataset(folder.write("x.npz", bytes), inputs);
    ASSERT_TRUE(data) << data.error().what;
    EXPECT_EQ(read_all(**data, 2, 0), ramp(4));
    EXPECT_EQ(read_all(**data, 3, 1), ramp(6));
  }
  std::string const uneven =
      zip({{"a.npy", npy("<f4", "(2, 2)", raw(ramp(4)))}, {"b.npy", npy("<f4", "(1, 3)", raw(ramp(3)))}});
  auto const refused = open_dataset(folder.write("x.npz", uneven), inputs);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("has 1 samples and input 'tensor_a' has 2"));
  EXPECT_FALSE(open_dataset(folder.write("x.npy", npy("<f4", "(2, 2)", raw(ramp(4)))), inputs));
}

TEST(ReadDataset, deflated_samples_are_read_in_any_order) {
  ScratchFolder const folder("deflated");
  constexpr size_t kSamples = 1600, kElements = 1000;  // 6.4 MB: more than is kept
  auto const all = ramp(kSamples * kElements);
  std::string const path = folder.write("x.npz", zip({{"x.npy", npy("<f4", "(1600, 1000)", raw(all))}}, true));
  auto data = open_dataset(path, {{{"x"}, Shape::of({1, kElements}), DType::float32, {}}});
  ASSERT_TRUE(data) << data.error().what;
  std::vector<float> out(kElements);
  for (int64_t sample : {0, 1599, 1590, 3, 1200, 1199}) {
    ASSERT_TRUE((*data)->read(sample, 1, 0, reinterpret_cast<std::byte*>(out.data())));
    EXPECT_EQ(out.front(), static_cast<float>(sample * 1000));
    EXPECT_EQ(out.back(), static_cast<float>(sample * 1000 + 999));
  }
}

TEST(ReadDataset, folders_are_read_in_the_order_of_names) {
  ScratchFolder const folder("folder");
  folder.write("b.npy", npy("<f4", "(2, 2)", raw(std::vector<float>{1, 1, 1, 1})));
  folder.write("a.npy", npy("<f4", "(2, 2, 2)", raw(ramp(8))));
  folder.write("c.npz", zip({{"x.npy", npy("<f4", "(1, 2, 2)", raw(ramp(4)))}}));
  folder.write("d.csv", "a, b, c, d\r\n9, 8, 7, +6.5\r\n\r\n1e1,2,3,4");
  folder.write("notes.txt", "not data");
  auto data = open_dataset(folder / "", {float_input()});
  ASSERT_TRUE(data) << data.error().what;
  EXPECT_EQ((*data)->size(), 6);
  EXPECT_THAT(read_all(**data, 4),
              ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 1, 1, 1, 1, 0, 1, 2, 3, 9, 8, 7, 6.5, 10, 2, 3, 4));
  folder.write("e.npy", npy("<f4", "(1, 2, 2)", raw(std::vector<float>{0, 0, INFINITY, 0})));
  auto bad = open_dataset(folder / "", {float_input()});
  std::vector<float> out(28);
  auto const read = (*bad)->read(0, 7, 0, reinterpret_cast<std::byte*>(out.data()));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("an infinite value in input 'x' at sample 6"));
  EXPECT_THAT(read.error().where, HasSubstr("e.npy"));
}

TEST(ReadDataset, samples_without_elements_are_counted_within_bounds) {
  ScratchFolder const folder("empty_samples");
  InputSpec const nothing{{"x"}, Shape::of({1, 0}), DType::float32, {}};
  auto const some = open_dataset(folder.write("x.npy", npy("<f4", "(1000, 0)", "")), {nothing});
  ASSERT_TRUE(some) << some.error().what;
  EXPECT_EQ((*some)->size(), 1000);
  for (const char* count : {"65537", "4611686018427387904"}) {
    auto const shape = "(" + std::string(count) + ", 0)";
    auto const refused = open_dataset(folder.write("x.npy", npy("<f4", shape, "")), {nothing});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::limit_exceeded);
    EXPECT_THAT(refused.error().what, HasSubstr("samples that hold no values; there may be 65536 of those"));
  }
}

TEST(ReadDataset, long_csv_files_are_indexed_sparsely) {
  ScratchFolder const folder("csv");
  std::string text;
  for (int i = 0; i < 10000; ++i) text += std::to_string(i) + "," + std::to_string(-i) + "\n";
  auto data = open_dataset(folder.write("x.csv", text), {{{"x"}, Shape::of({1, 2}), DType::float32, {}}});
  ASSERT_TRUE(data) << data.error().what;
  EXPECT_EQ((*data)->size(), 10000);
  std::vector<float> out(4);
  for (int64_t i : {0, 9998, 4097, 1}) {
    ASSERT_TRUE((*data)->read(i, 2, 0, reinterpret_cast<std::byte*>(out.data())));
    auto const f = static_cast<float>(i);
    EXPECT_THAT(out, ElementsAre(f, -f, f + 1, -f - 1));
  }
}

/// The values of a .csv for an input of two floats, or what is wrong with it.
Result<std::vector<float>> csv(const std::string& text) {
  ScratchFolder const folder("csv_text");
  NARROW_TRY(auto const data,
             open_dataset(folder.write("x.csv", text), {{{"x"}, Shape::of({1, 2}), DType::float32, {}}}));
  std::vector<float> out(static_cast<size_t>(data->size()) * 2);
  NARROW_CHECK(data->read(0, static_cast<int>(data->size()), 0, reinterpret_cast<std::byte*>(out.data())));
  return out;
}

TEST(ReadDataset, csv_files_of_all_kinds_of_programs) {
  for (const char* text :
       {"1.5,2\n3,4\n", "\xEF\xBB\xBF\x31.5,2\n3,4\n", "a,b\n1.5,2\n3,4", "\xEF\xBB\xBFx,y\r\n1.5,2\r\n3,4",
        "1.5;2\n3;4\n", "1,5;2\n3;4\n", "left;right\n1,5;2\n3;4", "\"1.5\",\"2\"\n\"3\",\"4\"",
        "\"a, b\",c\n1.5,2\n3,4\n", "\"a;b\",\"say \"\"c\"\"\"\n1.5 , \"2\" \n\n3,4\n", "\"1,5\";2\n3;\"4\"",
        "name,\n+1.5,2\n3,4"}) {
    auto const values = csv(text);
    ASSERT_TRUE(values) << text << ": " << values.error().what;
    EXPECT_THAT(*values, ElementsAre(1.5F, 2, 3, 4)) << text;
  }
}

TEST(ReadDataset, csv_rows_that_are_no_samples_are_named_and_never_passed_over) {
  for (auto const& [text, phrase] : std::vector<std::pair<std::string, const char*>>{
           {"1.O,2\n3,4\n", "line 1 has '1.O', which is not a number"},
           {",2\n3,4\n", "line 1 has an empty field, number 1"},
           {",\n3,4\n", "line 1 has an empty field"},
           {"a,b\n\nc,d\n", "line 3 has 'c', which is not a number"},
           {"a,b\n1,2\n\"3,4\n", "line 3 has '\"3', which is not a number"},
           {"1,2,3\n", "line 1 has 3 numbers, the input takes 2"},
           {"1\n", "line 1 has 1 number,"},
           {"1,2\n1,2;3\n", "line 2 has '2;3'"},
           {"1,2\n1,nan\n", "NaN in input 'x' at sample 1"},
           {"a,b\n", "no samples"},
           {"\xFF\xFE\x31", "UTF-16"},
       }) {
    auto const values = csv(text);
    ASSERT_FALSE(values) << text;
    EXPECT_EQ(values.error().kind, ErrorKind::bad_data);
    EXPECT_THAT(values.error().what, HasSubstr(phrase)) << text;
  }
}

}  // namespace
}  // namespace narrow
