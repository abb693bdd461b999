// Keras files as values: layers, calls and weights.
#include "read/keras/keras_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/file.h"
#include "data_files.h"
#include "hdf5_writer.h"
#include "random.h"
#include "shared_models.h"

namespace narrow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const kSequential =
    R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
      {"class_name": "Conv2D", "config": {"name": "conv", "batch_input_shape": [null, 4, 4, 1], "filters": 2}},
      {"class_name": "keras.layers.Flatten", "config": {"name": "flat"}},
      {"class_name": "Dense", "config": {"name": "fc", "units": 3}}]}})";

void write_legacy_layer(Hdf5Writer& w, const std::string& group, const std::vector<std::string>& names, float first) {
  for (const std::string& name : names) w.array("model_weights/" + group + "/" + name, {2}, first++);
  w.group("model_weights/" + group);
  w.fixed_texts("model_weights/" + group, "weight_names", names);
}

Bytes legacy_file() {
  Hdf5Writer w;
  w.texts("", "model_config", {kSequential}, false);
  w.texts("", "keras_version", {"2.4.0"}, false);
  w.array("model_weights/conv/conv/kernel:0", {2, 2, 1, 2}, 1);
  w.array("model_weights/conv/conv/bias:0", {2}, 20, H5T_IEEE_F64LE);
  w.fixed_texts("model_weights/conv", "weight_names", {"conv/kernel:0", "conv/bias:0"});
  w.group("model_weights/flat");
  w.array("model_weights/fc/fc/kernel:0", {18, 3}, -5, H5T_STD_I16LE, true);
  w.texts("model_weights/fc", "weight_names", {"fc/kernel:0"}, true);
  w.array("optimizer_weights/momentum", {3}, 0);
  return w.bytes();
}

Bytes saved_weights() {
  Hdf5Writer w;
  w.array("layers/conv2d/vars/0", {2, 2, 1, 2}, 1);
  w.array("layers/conv2d/vars/1", {2}, 20);
  w.array("layers/dense/vars/0", {18, 3}, -5);
  w.array("optimizer/vars/0", {3}, 0);
  return w.bytes();
}

std::string as_text(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

SharedBytes as_bytes(const std::string& text) {
  return SharedBytes::copy_of(std::span<const char>(text.data(), text.size()));
}

Result<KerasNetwork> parse_h5(Bytes file) {
  return parse_keras_h5(SharedBytes(std::move(file)), "m.h5", kLimits);
}

Result<KerasNetwork> parse_zip(const std::string& config, const Bytes& weights) {
  return parse_keras_zip(as_bytes(zip({{"config.json", config}, {"model.weights.h5", as_text(weights)}})), "m.keras",
                         kLimits);
}

/// What the error says, or nothing.
template <class R>
std::string refusal(const R& result) {
  return result
             ? ""
             : std::string(to_string(result.error().kind)) + ": " + result.error().what + ", " + result.error().where;
}

KerasNetwork network_of(Result<KerasNetwork> result) {
  EXPECT_EQ(refusal(result), "");
  return result ? std::move(*result) : KerasNetwork{};
}

std::vector<std::string> names_of(const std::vector<KerasArray>& weights) {
  std::vector<std::string> out;
  for (const KerasArray& w : weights) out.push_back(w.name);
  return out;
}

/// The first value of each weight: tests write arrays that begin with different numbers.
std::vector<float> firsts_of(const KerasLayer& layer) {
  std::vector<float> out;
  for (const KerasArray& w : layer.weights) out.push_back(w.values.at(0));
  return out;
}

void check_small(const KerasNetwork& n) {
  ASSERT_EQ(n.layers.size(), 4u);
  EXPECT_EQ(n.layers[0].class_name, "InputLayer");
  EXPECT_EQ(n.layers[0].config["batch_shape"].dump(), "[null,4,4,1]");
  EXPECT_EQ(n.layers[2].class_name, "Flatten");
  EXPECT_EQ(n.layers[1].config["filters"], 2);
  ASSERT_EQ(n.layers[1].weights.size(), 2u);
  EXPECT_EQ(n.layers[1].weights[0].shape, Shape::of({2, 2, 1, 2}));
  EXPECT_THAT(n.layers[1].weights[0].values, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_THAT(n.layers[1].weights[1].values, ElementsAre(20, 21));
  EXPECT_TRUE(n.layers[2].weights.empty());
  ASSERT_EQ(n.layers[3].weights.size(), 1u);
  EXPECT_EQ(n.layers[3].weights[0].values[53], 48);
  EXPECT_EQ(n.layers[3].calls.at(0).inputs.at(0).layer, "flat");
  EXPECT_EQ(n.outputs.at(0).layer, "fc");
}

TEST(KerasFile, VersionOfTheWriterIsThatOfItsMetadata) {
  auto major = [](const std::string& metadata) {
    std::vector<std::pair<std::string, std::string>> members{{"config.json", kSequential},
                                                             {"model.weights.h5", as_text(saved_weights())}};
    if (!metadata.empty()) members.push_back({"metadata.json", metadata});
    return network_of(parse_keras_zip(as_bytes(zip(members)), "m.keras", kLimits)).keras_major;
  };
  EXPECT_EQ(major(R"({"keras_version": "3.15.1"})"), 3);
  EXPECT_EQ(major(R"({"keras_version": "2.21.0", "date_saved": "2026-11-30@08:57:22"})"), 2);  // tf_keras
  EXPECT_EQ(major("{}"), 3);
  EXPECT_EQ(major(""), 3);
  EXPECT_THAT(refusal(parse_keras_zip(as_bytes(zip({{"config.json", kSequential},
                                                    {"model.weights.h5", as_text(saved_weights())},
                                                    {"metadata.json", "{"}})),
                                      "m.keras", kLimits)),
              HasSubstr("metadata.json"));
}

TEST(KerasFile, BrainFloatsAreNumbers) {
  Hdf5Writer w;
  w.bfloats("layers/conv2d/vars/0", {2, 2, 1, 2}, 1);
  w.bfloats("layers/conv2d/vars/1", {2}, 20);
  w.bfloats("layers/dense/vars/0", {18, 3}, -5);
  check_small(network_of(parse_zip(kSequential, w.bytes())));
}

TEST(KerasFile, LegacyFileGivesLayersAndWeights) {
  KerasNetwork const n = network_of(parse_h5(legacy_file()));
  check_small(n);
  EXPECT_THAT(names_of(n.layers[1].weights), ElementsAre("kernel", "bias"));
}

TEST(KerasFile, SavedFileGivesLayersAndWeights) {
  KerasNetwork const n = network_of(parse_zip(kSequential, saved_weights()));
  check_small(n);
  EXPECT_THAT(names_of(n.layers[1].weights), ElementsAre("0", "1"));
}

const char* const kNested = R"({"class_name": "Functional", "config": {"name": "m", "layers": [
  {"class_name": "InputLayer", "name": "x", "config": {"name": "x"}, "inbound_nodes": []},
  {"class_name": "Sequential", "name": "inner", "config": {"name": "inner", "layers": [
     {"class_name": "InputLayer", "config": {"name": "y"}},
     {"class_name": "Dense", "config": {"name": "d"}}, {"class_name": "Dense", "config": {"name": "d_1"}}]},
   "inbound_nodes": [[["x", 0, 0, {}]], [["x", 0, 0, {}]]]},
  {"class_name": "Add", "name": "sum", "config": {"name": "sum"},
   "inbound_nodes": [[["inner", 1, 0, {}], ["inner", 2, 0, {}]]]},
  {"class_name": "TimeDistributed", "name": "td", "config": {"name": "td", "layer":
     {"class_name": "Dense", "config": {"name": "d_2"}}}, "inbound_nodes": [[["sum", 0, 0, {}]]]},
  {"class_name": "Bidirectional", "name": "bi", "config": {"name": "bi", "layer":
     {"class_name": "LSTM", "config": {"name": "lstm", "go_backwards": false}}},
   "inbound_nodes": [[["td", 0, 0, {}]]]}],
  "input_layers": [["x", 0, 0]], "output_layers": [["bi", 0, 0]]}})";

void check_nested(const KerasNetwork& n) {
  ASSERT_EQ(n.layers.size(), 5u);
  EXPECT_EQ(n.layers[2].calls.at(0).inputs.at(0).node, 0);
  EXPECT_EQ(n.layers[2].calls.at(0).inputs.at(1).node, 1);
  const KerasNetwork& inner = n.layers[1].network.at(0);
  EXPECT_THAT(firsts_of(inner.layers.at(1)), ElementsAre(1, 2));
  EXPECT_THAT(firsts_of(inner.layers.at(2)), ElementsAre(3, 4));
  EXPECT_THAT(firsts_of(n.layers[3].inner.at(0)), ElementsAre(5, 6));
  EXPECT_THAT(firsts_of(n.layers[4].inner.at(0)), ElementsAre(7, 8, 9));
  EXPECT_THAT(firsts_of(n.layers[4].inner.at(1)), ElementsAre(10, 11, 12));
  EXPECT_EQ(n.layers[4].inner.at(1).config["go_backwards"], true);
}

TEST(KerasFile, LegacyWeightsOfNestedLayersGoInside) {
  Hdf5Writer w;
  w.texts("", "model_config", {kNested}, false);
  write_legacy_layer(w, "inner", {"d/kernel:0", "d/bias:0", "d_1/kernel:0", "d_1/bias:0"}, 1);
  write_legacy_layer(w, "td", {"td/kernel:0", "td/bias:0"}, 5);
  write_legacy_layer(w, "bi", {"bi/f/k:0", "bi/f/r:0", "bi/f/b:0", "bi/b/k:0", "bi/b/r:0", "bi/b/b:0"}, 7);
  check_nested(network_of(parse_h5(w.bytes())));
}

TEST(KerasFile, SavedWeightsOfNestedLayersGoInside) {
  Hdf5Writer w;
  float first = 1;
  for (const char* path :
       {"sequential/layers/dense/vars/0", "sequential/layers/dense/vars/1", "sequential/layers/dense_1/vars/0",
        "sequential/layers/dense_1/vars/1", "time_distributed/layer/vars/0", "time_distributed/layer/vars/1",
        "bidirectional/forward_layer/cell/vars/0", "bidirectional/forward_layer/cell/vars/1",
        "bidirectional/forward_layer/cell/vars/2", "bidirectional/backward_layer/cell/vars/0",
        "bidirectional/backward_layer/cell/vars/1", "bidirectional/backward_layer/cell/vars/2"})
    w.array(std::string("layers/") + path, {2}, first++);
  w.array("layers/dropout/seed_generator/vars/0", {2}, 0, H5T_STD_U32LE);
  check_nested(network_of(parse_zip(kNested, w.bytes())));
}

TEST(KerasFile, WeightsThatDoNotFitTheLayersAreRefused) {
  Hdf5Writer missing;
  missing.texts("", "model_config", {kSequential}, false);
  missing.group("model_weights/conv");
  missing.texts("model_weights/conv", "weight_names", {"conv/kernel:0"}, true);
  EXPECT_THAT(refusal(parse_h5(missing.bytes())),
              HasSubstr("does not hold the weight conv/kernel:0, layer conv, m.h5"));
  Hdf5Writer more;
  more.texts("", "model_config", {kSequential}, false);
  more.array("model_weights/other/w", {2}, 0);
  EXPECT_THAT(refusal(parse_h5(more.bytes())), HasSubstr("model_weights/other/w belongs to no layer"));
  Hdf5Writer saved;
  saved.array("layers/dense_1/vars/0", {2}, 0);
  EXPECT_THAT(refusal(parse_zip(kSequential, saved.bytes())), HasSubstr("layers/dense_1/vars/0 belongs to no layer"));
  EXPECT_THAT(refusal(parse_h5(saved.bytes())), HasSubstr("no attribute model_config"));
}

TEST(KerasFile, WhatHdf5CanSayBesideArraysIsRefusedByName) {
  auto refused = [](auto&& write) {
    Hdf5Writer w;
    w.group("layers");
    write(w);
    return refusal(parse_zip(kSequential, w.bytes()));
  };
  EXPECT_THAT(refused([](Hdf5Writer& w) { H5Lcreate_soft("/x", w.file(), "layers/s", H5P_DEFAULT, H5P_DEFAULT); }),
              testing::AllOf(HasSubstr("unsupported"), HasSubstr("link"), HasSubstr("layers/s")));
  EXPECT_THAT(refused([](Hdf5Writer& w) {
                H5Lcreate_external("/etc/passwd", "/x", w.file(), "layers/e", H5P_DEFAULT, H5P_DEFAULT);
              }),
              testing::AllOf(HasSubstr("unsupported"), HasSubstr("link"), HasSubstr("layers/e")));
  EXPECT_THAT(refused([](Hdf5Writer& w) { w.array("layers/t", {2}, 0, H5T_C_S1); }), HasSubstr("not of numbers"));
  EXPECT_THAT(refused([](Hdf5Writer& w) {
                H5Lcreate_hard(w.file(), "/layers", w.file(), "layers/loop", H5P_DEFAULT, H5P_DEFAULT);
              }),
              HasSubstr("nested too deeply"));
  EXPECT_THAT(refused([](Hdf5Writer& w) {
                hid_t const creation = H5Pcreate(H5P_DATASET_CREATE);
                H5Pset_external(creation, "/etc/passwd", 0, 8);
                hsize_t const two = 2;
                hid_t const space = H5Screate_simple(1, &two, nullptr);
                H5Dclose(H5Dcreate2(w.file(), "layers/x", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
                H5Sclose(space);
                H5Pclose(creation);
              }),
              HasSubstr("outside of the file"));
  EXPECT_THAT(refused([](Hdf5Writer& w) {  // never written
                hid_t const creation = H5Pcreate(H5P_DATASET_CREATE);
                hsize_t const huge = hsize_t{1} << 29, chunk = 1 << 20;
                H5Pset_chunk(creation, 1, &chunk);
                H5Pset_deflate(creation, 1);
                hid_t const space = H5Screate_simple(1, &huge, nullptr);
                H5Dclose(H5Dcreate2(w.file(), "layers/x", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
                H5Sclose(space);
                H5Pclose(creation);
              }),
              HasSubstr("does not hold all values"));
}

TEST(KerasFile, DamagedFilesAreRefused) {
  Bytes const whole = legacy_file();
  for (size_t size = 0; size < whole.size(); size += 64)
    EXPECT_FALSE(parse_h5(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)))) << size;
  std::string const archive = zip({{"config.json", kSequential}, {"model.weights.h5", as_text(saved_weights())}}, true);
  for (size_t size = 0; size < archive.size(); size += 64)
    EXPECT_FALSE(parse_keras_zip(as_bytes(archive.substr(0, size)), "m.keras", kLimits)) << size;
}

TEST(KerasFile, WhatUnfoldsOutOfProportionIsRefused) {
  std::string const blank(40 << 20, ' ');
  EXPECT_THAT(refusal(parse_keras_zip(as_bytes(zip({{"config.json", kSequential + blank}}, true)), "m.keras", kLimits)),
              testing::AllOf(HasSubstr("limit_exceeded"), HasSubstr("config.json")));
  Hdf5Writer w;
  w.array("layers/conv2d/vars/0", {12 << 20}, 0, H5T_STD_U8LE, true);  // 12 MiB of 255, nearly all of them
  EXPECT_THAT(refusal(parse_zip(kSequential, w.bytes())),
              testing::AllOf(HasSubstr("limit_exceeded"), HasSubstr("layers/conv2d/vars/0")));
}

TEST(KerasFile, FlippedBitsNeverCrash) {
  Random random;
  SCOPED_TRACE(random.text());
  Bytes const whole = legacy_file();
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    Bytes file = whole;
    for (int64_t flips = random.between(1, 8); flips > 0; --flips)
      file[static_cast<size_t>(random.between(0, static_cast<int64_t>(file.size()) - 1))] ^=
          std::byte(1 << random.between(0, 7));
    refused += parse_h5(std::move(file)) ? 0 : 1;
  }
  EXPECT_GT(refused, 0);
}

struct SharedFile {
  const char* path;
  size_t layers, weights;
  int64_t values;
};

void count(const KerasLayer& layer, SharedFile& sum) {
  for (const KerasArray& w : layer.weights) {
    ++sum.weights;
    sum.values += static_cast<int64_t>(w.values.size());
  }
  for (const KerasLayer& inner : layer.inner) count(inner, sum);
}

// Counted with h5py.
constexpr std::array kShared = std::to_array<SharedFile>({
    {"mlperf-tiny/ad.h5", 29, 56, 269992},
    {"mlperf-tiny/resnet.h5", 30, 48, 78666},
    {"mlperf-tiny/sww.h5", 23, 26, 47707},
    {"mlperf-tiny/vww.h5", 85, 164, 221794},
    {"models/ad/model.h5", 29, 56, 269992},
    {"models/ad/model.keras", 29, 56, 269992},
    {"models/digits_cnn/model.h5", 7, 6, 3706},
    {"models/digits_cnn/model.keras", 7, 6, 3706},
    {"models/kws/model.h5", 33, 56, 24908},
    {"models/kws/model.keras", 33, 56, 24908},
    {"models/qat/tfmot.h5", 10, 32, 3833},
    {"models/qat/tfmot_float_bn.h5", 9, 9, 3742},
    {"models/resnet/model.h5", 30, 48, 78666},
    {"models/resnet/model.keras", 30, 48, 78666},
    {"models/rnn/gru.h5", 3, 5, 1418},
    {"models/rnn/gru.keras", 3, 5, 1418},
    {"models/rnn/gru_tfkeras.h5", 3, 5, 1418},
    {"models/rnn/lstm.h5", 3, 5, 1770},
    {"models/rnn/lstm.keras", 3, 5, 1770},
    {"models/rnn/lstm_tfkeras.h5", 3, 5, 1770},
    {"models/rnn/rnn.h5", 3, 5, 570},
    {"models/rnn/rnn.keras", 3, 5, 570},
    {"models/rnn/rnn_tfkeras.h5", 3, 5, 570},
    {"models/seed_cnn/model.h5", 9, 10, 122570},
    {"models/seed_cnn/model.keras", 9, 10, 122570},
    {"models/seed_cnn/model_tfkeras.h5", 9, 10, 122570},
    {"models/vww/model.h5", 85, 164, 221794},
    {"models/vww/model.keras", 85, 164, 221794},
});

TEST(KerasFile, SharedFilesHaveTheirLayersAndWeights) {
  int absent = 0;
  for (const SharedFile& expected : kShared) {
    std::string const path = shared_folder() + "/data/" + expected.path;
    if (!std::filesystem::exists(path)) {
      ++absent;
      continue;
    }
    SCOPED_TRACE(path);
    auto const file = read_file(path, kLimits.file_bytes);
    ASSERT_TRUE(file);
    KerasNetwork const n = network_of(path.ends_with(".h5") ? parse_keras_h5(*file, path, kLimits)
                                                            : parse_keras_zip(*file, path, kLimits));
    SharedFile found{expected.path, n.layers.size(), 0, 0};
    for (const KerasLayer& l : n.layers) count(l, found);
    EXPECT_EQ(found.layers, expected.layers);
    EXPECT_EQ(found.weights, expected.weights);
    EXPECT_EQ(found.values, expected.values);
  }
  if (absent > 0) GTEST_SKIP() << absent << " shared files are absent";
}

}  // namespace
}  // namespace narrow
