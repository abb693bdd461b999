// Range search over small models whose best ranges are known.
#include "search/range_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "calibrate/calibrate.h"
#include "data_files.h"
#include "narrow/quantize.h"
#include "ops/activations/activations.h"
#include "ops/build/graph_builder.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "quantize/ranges/range_method.h"
#include "search/fake_quant_runner.h"
#include "search/subsample.h"

namespace narrow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int32_t kWidth = 8;

/// A GraphBuilder whose activations have shape [1, kWidth].
class Draft : public GraphBuilder {
 public:
  int tensor(const std::string& name, const Shape& shape = Shape::of({1, kWidth})) {
    return GraphBuilder::tensor({.shape = shape, .name = name});
  }
  int input(const std::string& name) { return GraphBuilder::input({.shape = Shape::of({1, kWidth}), .name = name}); }
  int op(const OpDef& def, std::vector<int> inputs, int out, Attributes attributes = {}) {
    GraphBuilder::op(def, std::move(attributes), std::move(inputs), {out});
    return out;
  }
  /// A dense layer; weight [i, j] is f(i, j).
  template <class F>
  int dense(int from, const std::string& name, int32_t width, F f) {
    auto const n = static_cast<int32_t>(shape(from).elements());
    std::vector<float> values;
    for (int32_t i = 0; i < width; ++i)
      for (int32_t j = 0; j < n; ++j) values.push_back(f(i, j));
    int const w = constant({.shape = Shape::of({width, n}), .name = name + "/w"}, values);
    return op(kFullyConnected, {from, w, kNoTensor}, tensor(name, Shape::of({1, width})), FullyConnectedAttributes{});
  }
  std::shared_ptr<const Model> model(std::vector<int> outputs) {
    this->outputs(std::move(outputs));
    return std::make_shared<const Model>(GraphBuilder::model());
  }
};

/// Samples of one input, by number.
class Given : public Samples {
 public:
  Given(int64_t size, std::function<float(int64_t sample, int32_t place)> value)
      : size_(size), value_(std::move(value)) {}
  int64_t size() const override { return size_; }
  uint64_t fingerprint() const override { return 7; }
  Status read(int64_t first, int count, size_t, std::byte* out) const override {
    auto* values = reinterpret_cast<float*>(out);
    for (int64_t k = first; k < first + count; ++k)
      for (int32_t i = 0; i < kWidth; ++i) *values++ = value_(k, i);
    return {};
  }
  std::vector<float> all() const {
    std::vector<float> out(static_cast<size_t>(size_ * kWidth));
    EXPECT_TRUE(read(0, static_cast<int>(size_), 0, reinterpret_cast<std::byte*>(out.data())));
    return out;
  }

 private:
  int64_t size_;
  std::function<float(int64_t, int32_t)> value_;
};

/// In [-1, 1), the same for the same place of the same sample.
float noise(int64_t sample, int32_t place) {
  std::minstd_rand random(static_cast<unsigned>(1 + sample * 977 + place * 31));
  random.discard(3);
  return std::uniform_real_distribution<float>(-1, 1)(random);
}

/// x -> RELU h -> TANH t: what h holds beyond 4 or so makes no difference.
std::shared_ptr<const Model> saturating() {
  Draft d;
  int const h = d.op(kRelu, {d.input("x")}, d.tensor("h"));
  return d.model({d.op(kTanh, {h}, d.tensor("t"))});
}

/// Small values, and one of 1000 in one sample.
Given with_outlier(int64_t size = 64) {
  return {size, [](int64_t k, int32_t i) { return k == 5 && i == 3 ? 1000.0F : noise(k, i); }};
}

std::vector<RangeGroup> groups_of(const std::shared_ptr<const Model>& model, const Samples& data,
                                  const char* scheme = "int8") {
  auto const statistics = calibrate(model, data, {.threads = 1});
  EXPECT_TRUE(statistics) << statistics.error().what;
  QuantizeOptions options;
  options.scheme = find_scheme(scheme);
  options.recipe = recipe_of(*options.scheme);
  auto range_of = [&](TensorRef t, const std::string&, int) -> Result<Range> {
    const TensorStatistics* const s = statistics->find(t);
    return Range{std::min(s->min, 0.0F), std::max(s->max, 0.0F)};
  };
  auto groups = range_groups(*model, range_of, options);
  EXPECT_TRUE(groups) << groups.error().what;
  return *groups;
}

RangeSearchOptions how(const Samples& data) {
  RangeSearchOptions options;
  options.searched = [](const RangeGroup&) { return true; };
  options.samples = data.size();
  return options;
}

RangeSearch search(const std::shared_ptr<const Model>& model, const Samples& data, const RangeSearchOptions& options) {
  auto found = search_ranges(model, data, groups_of(model, data), options);
  EXPECT_TRUE(found) << found.error().what;
  return found ? *found : RangeSearch();
}

const SearchedGroup& named(const Model& model, const RangeSearch& found, const std::string& name) {
  for (const SearchedGroup& g : found.groups)
    for (int t : g.group.tensors)
      if (model.main().tensor(t).name == name) return g;
  ADD_FAILURE() << name << " was not searched";
  return found.groups.front();
}

TEST(RangeSearch, clips_an_outlier_that_outputs_do_not_need) {
  auto const model = saturating();
  Given const data = with_outlier();
  RangeSearch const found = search(model, data, how(data));
  for (const char* name : {"x", "h"}) {
    const SearchedGroup& g = named(*model, found, name);
    EXPECT_EQ(g.trials[0].limit, 1024) << name;
    EXPECT_LE(g.choice().limit, 8) << name;
    EXPECT_GE(g.choice().limit, 2) << name;
    EXPECT_LT(g.choice().score.noise, g.trials[0].score.noise / 100) << name;
  }
}

TEST(RangeSearch, clips_an_outlier_that_labels_do_not_need) {
  // Which of two sums is larger; the outlier's sample is labelled by what remains of it.
  Draft d;
  int const h = d.op(kTanh, {d.op(kRelu, {d.input("x")}, d.tensor("h"))}, d.tensor("t"));
  auto const model =
      d.model({d.dense(h, "y", 2, [](int32_t i, int32_t j) { return (j < kWidth / 2) == (i == 0) ? 1.0F : -1.0F; })});
  Given const data = with_outlier();
  RangeSearchOptions options = how(data);
  for (int64_t k = 0; k < data.size(); ++k) {
    double sum = 0;
    for (int32_t i = 0; i < kWidth; ++i) {
      double const v = std::tanh(std::max(0.0, k == 5 && i == 3 ? 1000.0 : static_cast<double>(noise(k, i))));
      sum += i < kWidth / 2 ? v : -v;
    }
    options.labels.push_back(sum > 0 ? 0 : 1);
  }
  RangeSearch const found = search(model, data, options);
  EXPECT_EQ(found.plain.right, data.size());
  const SearchedGroup& g = named(*model, found, "h");
  EXPECT_LT(g.trials[0].score.right, data.size() * 3 / 4);
  EXPECT_GE(g.choice().score.right, data.size() - 1);
  EXPECT_LE(g.choice().limit, 8);
}

TEST(RangeSearch, keeps_all_values_where_outputs_need_them) {
  Draft d;
  int const x = d.input("x");
  auto const model =
      d.model({d.dense(x, "y", 3, [](int32_t i, int32_t j) { return static_cast<float>(i - 1 + j % 2); })});
  Given const data(50, noise);
  RangeSearch const found = search(model, data, how(data));
  for (const SearchedGroup& g : found.groups) EXPECT_FALSE(g.clips());
  EXPECT_THAT(named(*model, found, "x").trials[0].limit, 1);
}

TEST(RangeSearch, chooses_the_best_of_what_it_shows) {
  auto const model = saturating();
  Given const data = with_outlier();
  for (const SearchedGroup& g : search(model, data, how(data)).groups) {
    for (size_t i = 0; i < g.trials.size(); ++i) {
      EXPECT_GE(g.trials[i].score.noise, g.choice().score.noise);
      EXPECT_EQ(g.trials[i].limit, std::ldexp(g.trials[0].limit, -static_cast<int>(i)));
    }
    EXPECT_GE(g.trials.size(), 3U);
  }
}

TEST(RangeSearch, does_not_depend_on_threads_or_on_what_is_kept) {
  auto const model = saturating();
  Given const data = with_outlier(300);
  RangeSearchOptions options = how(data);
  RangeSearch const one = search(model, data, options);
  for (int threads : {2, 3, 8})
    for (int64_t kept : {int64_t{0}, int64_t{6000}, int64_t{1} << 20}) {
      options.threads = threads;
      options.kept_bytes = kept;
      RangeSearch const other = search(model, data, options);
      ASSERT_EQ(one.groups.size(), other.groups.size());
      for (size_t g = 0; g < one.groups.size(); ++g) {
        EXPECT_EQ(one.groups[g].chosen, other.groups[g].chosen);
        ASSERT_EQ(one.groups[g].trials.size(), other.groups[g].trials.size());
        for (size_t i = 0; i < one.groups[g].trials.size(); ++i)
          EXPECT_EQ(one.groups[g].trials[i].score.noise, other.groups[g].trials[i].score.noise);
      }
    }
}

TEST(RangeSearch, tensors_that_share_params_are_one_row) {
  Draft d;
  int const x = d.input("x"), a = d.op(kRelu, {x}, d.tensor("a"));
  int const b = d.dense(a, "b", kWidth, [](int32_t i, int32_t j) { return i == j ? 2.0F : 0.0F; });
  int const c =
      d.op(kConcatenation, {a, b}, d.tensor("c", Shape::of({1, 2 * kWidth})), ConcatenationAttributes{.axis = 1});
  auto const model = d.model({d.op(kTanh, {c}, d.tensor("t", Shape::of({1, 2 * kWidth})))});
  Given const data = with_outlier();
  RangeSearch const found = search(model, data, how(data));
  ASSERT_EQ(found.groups.size(), 2U);  // the result of TANH has a params of its own
  EXPECT_THAT(found.groups[1].group.tensors, ElementsAre(a, b, c));
  EXPECT_EQ(found.groups[1].trials[0].limit, 2048);
  EXPECT_LE(found.groups[1].choice().limit, 16);
}

TEST(RangeSearch, powers_of_two_reach_as_far_as_they_are_named) {
  auto const model = saturating();
  Given const data = with_outlier();
  auto groups = groups_of(model, data);
  for (RangeGroup& g : groups) g.rule.power_of_two = true;
  auto const found = search_ranges(model, data, groups, how(data));
  ASSERT_TRUE(found);
  for (const SearchedGroup& g : found->groups)
    for (const Trial& t : g.trials) {
      EXPECT_EQ(static_cast<double>(t.params.scale), t.limit / 128);
      EXPECT_EQ(t.params.zero_point, 0);
    }
}

TEST(RangeSearch, many_samples_are_taken_at_even_distances) {
  auto const model = saturating();
  Given const data = with_outlier(3 * kMostSearchSamples);
  RangeSearch const found = search(model, data, how(data));
  EXPECT_EQ(found.samples, kMostSearchSamples);
  Subsample const some(data, model->main(), 3, 10);
  std::vector<float> values(3 * kWidth);
  ASSERT_TRUE(some.read(0, 3, 0, reinterpret_cast<std::byte*>(values.data())));
  EXPECT_THAT((std::vector{some.source(0), some.source(1), some.source(2)}), ElementsAre(0, 3, 6));
  EXPECT_EQ(values[kWidth], noise(3, 0));
  EXPECT_EQ(values[2 * kWidth + 1], noise(6, 1));
}

TEST(RangeSearch, labels_are_those_of_the_samples_that_are_run) {
  Draft d;
  auto const model = d.model({d.op(kRelu, {d.input("x")}, d.tensor("y"))});
  // The largest value of sample k is at place k mod kWidth.
  Given const data(2 * kMostSearchSamples + 5, [](int64_t k, int32_t i) { return k % kWidth == i ? 1 : 0.5F; });
  RangeSearchOptions options = how(data);
  for (int64_t k = 0; k < data.size(); ++k) options.labels.push_back(k % kWidth);
  RangeSearch const found = search(model, data, options);
  EXPECT_EQ(found.samples, kMostSearchSamples);
  EXPECT_EQ(found.plain.right, kMostSearchSamples);
  EXPECT_EQ(found.plain.agreed, kMostSearchSamples);
  EXPECT_EQ(found.plain.noise, 0);
  for (const SearchedGroup& g : found.groups) EXPECT_EQ(g.trials.front().score.right, kMostSearchSamples);
}

/// What a value becomes on its way through 8 bits.
double through(double value, const QuantParams& p) {
  return (quantize_value(static_cast<float>(value), p) - p.zero_point) * static_cast<double>(p.scale);
}

TEST(RangeSearch, groups_are_searched_on_what_was_chosen_for_those_before) {
  // x -> TANH a -> RELU h -> TANH t: the results of TANH have fixed parameters, x and h are searched.
  Draft d;
  int const a = d.op(kTanh, {d.input("x")}, d.tensor("a"));
  int const h = d.op(kRelu, {a}, d.tensor("h"));
  auto const model = d.model({d.op(kTanh, {h}, d.tensor("t"))});
  Given const data = with_outlier(40);
  for (int64_t kept : {int64_t{0}, int64_t{1} << 30}) {
    RangeSearchOptions options = how(data);
    options.kept_bytes = kept;
    RangeSearch const found = search(model, data, options);
    ASSERT_EQ(found.groups.size(), 2U);
    EXPECT_LT(found.groups[0].choice().limit, 512);  // x, whose outlier TANH cuts off
    QuantParams const unit{DType::int8, 0x1p-7F, 0};
    for (size_t g = 0; g < 2; ++g)
      for (const Trial& trial : found.groups[g].trials) {
        double noise = 0;
        for (float x : data.all()) {
          double const own = through(static_cast<double>(x), g == 0 ? trial.params : found.groups[0].choice().params);
          double v = std::max(through(std::tanh(own), unit), 0.0);
          if (g == 1) v = through(v, trial.params);
          double const want = std::tanh(std::max(std::tanh(static_cast<double>(x)), 0.0));
          double const off = through(std::tanh(v), unit) - want;
          noise += off * off;
        }
        EXPECT_NEAR(trial.score.noise, noise, 0.02 * noise + 1e-6) << "group " << g << ", limit " << trial.limit;
      }
  }
}

TEST(RangeSearch, refuses_what_it_cannot_run) {
  Given const data = with_outlier();
  auto const model = saturating();
  RangeSearchOptions options = how(data);
  options.labels = {0, 1};
  auto refused = search_ranges(model, data, groups_of(model, data), options);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("2 labels for 64 samples"));

  Model keeping = *model;
  keeping.main().tensor(1).variable = true;
  refused = search_ranges(std::make_shared<const Model>(keeping), data, groups_of(model, data), how(data));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
}

TEST(Limit, params_reach_it) {
  Range const own{-0.5F, 40};
  auto params = [&](const ParamsRule& rule, double value) { return rule.params(Limit{value, rule}.range(own)); };
  EXPECT_EQ(params({.bits = 8, .power_of_two = true}, 32), (QuantParams{DType::int8, 0.25F, 0}));
  EXPECT_EQ(params({.bits = 8, .power_of_two = true}, 33), (QuantParams{DType::int8, 0.5F, 0}));
  EXPECT_EQ(params({.bits = 16, .power_of_two = true}, 1024), (QuantParams{DType::int16, 0x1p-5F, 0}));
  EXPECT_EQ(params({.bits = 16}, 64), (QuantParams{DType::int16, 64.0F / 32767, 0}));
  EXPECT_EQ(params({.bits = 16, .headroom = 2}, 64), (QuantParams{DType::int16, 64.0F / 32767, 0}));
  for (float reach : {6.0F, 64.0F, 100.0F})  // headroom up to there
    EXPECT_EQ(params({.bits = 16, .headroom = 2, .bound = reach}, 64), (QuantParams{DType::int16, 64.0F / 32767, 0}));
  EXPECT_EQ(Limit({32, {.bits = 8}}).range(own), (Range{-0.5F, 32}));
  EXPECT_EQ(Limit({0.25, {.bits = 8}}).range(own), (Range{-0.25F, 0.25F}));
}

TEST(Limit, the_widest_is_that_of_all_values) {
  auto limit = [](Range widest, const ParamsRule& rule) {
    RangeGroup g;
    g.widest = widest;
    g.rule = rule;
    return widest_limit(g);
  };
  EXPECT_EQ(limit({0, 31.9F}, {.bits = 8, .power_of_two = true}), 64);  // more than half a step beyond 31.75
  EXPECT_EQ(limit({-32, 31.8F}, {.bits = 8, .power_of_two = true}), 32);
  EXPECT_EQ(limit({0, 31.9F}, {.bits = 8}), 32);
  EXPECT_EQ(limit({-32, 3}, {.bits = 16}), 32);
  EXPECT_EQ(limit({-30, 3}, {.bits = 16, .headroom = 2}), 64);
  EXPECT_EQ(limit({0, 0}, {.bits = 8}), 0);
}

TEST(FakeQuantize, rounds_to_what_integers_stand_for) {
  std::vector<float> v = {0.24F, 0.26F, -0.3F, 100, -100, 31.9F};
  fake_quantize(v, {DType::int8, 0.25F, 0});
  EXPECT_THAT(v, ElementsAre(0.25F, 0.25F, -0.25F, 31.75F, -32, 31.75F));
  v = {-1, 0.26F, 7, 70, 0};
  fake_quantize(v, {DType::int8, 0.25F, -128});
  EXPECT_THAT(v, ElementsAre(0, 0.25F, 7, 63.75F, 0));
}

TEST(Liveness, after_each_op) {
  Draft d;
  int const x = d.input("x"), a = d.op(kRelu, {x}, d.tensor("a")), b = d.op(kTanh, {a}, d.tensor("b"));
  int const c = d.op(kConcatenation, {a, b}, d.tensor("c", Shape::of({2, kWidth})), ConcatenationAttributes{.axis = 0});
  Graph const graph = d.model({c, x})->main();
  Liveness const liveness(graph);
  EXPECT_THAT(liveness.after(0), ElementsAre(x));
  EXPECT_THAT(liveness.after(1), ElementsAre(x, a));
  EXPECT_THAT(liveness.after(2), ElementsAre(x, a, b));
  EXPECT_THAT(liveness.after(3), ElementsAre(x, c));
  EXPECT_EQ(liveness.bytes_after(3), 4 * 3 * kWidth);
}

TEST(RangeSearch, whole_models_are_never_worse_than_with_the_widest_ranges) {
  ScratchFolder const folder("range-search");
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (int round = 0; round < 12; ++round) {
    Draft d;
    int t = d.input("x");
    for (int layer = 0; layer < 3; ++layer) {
      t = d.dense(t, "d" + std::to_string(layer), kWidth, [&](int32_t, int32_t) { return normal(random); });
      if (layer < 2) t = d.op(round % 2 ? kRelu : kTanh, {t}, d.tensor("r" + std::to_string(layer)));
    }
    auto const model = d.model({t});
    Given const data(100, [&](int64_t k, int32_t i) { return k % 37 == round ? 50 * noise(k, i) : noise(k, i); });
    QuantizeRequest request;
    request.range = RangeSpec{.method = RangeMethod::search};
    request.data.path = folder.write("x.npy", npy("<f4", "(100, 8)", raw(data.all())));
    auto const found = quantize(model, request);
    ASSERT_TRUE(found) << found.error().what;
    ASSERT_TRUE(found->search);
    double const kept = found->search->kept_widest ? found->search->widest.error : found->search->found.error;
    EXPECT_LE(kept, found->search->widest.error);
    for (const SearchedRange& r : found->search->ranges)
      EXPECT_TRUE(!found->search->kept_widest || r.chosen == r.candidates[0].range);
  }
}

TEST(RangeSearch, runs_the_graph_of_a_signature) {
  ScratchFolder const folder("range-search");
  Draft other;
  int const y = other.op(kRelu, {other.input("y")}, other.tensor("z"));
  Model both = *other.model({y});
  both.graphs.push_back(saturating()->main());
  both.signatures = {{"other", 0, {}, {}}, {"searched", 1, {}, {}}};

  QuantizeRequest request;
  request.range = RangeSpec{.method = RangeMethod::search};
  request.data.path = folder.write("x.npy", npy("<f4", "(64, 8)", raw(with_outlier().all())));
  auto const alone = quantize(saturating(), request);
  ASSERT_TRUE(alone) << alone.error().what;
  request.signature = "searched";
  request.allow_float = true;  // the other graph
  auto const found = quantize(std::make_shared<const Model>(both), request);
  ASSERT_TRUE(found) << found.error().what;

  ASSERT_EQ(found->search->ranges.size(), alone->search->ranges.size());
  for (size_t i = 0; i < alone->search->ranges.size(); ++i) {
    const SearchedRange &a = alone->search->ranges[i], &b = found->search->ranges[i];
    EXPECT_EQ(a.tensor, b.tensor);
    EXPECT_EQ(a.chosen, b.chosen);
    ASSERT_EQ(a.candidates.size(), b.candidates.size());
    for (size_t c = 0; c < a.candidates.size(); ++c) EXPECT_EQ(a.candidates[c].error, b.candidates[c].error);
  }
  EXPECT_EQ(found->search->found.error, alone->search->found.error);
  const Graph &expected = alone->model->main(), &graph = found->model->graphs[1];
  ASSERT_EQ(graph.tensors.size(), expected.tensors.size());
  for (size_t t = 0; t < expected.tensors.size(); ++t)
    EXPECT_EQ(graph.tensors[t].quantization.scales, expected.tensors[t].quantization.scales);
  EXPECT_THAT(found->warnings, ElementsAre(HasSubstr("'other'")));
}

}  // namespace
}  // namespace narrow
