// Samples of a model that keeps state are sequences in time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ops/control/state.h"
#include "program/evaluate.h"
#include "program/run_samples.h"
#include "running_sum.h"
#include "search/subsample.h"

namespace narrow {
namespace {

using ::testing::ElementsAre;

std::vector<float> sums(int64_t samples, int64_t sequence, int threads) {
  CountedSamples const data(samples);
  std::vector<float> out(static_cast<size_t>(samples));
  RunVisitor visitor;
  visitor.batch = [&](const Runner& runner, int64_t first, int count) -> Status {
    EXPECT_EQ(count, 1);
    out[static_cast<size_t>(first)] = *reinterpret_cast<const float*>(runner.output(0));
    return {};
  };
  auto const done =
      run_samples(running_sum(), data, {.samples = samples, .threads = threads, .sequence = sequence}, visitor);
  EXPECT_TRUE(done) << done.error().what;
  return out;
}

TEST(Sequences, state_stays_within_a_sequence_and_begins_anew_with_the_next) {
  for (int threads : {1, 2, 5})
    for (int64_t sequence : {0, 1, 7, 20, 100}) {
      auto const got = sums(50, sequence, threads);
      for (int64_t k = 0; k < 50; ++k)
        EXPECT_EQ(got[static_cast<size_t>(k)], sum_at(k, sequence > 0 ? sequence : 50)) << sequence << " at " << k;
    }
}

TEST(Sequences, a_runner_keeps_state_from_run_to_run_and_across_a_batch) {
  auto program = lower(running_sum(), {.profile = all_profiles().front(), .max_batch = 3});
  ASSERT_TRUE(program) << program.error().what;
  Runner runner(std::move(*program));
  CountedSamples const data(100);
  auto last = [&](int64_t first, int count) {
    EXPECT_TRUE(read_inputs(data, first, count, runner));
    EXPECT_TRUE(runner.run(count));
    return reinterpret_cast<const float*>(runner.output(0))[count - 1];
  };
  EXPECT_EQ(last(0, 3), 6.0F);
  EXPECT_EQ(last(3, 2), 15.0F);
  runner.restart();
  EXPECT_EQ(last(5, 1), 6.0F);
}

TEST(Sequences, a_model_keeps_state_where_it_assigns_variables_later_than_once) {
  EXPECT_TRUE(keeps_state(*running_sum(), 0));
  Model only_once = *running_sum();
  std::erase_if(only_once.graphs[0].ops, [](const Op& op) { return op.type == "ASSIGN_VARIABLE"; });
  EXPECT_FALSE(keeps_state(only_once, 0));
  GraphBuilder b(2);
  Shape const one = Shape::of({1});
  int const x = b.input({.shape = one}), y = b.tensor({.shape = one});
  b.op(kCall, {}, {x}, {y}, {1});
  b.outputs({y});
  b.in(1);
  int const inner = b.input({.shape = one}), kept = b.tensor({.shape = one});
  b.outputs({*b.infer_op(kAdd, AddAttributes{}, {inner, kept})});
  EXPECT_FALSE(keeps_state(b.model(), 0));
  b.at(inner).variable = true;
  EXPECT_FALSE(keeps_state(b.model(), 0));
  b.at(kept).variable = true;
  EXPECT_TRUE(keeps_state(b.model(), 0));
}

/// y = x + kept, which is what the sample before gave as its second output.
TEST(Sequences, variable_tensors_hold_what_the_sample_before_left_there) {
  GraphBuilder b;
  Shape const one = Shape::of({1, 1});
  int const x = b.input({.shape = one, .name = "x"}), kept = b.tensor({.shape = one, .name = "kept"});
  int const y = b.tensor({.shape = one, .name = "y"}), zero = b.constant<float>({.shape = one}, {0});
  b.at(kept).variable = true;
  b.op(kAdd, AddAttributes{}, {x, kept}, {y});
  b.op(kAdd, AddAttributes{}, {y, zero}, {kept});
  b.outputs({y, kept});
  auto program = lower(std::make_shared<const Model>(b.model()), {.profile = all_profiles().front(), .max_batch = 4});
  ASSERT_TRUE(program) << program.error().what;
  Runner runner(std::move(*program));
  for (int64_t first : {0, 4}) {
    ASSERT_TRUE(read_inputs(CountedSamples(8), first, 4, runner));
    ASSERT_TRUE(runner.run(4));
    for (int64_t i = 0; i < 4; ++i)
      for (size_t o : {0, 1})
        EXPECT_EQ(reinterpret_cast<const float*>(runner.output(o))[i], sum_at(first + i, 8)) << first + i;
  }
}

TEST(Sequences, models_are_compared_over_the_same_sequences) {
  auto const data = std::make_shared<CountedSamples>(60);
  Candidate const sum{running_sum(), data};
  GraphBuilder b;
  Shape const one = Shape::of({1, 1});
  int const x = b.input({.shape = one, .name = "x"}), zero = b.constant<float>({.shape = one}, {0});
  b.outputs({*b.infer_op(kAdd, AddAttributes{}, {x, zero})});
  Candidate const candidates[] = {sum, {std::make_shared<const Model>(b.model()), data}};
  for (int threads : {1, 3}) {
    EvaluateOptions options;
    options.reference = sum;
    options.samples = 60;
    options.threads = threads;
    options.sequence = 8;
    auto const got = evaluate(candidates, options);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ((*got)[0].error->noise, 0);
    double noise = 0;
    for (int64_t k = 0; k < 60; ++k)
      noise += std::pow(static_cast<double>(sum_at(k, 8)) - static_cast<double>(k + 1), 2);
    EXPECT_EQ((*got)[1].error->noise, noise);
  }
}

TEST(Sequences, a_subsample_has_whole_sequences_or_the_start_of_one) {
  CountedSamples const data(40);
  auto const model = running_sum();
  auto sources = [&](int64_t count, int64_t of, int64_t sequence) {
    Subsample const some(data, model->main(), count, of, sequence);
    std::vector<int64_t> out;
    for (int64_t k = 0; k < some.size(); ++k) {
      out.push_back(some.source(k));
      float value = 0;
      EXPECT_TRUE(some.read(k, 1, 0, reinterpret_cast<std::byte*>(&value)));
      EXPECT_EQ(value, static_cast<float>(out.back() + 1));
    }
    return out;
  };
  EXPECT_THAT(sources(5, 14, 2), ElementsAre(0, 1, 6, 7));
  EXPECT_THAT(sources(3, 40, 10), ElementsAre(0, 1, 2));
  EXPECT_THAT(sources(5, 5, 2), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(sources(3, 10, 0), ElementsAre(0, 3, 6));
}

}  // namespace
}  // namespace narrow
