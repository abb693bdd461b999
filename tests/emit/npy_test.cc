#include <gtest/gtest.h>

#include <numeric>

#include "data_files.h"
#include "emit/npy/npy_file.h"
#include "read/data/dataset.h"

namespace narrow {
namespace {

InputSpec spec(const char* name, Shape shape, DType dtype) {
  InputSpec out;
  out.names = {name};
  out.shape = std::move(shape);
  out.dtype = dtype;
  return out;
}

TEST(Npy, WrittenInAnyOrderReadsBack) {
  ScratchFolder const folder("npy");
  std::vector<int32_t> const row{2, 3};
  auto file = NpyFile::create(*NewFile::create(folder / "a.npy"), DType::int16, 4, row);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->row_bytes(), 12);
  std::vector<int16_t> values(24);
  std::iota(values.begin(), values.end(), int16_t{-7});
  auto const bytes = std::as_bytes(std::span(values));
  ASSERT_TRUE(file->write(1, bytes.subspan(12)));
  ASSERT_TRUE(file->write(0, bytes.first(12)));
  ASSERT_TRUE(file->finish());

  auto data = open_dataset(folder / "a.npy", {spec("x", Shape::of({1, 2, 3}), DType::int16)});
  ASSERT_TRUE(data) << data.error().what;
  EXPECT_EQ((*data)->size(), 4);
  std::vector<int16_t> back(24);
  ASSERT_TRUE((*data)->read(0, 4, 0, reinterpret_cast<std::byte*>(back.data())));
  EXPECT_EQ(back, values);
}

TEST(Npy, PackedReadsBack) {
  ScratchFolder const folder("npz");
  std::vector<NpyFile> arrays;
  std::vector<float> const values{1.5F, -2, 3};
  for (const char* name : {"a.0", "a.1"}) {
    auto file = NpyFile::create(*NewFile::create(folder / name), DType::float32, 3, {});
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write(0, std::as_bytes(std::span(values))));
    arrays.push_back(std::move(*file));
  }
  ASSERT_TRUE(write_npz(folder / "a.npz", {"x", "y/0"}, std::move(arrays)));
  auto data = open_dataset(folder / "a.npz",
                           {spec("y/0", Shape::of({1}), DType::float32), spec("x", Shape::of({1}), DType::float32)});
  ASSERT_TRUE(data) << data.error().what;
  for (size_t input : {0u, 1u}) {
    std::vector<float> back(3);
    ASSERT_TRUE((*data)->read(0, 3, input, reinterpret_cast<std::byte*>(back.data())));
    EXPECT_EQ(back, values);
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "a.0"));
}

TEST(Npy, PackedUnderNamesOfTheirOwn) {
  ScratchFolder const folder("npz-names");
  std::string const endless(70'000, 'n');
  std::vector<NpyFile> arrays;
  std::vector<std::string> const names{"y", "y_2", "y", endless + "a", endless + "b"};
  for (size_t i = 0; i < names.size(); ++i) {
    auto file = NpyFile::create(*NewFile::create(folder / std::to_string(i)), DType::float32, 1, {});
    ASSERT_TRUE(file);
    auto const value = static_cast<float>(i);
    ASSERT_TRUE(file->write(0, std::as_bytes(std::span(&value, 1))));
    arrays.push_back(std::move(*file));
  }
  ASSERT_TRUE(write_npz(folder / "a.npz", names, std::move(arrays)));
  std::string const cut(65'000, 'n');
  std::vector<InputSpec> inputs;
  for (const std::string& name : {std::string("y"), std::string("y_2"), std::string("y_3"), cut, cut + "_2"})
    inputs.push_back(spec(name.c_str(), Shape::of({1}), DType::float32));
  auto data = open_dataset(folder / "a.npz", inputs);
  ASSERT_TRUE(data) << data.error().what;
  for (size_t i = 0; i < inputs.size(); ++i) {
    float back = -1;
    ASSERT_TRUE((*data)->read(0, 1, i, reinterpret_cast<std::byte*>(&back)));
    EXPECT_EQ(back, static_cast<float>(i));
  }
}

TEST(Npy, RefusesTypesNumPyHasNot) {
  ScratchFolder const folder("npy-types");
  EXPECT_EQ(NpyFile::create(*NewFile::create(folder / "a.npy"), DType::string, 1, {}).error().kind,
            ErrorKind::unsupported);
}

}  // namespace
}  // namespace narrow
