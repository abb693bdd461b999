// Models, samples and statistics in memory give what they give as files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>

#include "narrow/narrow.h"

namespace narrow {
namespace {

const std::string kExample = NARROW_SOURCE_FOLDER "/examples/digits/";

std::vector<std::byte> bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string const text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto const bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

ModelPtr example() {
  return load(kExample + "float.tflite").value();
}

DataSource file() {
  DataSource out;
  out.path = kExample + "train_x.npy";
  out.scale = 0.0625;
  return out;
}

/// The values of train_x.npy, uint8 [200, 8, 8, 1], behind the header.
std::vector<std::byte> pixels() {
  auto all = bytes_of(kExample + "train_x.npy");
  all.erase(all.begin(), all.end() - 200 * 64);
  return all;
}

/// The bytes of the model that a request leads to, or the error's text.
std::vector<std::byte> quantized(const QuantizeRequest& request) {
  auto const done = quantize(example(), request);
  EXPECT_TRUE(done) << done.error().what;
  return done ? to_bytes(*done->model).value() : std::vector<std::byte>{};
}

QuantizeRequest with(DataSource data) {
  QuantizeRequest out;
  out.quality = Quality::fast;
  out.data = std::move(data);
  return out;
}

TEST(Memory, models) {
  auto const bytes = bytes_of(kExample + "float.tflite");
  auto const model = load(bytes, "digits");
  ASSERT_TRUE(model);
  EXPECT_EQ(to_bytes(**model).value(), to_bytes(*example()).value());
  EXPECT_EQ(inspect(**model)->source, "digits");
  EXPECT_EQ(load(std::span(bytes).first(100), "short").error().kind, ErrorKind::bad_file);
}

TEST(Memory, arrays) {
  auto const values = pixels();
  DataSource data = file();
  data.path.clear();
  data.arrays.push_back({.name = "", .dtype = DType::uint8, .shape = {200, 8, 8}, .values = values});
  EXPECT_EQ(quantized(with(data)), quantized(with(file())));
  data.arrays[0].shape = {100, 8, 8};
  EXPECT_EQ(quantize(example(), with(data)).error().field, "data");
  data.arrays[0].shape = {200, 64};
  EXPECT_EQ(quantize(example(), with(data)).error().kind, ErrorKind::bad_data);
}

TEST(Memory, readers) {
  auto const values = pixels();
  DataSource data = file();
  data.path.clear();
  data.reader.samples = 200;
  data.reader.dtypes = {DType::uint8};
  data.reader.read = [&](int64_t first, int count, size_t, std::span<std::byte> out) -> Status {
    EXPECT_EQ(out.size(), static_cast<size_t>(count) * 64);
    std::memcpy(out.data(), &values[static_cast<size_t>(first) * 64], out.size());
    return {};
  };
  QuantizeRequest request = with(data);
  EXPECT_EQ(quantized(request), quantized(with(file())));
  request.range = RangeSpec{.method = RangeMethod::search};  // reads the samples as the quantized model's inputs too
  QuantizeRequest as_file = with(file());
  as_file.range = request.range;
  EXPECT_EQ(quantized(request), quantized(as_file));
  data.reader.dtypes = {DType::uint8, DType::uint8};
  EXPECT_EQ(quantize(example(), with(data)).error().field, "data");
}

TEST(Memory, statistics) {
  CalibrateRequest part;
  part.data = file();
  part.shards = 2;
  std::vector<StatisticsPtr> parts;
  for (part.shard = 0; part.shard < 2; ++part.shard) parts.push_back(calibrate(example(), part).value());
  auto const all = merge(parts);
  ASSERT_TRUE(all);
  EXPECT_EQ(size_of(**all).samples, 200);
  EXPECT_EQ(report(**all)->front().name, "image");
  QuantizeRequest request;
  request.quality = Quality::fast;  // statistics hold no samples to choose by
  request.statistics.push_back({.statistics = *all});
  auto const expected = quantized(with(file()));
  EXPECT_EQ(quantized(request), expected);
  request.statistics = {{.statistics = parts[1]}, {.statistics = parts[0]}};
  EXPECT_EQ(quantized(request), expected);
  parts.push_back(parts[0]);
  EXPECT_EQ(merge(parts).error().kind, ErrorKind::bad_data);
}

TEST(Memory, outputs_of_runs_and_sessions) {
  auto const done = quantize(example(), with(file()));
  ASSERT_TRUE(done);
  RunRequest request;
  request.data = file();
  request.data.samples = 20;
  std::vector<std::byte> given(20 * 10);
  std::mutex mutex;
  request.receive = [&](const OutputBatch& batch) -> Status {
    std::lock_guard const lock(mutex);
    EXPECT_EQ(batch.values.size(), static_cast<size_t>(batch.count) * 10);
    std::memcpy(&given[static_cast<size_t>(batch.first) * 10], batch.values.data(), batch.values.size());
    return {};
  };
  ASSERT_EQ(run(done->model, request)->samples, 20);

  auto session = Session::create(done->model, {.max_batch = 8});
  ASSERT_TRUE(session) << session.error().what;
  ASSERT_EQ(session->input(0).size(), 8u * 64);
  auto const info = inspect(*done->model)->graphs[0];
  const TensorInfo& input = info.tensors[static_cast<size_t>(info.inputs[0])];
  auto const values = pixels();
  for (size_t first = 0; first < 20; first += 8) {
    size_t const count = std::min<size_t>(8, 20 - first);
    for (size_t i = 0; i < count * 64; ++i) {
      float const real = static_cast<float>(std::to_integer<int>(values[first * 64 + i])) * 0.0625F;
      auto const q = std::lround(real / input.scales[0]) + input.zero_points[0];
      session->input(0)[i] = static_cast<std::byte>(std::clamp<long>(q, -128, 127));
    }
    ASSERT_TRUE(session->run(static_cast<int>(count)));
    EXPECT_EQ(std::memcmp(session->output(0).data(), &given[first * 10], count * 10), 0);
  }
  EXPECT_EQ(session->run(9).error().field, "batch");
}

TEST(Errors, name_the_field) {
  auto const field = [](auto change) {
    QuantizeRequest request = with(file());
    change(request);
    auto const done = quantize(example(), request);
    return done ? std::string("none") : done.error().field;
  };
  EXPECT_EQ(field([](QuantizeRequest& r) { r.weights = 7; }), "weights");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.io = DType::int64; }), "io");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.data.samples = 1000; }), "samples");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.data = {}; }), "data");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.signature = "none"; }), "signature");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.act_max = {{"none", 1.0}}; }), "act_max");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.labels.values = {1}; }), "labels");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.explain = "none"; }), "explain");
  EXPECT_EQ(field([](QuantizeRequest& r) { r.scheme = Scheme::q7, r.scales = Scales::any; }), "scales");
}

}  // namespace
}  // namespace narrow
