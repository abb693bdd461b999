// Every long call ends once the flag of its request is set, with an error that says so.
#include "base/cancel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/threads.h"
#include "narrow/narrow.h"

namespace narrow {
namespace {

const std::string kExample = NARROW_SOURCE_FOLDER "/examples/digits/";

ModelPtr example() {
  return load(kExample + "float.tflite").value();
}

DataSource samples() {
  DataSource out;
  out.path = kExample + "train_x.npy";
  out.scale = 0.0625;
  return out;
}

TEST(Cancel, calls_end_where_the_flag_is_set) {
  std::atomic<bool> const flag{true};
  ModelPtr const model = example();

  CalibrateRequest calibration;
  calibration.data = samples();
  calibration.cancel = &flag;
  EXPECT_EQ(calibrate(model, calibration).error().kind, ErrorKind::cancelled);

  for (Quality const quality : all<Quality>()) {
    QuantizeRequest quantization;
    quantization.data = samples();
    quantization.quality = quality;
    quantization.cancel = &flag;
    EXPECT_EQ(quantize(model, quantization).error().kind, ErrorKind::cancelled) << to_string(quality);
  }
  QuantizeRequest search;
  search.data = samples();
  search.scheme = Scheme::q7;
  search.range = RangeSpec{.method = RangeMethod::search};
  search.cancel = &flag;
  EXPECT_EQ(quantize(model, search).error().kind, ErrorKind::cancelled);

  EvaluateRequest evaluation;
  evaluation.data = samples();
  evaluation.cancel = &flag;
  EXPECT_EQ(evaluate(std::array{model}, evaluation).error().kind, ErrorKind::cancelled);

  RunRequest running;
  running.data = samples();
  running.cancel = &flag;
  EXPECT_EQ(run(model, running).error().kind, ErrorKind::cancelled);

  FitRequest fitting;
  fitting.data = samples();
  fitting.cancel = &flag;
  EXPECT_EQ(fit(model, fitting).error().kind, ErrorKind::cancelled);
}

TEST(Cancel, a_flag_that_is_not_set_changes_nothing) {
  std::atomic<bool> const flag{false};
  QuantizeRequest request;
  request.data = samples();
  auto const plain = quantize(example(), request);
  request.cancel = &flag;
  auto const watched = quantize(example(), request);
  ASSERT_TRUE(plain && watched);
  EXPECT_EQ(to_bytes(*plain->model).value(), to_bytes(*watched->model).value());
}

TEST(Cancel, scopes_nest_and_reach_the_threads_of_their_work) {
  std::atomic<bool> const set{true}, clear{false};
  EXPECT_TRUE(check_cancelled());
  {
    CancelScope const outer(&set);
    {
      CancelScope const none(nullptr);
      EXPECT_FALSE(check_cancelled());
      CancelScope const inner(&clear);
      EXPECT_TRUE(check_cancelled());
    }
    std::atomic<int> cancelled{0};
    run_on_threads(4, [&](int) { cancelled += check_cancelled() ? 0 : 1; });
    EXPECT_EQ(cancelled, 4);
    std::thread([&] { EXPECT_TRUE(check_cancelled()); }).join();  // a thread of somebody else's
  }
  EXPECT_TRUE(check_cancelled());
}

TEST(Memory, statistics_travel_as_bytes) {
  CalibrateRequest request;
  request.data = samples();
  StatisticsPtr const statistics = calibrate(example(), request).value();
  auto const bytes = to_bytes(*statistics).value();
  auto const again = load_statistics(bytes, "there");
  ASSERT_TRUE(again);
  EXPECT_EQ(to_bytes(**again).value(), bytes);
  auto const torn = load_statistics(std::span(bytes).first(bytes.size() - 1), "torn");
  ASSERT_FALSE(torn);
  EXPECT_EQ(torn.error().kind, ErrorKind::bad_file);
  EXPECT_NE((torn.error().what + torn.error().where).find("torn"), std::string::npos);
}

TEST(Run, received_values_are_real_where_that_is_asked_for) {
  QuantizeRequest request;
  request.data = samples();
  request.quality = Quality::fast;
  ModelPtr const small = quantize(example(), request)->model;
  std::vector<float> real(200 * 10);
  std::vector<int8_t> stored(200 * 10);
  for (bool const dequantize : {false, true}) {
    RunRequest running;
    running.data = samples();
    running.dequantize = dequantize;
    running.receive = [&](const OutputBatch& batch) -> Status {
      auto* const to = dequantize ? reinterpret_cast<std::byte*>(real.data() + batch.first * 10)
                                  : reinterpret_cast<std::byte*>(stored.data() + batch.first * 10);
      std::copy(batch.values.begin(), batch.values.end(), to);
      return {};
    };
    auto const done = run(small, running);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->outputs.at(0).dtype, dequantize ? DType::float32 : DType::int8);
    EXPECT_EQ(done->outputs.at(0).run_shape, std::vector<int32_t>{10});
  }
  TensorInfo const info = summarize(*small)->outputs.at(0);
  for (size_t i = 0; i < real.size(); ++i)
    ASSERT_EQ(real[i], static_cast<float>(stored[i] - static_cast<int>(info.zero_points.at(0))) * info.scales.at(0));
}

}  // namespace
}  // namespace narrow
