// Integer layers against their definition: random shapes, scales and widths, and the largest sums there may be; the
// portable kernels and the host's on every instruction set.
#include "ops/layer_definition.h"

#include "instruction_sets.h"

namespace narrow {
namespace {

constexpr const char* kProfiles[] = {"narrow", "tflm", "litert", "xnnpack"};

int64_t smallest(DType dtype) {
  return dtype == DType::int4 ? -8 : -(int64_t{1} << (8 * element_bytes(dtype) - 1));
}

/// The farthest that data can be from its zero point.
int64_t farthest(const LayerCase& c) {
  int64_t const least = smallest(c.data_type), most = -least - 1;
  return std::max(std::abs(least - c.data_zero), std::abs(most - c.data_zero));
}

size_t channel_of(const LayerCase& c, size_t weight) {
  size_t const inner = c.kind == LayerKind::depthwise ? 1 : c.w.size() / static_cast<size_t>(c.channels());
  return weight / inner % static_cast<size_t>(c.channels());
}

/// Makes weights and biases small enough that no sum can leave what it is kept in: weights take at most three quarters.
void fit_sums(LayerCase& c, bool wide) {
  int64_t const limit = wide ? int64_t{1} << 47 : int64_t{1} << 31;
  std::vector<int64_t> reach(static_cast<size_t>(c.channels()));
  for (size_t i = 0; i < c.w.size(); ++i) reach[channel_of(c, i)] += std::abs(c.w[i]) * farthest(c);
  for (size_t i = 0; i < c.w.size(); ++i) {
    int64_t const over = reach[channel_of(c, i)] / (limit / 4 * 3) + 1;
    if (over > 1) c.w[i] /= over;
  }
  for (size_t o = 0; o < c.bias.size(); ++o) {
    int64_t const room = (limit / 4 - 1) >> (c.bias_shift.empty() ? 0 : c.bias_shift[o]);
    c.bias[o] = std::clamp(c.bias[o], -room, room);
  }
}

/// Gives the result a scale under which sums use much of its range, all of it, or more.
void scale_result(LayerCase& c, Random& random) {
  auto const sums = LayerSums(c).sums;
  double most = 0;
  for (size_t i = 0; i < sums.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(std::abs(sums[i]) + 64)) *
                              static_cast<double>(c.weight_scale(static_cast<int>(i) % c.channels())));
  double const range = std::ldexp(1.0, c.activation_bits() - 1);
  c.result_scale = static_cast<float>(most * static_cast<double>(c.data_scale) / range * random.scale(-3, 2));
  if (c.says && random.chance(0.3)) c.result_scale = std::exp2(std::round(std::log2(c.result_scale)));
  if (c.data_type == DType::int8) c.result_zero = random.between(-128, 127);
}

class Drawn {
 public:
  Drawn(LayerKind kind, DType data_type, DType weight_type, Random& random) : random_(random) {
    c.kind = kind;
    c.data_type = data_type;
    c.weight_type = weight_type;
    shapes();
    c.activation =
        pick({Activation::none, Activation::none, Activation::relu, Activation::relu6, Activation::relu_n1_to_1});
    arithmetic();
    scales();
    values();
    scale_result(c, random);
  }

  LayerCase c;

 private:
  int whole(int lo, int hi) { return static_cast<int>(random_.between(lo, hi)); }
  template <class T>
  T pick(std::initializer_list<T> list) {
    return list.begin()[random_.between(0, static_cast<int64_t>(list.size()) - 1)];
  }
  Pair pair(int lo, int hi) { return {whole(lo, hi), whole(lo, hi)}; }

  void shapes() {
    c.samples = whole(1, 2);
    if (c.kind == LayerKind::dense) {
      c.data = {whole(1, 9), whole(1, random_.chance(0.1) ? 700 : 70)};
      c.weights = {whole(1, 40), c.data[1]};
      return;
    }
    int const batches = whole(1, 3), channels = whole(1, 9);
    Pair const size = pair(5, 9), filter = pair(1, 4);
    c.stride = pair(1, 3);
    c.padding = pick({Padding::same, Padding::valid});
    if (c.kind != LayerKind::transpose) c.dilation = {whole(1, filter.h > 2 ? 1 : 3), whole(1, filter.w > 2 ? 1 : 3)};
    c.data = {batches, size.h, size.w, channels};
    if (c.kind == LayerKind::conv) {
      int const groups = whole(1, 3);
      c.data[3] = channels * groups;
      c.weights = {groups * whole(1, 14), filter.h, filter.w, channels};
    } else if (c.kind == LayerKind::depthwise) {
      c.data[3] = whole(1, 20);
      c.weights = {1, filter.h, filter.w, c.data[3] * whole(1, 3)};
    } else {
      c.weights = {whole(1, 20), filter.h, filter.w, channels};
      c.result = {size_of_result(size.h, filter.h, c.stride.h), size_of_result(size.w, filter.w, c.stride.w)};
    }
  }

  /// Of a TRANSPOSE_CONV: any length that a convolution brings back to `in`.
  int size_of_result(int in, int filter, int stride) {
    int const least = c.padding == Padding::same ? (in - 1) * stride + 1 : (in - 1) * stride + filter;
    return least + whole(0, stride - 1);
  }

  void arithmetic() {
    bool const wide_data = c.data_type == DType::int16;
    if (random_.chance(0.5)) {
      bool const wide = wide_data && random_.chance(0.6);
      c.says = Arithmetic{static_cast<RoundingRule>(whole(wide ? 1 : 0, 4)), wide ? 64 : 32};
      c.bias_type = pick<std::optional<DType>>({std::nullopt, DType::int8, DType::int16, DType::int32, DType::int64});
      if (!wide && c.bias_type == DType::int64) c.bias_type = DType::int32;
    } else {
      c.bias_type = pick<std::optional<DType>>({std::nullopt, DType::int32, DType::int32, DType::int64});
      if (!wide_data && c.bias_type == DType::int64) c.bias_type = DType::int32;
    }
    if (!c.bias_type && wide_data && c.kind != LayerKind::depthwise)
      c.stated_bias_type = pick({DType::float32, DType::int32, DType::int64});
  }

  void scales() {
    bool const powers = c.says && random_.chance(0.5);  // Qm.n
    auto scale = [&](double lo, double hi) {
      float const s = random_.scale(lo, hi);
      return powers ? std::exp2(std::round(std::log2(s))) : s;
    };
    c.data_scale = scale(-9, -3);
    c.weight_scales.resize(random_.chance(0.6) ? static_cast<size_t>(c.channels()) : 1);
    for (float& s : c.weight_scales) s = scale(-14, -8);
    if (c.data_type == DType::int8 && !powers) c.data_zero = random_.between(-128, 127);
  }

  std::vector<int64_t> any(DType dtype, int64_t n) {
    if (dtype == DType::int8) return widen(random_.values<int8_t>(n));
    if (dtype == DType::int4) {
      std::vector<int64_t> out = widen(random_.values<int8_t>(n));
      for (int64_t& v : out) v = v % 8;
      return out;
    }
    if (dtype == DType::int16) return widen(random_.values<int16_t>(n));
    if (dtype == DType::int32) return widen(random_.values<int32_t>(n));
    return random_.values<int64_t>(n);
  }
  template <class T>
  static std::vector<int64_t> widen(const std::vector<T>& v) {
    return {v.begin(), v.end()};
  }
  static int64_t product(const std::vector<int>& dims) {
    int64_t n = 1;
    for (int d : dims) n *= d;
    return n;
  }

  void values() {
    c.x = any(c.data_type, product(c.data) * c.samples);
    c.w = any(c.weight_type, product(c.weights));
    for (int64_t& v : c.w) v = std::max(v, smallest(c.weight_type) + 1);
    if (c.bias_type) c.bias = any(*c.bias_type, c.channels());
    if (c.bias_type && c.says)
      for (int o = 0; o < c.channels(); ++o) c.bias_shift.push_back(whole(0, element_bytes(*c.bias_type) > 2 ? 3 : 9));
    bool const wide = c.says ? c.says->accumulator_bits == 64 : wide_sums(c, Rule::wide) && keeps_wide();
    fit_sums(c, wide);
  }

  /// Whether every profile keeps this layer's sums in 64 bits.
  bool keeps_wide() const {
    return c.bias_type == DType::int64 || (!c.bias_type && c.stated_bias_type != DType::int32) ||
           c.weight_type == DType::int16;
  }

  Random& random_;
};

std::string text(const LayerCase& c) {
  std::string s =
      "kind " + std::to_string(static_cast<int>(c.kind)) + " data " + shape_of(c.data).text() + to_string(c.data_type) +
      " weights " + shape_of(c.weights).text() + to_string(c.weight_type) + " stride " + std::to_string(c.stride.h) +
      "x" + std::to_string(c.stride.w) + " dilation " + std::to_string(c.dilation.h) + "x" +
      std::to_string(c.dilation.w) + (c.padding == Padding::same ? " SAME" : " VALID") + " activation " +
      std::to_string(static_cast<int>(c.activation)) + " bias " + (c.bias_type ? to_string(*c.bias_type) : "none");
  if (c.says) s += std::string(" ") + to_string(c.says->rounding) + std::to_string(c.says->accumulator_bits);
  return s;
}

/// Runs a case under a profile by every kernel there is. False where the runtime has none, which lowering then says, or
/// does not read what the model says of its arithmetic.
bool equals_definition(const LayerCase& c, const char* profile_name) {
  if (c.says && profile_name != kProfiles[0]) return false;
  // 4-bit weights, as C has them; other profiles compute them held in int8: tests/oracle/four_bits_test.py.
  if (c.weight_type == DType::int4 && profile_name != kProfiles[0] && profile_name != kProfiles[1]) return false;
  SCOPED_TRACE(std::string(profile_name) + ": " + text(c));
  LayerModel const model(c);
  std::optional<Rule> const rule = rule_of(c, profile_name);
  EXPECT_EQ(model.op().refusal(profile_name).empty(), rule.has_value()) << model.op().refusal(profile_name);
  if (!rule || testing::Test::HasFailure()) return false;
  std::vector<int64_t> const want = layer_results(c, *rule);
  EXPECT_EQ(model.run(profile_name, true), want) << "portable";
  on_every_instruction_set([&] { EXPECT_EQ(model.run(profile_name, false), want); });
  return true;
}

void random_layers_equal_it(DType data_type, DType weight_type) {
  Random random;
  SCOPED_TRACE(random.text());
  int compared = 0;
  for (int i = 0; i < 360; ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    LayerCase const c = Drawn(static_cast<LayerKind>(i % 4), data_type, weight_type, random).c;
    for (const char* p : kProfiles) {
      compared += equals_definition(c, p);
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(compared, weight_type == DType::int8 ? 600 : 120);
}

TEST(LayerDefinition, Int8) {
  random_layers_equal_it(DType::int8, DType::int8);
}
TEST(LayerDefinition, Int16x8) {
  random_layers_equal_it(DType::int16, DType::int8);
}
TEST(LayerDefinition, Int16) {
  random_layers_equal_it(DType::int16, DType::int16);
}
TEST(LayerDefinition, Int8x4) {
  random_layers_equal_it(DType::int8, DType::int4);
}
TEST(LayerDefinition, Int16x4) {
  random_layers_equal_it(DType::int16, DType::int4);
}
TEST(LayerDefinition, Int8WithWideWeights) {
  random_layers_equal_it(DType::int8, DType::int16);
}

/// A dense layer of `in` inputs, all of them and their weights at one end of their types.
LayerCase extreme(DType data_type, DType weight_type, int in, bool low_data, bool low_weights) {
  LayerCase c;
  c.kind = LayerKind::dense;
  c.data_type = data_type;
  c.weight_type = weight_type;
  c.data = {1, in};
  c.weights = {3, in};
  int64_t const x = smallest(data_type), w = -smallest(weight_type) - 1;
  if (data_type == DType::int8) c.data_zero = low_data ? 127 : -128;
  c.x.assign(static_cast<size_t>(in), low_data ? x : -x - 1);
  c.w.assign(static_cast<size_t>(in) * 3, low_weights ? -w : w);
  c.data_scale = 0x1p-8f;
  c.weight_scales = {0x1p-10f, 0x1p-11f, 0x1.8p-11f};
  double const most = static_cast<double>(farthest(c)) * static_cast<double>(w) * in * 0x1p-18;
  c.result_scale = static_cast<float>(most / -static_cast<double>(x)) * 1.01f;
  return c;
}

void both_ends_equal_it(DType data_type, DType weight_type, int in, std::optional<DType> bias_type,
                        std::optional<Arithmetic> says) {
  for (bool low_data : {false, true})
    for (bool low_weights : {false, true}) {
      LayerCase c = extreme(data_type, weight_type, in, low_data, low_weights);
      c.bias_type = bias_type;
      if (bias_type) c.bias = {-1, 0, 1};
      c.says = says;
      for (const char* p : kProfiles) equals_definition(c, p);
    }
}

TEST(LayerDefinition, LongSumsAtTheEndsOfTheirTypes) {
  for (int in : {515, 516, 517, 1031, 1032, 1033, 2064, 3000}) {
    SCOPED_TRACE(in);
    both_ends_equal_it(DType::int8, DType::int8, in, DType::int32, {});
    both_ends_equal_it(DType::int16, DType::int8, in, DType::int64, {});
    both_ends_equal_it(DType::int8, DType::int4, in, DType::int32, {});
    both_ends_equal_it(DType::int16, DType::int4, in, DType::int64, {});
    both_ends_equal_it(DType::int16, DType::int16, in, DType::int64, {});
    both_ends_equal_it(DType::int16, DType::int8, in, DType::int16, Arithmetic{RoundingRule::half_even, 64});
    both_ends_equal_it(DType::int16, DType::int16, in, {}, Arithmetic{RoundingRule::truncate, 64});
  }
}

/// A convolution whose every window, but for padding, is at one end of its types.
LayerCase extreme_window(LayerKind kind, Pair filter, int channels, bool low_data, DType weight_type) {
  LayerCase c = extreme(DType::int16, weight_type, 1, low_data, !low_data);
  c.kind = kind;
  c.padding = Padding::same;
  c.data = {1, filter.h + 1, filter.w + 2, channels};
  c.weights = {kind == LayerKind::depthwise ? 1 : 3, filter.h, filter.w, channels};
  c.result = {c.data[1], c.data[2]};
  c.x.assign(static_cast<size_t>(c.data[1] * c.data[2] * channels), c.x[0]);
  c.w.assign(static_cast<size_t>(c.weights[0] * filter.h * filter.w * channels), c.w[0]);
  c.weight_scales = {0x1p-10f};
  c.bias_type = DType::int64;
  c.bias.assign(static_cast<size_t>(c.channels()), -1);
  int const taps = filter.h * filter.w * (kind == LayerKind::depthwise ? 1 : channels);
  c.result_scale = static_cast<float>(taps) * (weight_type == DType::int8 ? 0x1p-11f : 0x1p-3f);
  if (weight_type == DType::int16) c.says = Arithmetic{RoundingRule::half_up, 64};
  return c;
}

TEST(LayerDefinition, LargeWindowsAtTheEndsOfTheirTypes) {
  for (DType weight_type : {DType::int8, DType::int16})
    for (bool low : {false, true}) {
      for (LayerKind kind : {LayerKind::conv, LayerKind::transpose})
        for (auto const& [filter, channels] : {std::pair{Pair{1, 1}, 600}, {Pair{3, 3}, 58}, {Pair{3, 3}, 120}})
          for (const char* p : kProfiles)
            equals_definition(extreme_window(kind, filter, channels, low, weight_type), p);
      for (const char* p : kProfiles)
        equals_definition(extreme_window(LayerKind::depthwise, {22, 24}, 5, low, weight_type), p);
    }
}

TEST(LayerDefinition, SumsReachTheirLimitsAndNoFarther) {
  struct Longest {
    DType data_type, weight_type;
    int inputs;  // 2^31 - 1 or 2^47 - 1 over the largest product
    std::optional<DType> bias_type;
    std::optional<Arithmetic> says;
  };
  Arithmetic const narrow_sums{RoundingRule::half_up, 32}, wide{RoundingRule::half_up, 64};
  for (const Longest& l : {Longest{DType::int8, DType::int8, 66311, DType::int32, {}},
                           Longest{DType::int16, DType::int8, 516, DType::int32, {}},
                           Longest{DType::int16, DType::int8, 516, {}, narrow_sums},
                           Longest{DType::int8, DType::int16, 257, {}, narrow_sums},
                           Longest{DType::int16, DType::int16, 2, {}, narrow_sums},
                           Longest{DType::int16, DType::int16, 131076, {}, wide}}) {
    SCOPED_TRACE(l.inputs);
    both_ends_equal_it(l.data_type, l.weight_type, l.inputs, l.bias_type, l.says);
    LayerCase over = extreme(l.data_type, l.weight_type, l.inputs + 1, true, false);
    over.bias_type = l.bias_type;
    if (l.bias_type) over.bias = {0, 0, 0};
    over.says = l.says;
    EXPECT_NE(LayerModel(over).op().refusal("narrow").find("the accumulator of channel 0"), std::string::npos);
  }
}

TEST(LayerDefinition, TinyFactorsStillCutSumsBelowZero) {
  struct Tiny {
    DType weight_type;
    int inputs, accumulator_bits;
    double factor;  // of the first channel; the least is half of it
  };
  for (const Tiny& tiny : {Tiny{DType::int8, 500, 32, 0.7 * 0x1p-36}, Tiny{DType::int16, 100000, 64, 0.7 * 0x1p-45}})
    for (RoundingRule rule : {RoundingRule::truncate, RoundingRule::half_even})
      for (bool low : {false, true}) {
        LayerCase c = extreme(DType::int16, tiny.weight_type, tiny.inputs, true, low);
        c.says = Arithmetic{rule, tiny.accumulator_bits};
        c.result_scale = static_cast<float>(0x1p-18 / tiny.factor);
        EXPECT_TRUE(equals_definition(c, "narrow")) << tiny.inputs;
      }
}

TEST(LayerDefinition, BiasesFillWhatWeightsLeave) {
  LayerCase c = extreme(DType::int16, DType::int8, 2, true, true);
  c.bias_type = DType::int32;
  int64_t const sum = int64_t{2} * 32768 * 127, most = (int64_t{1} << 31) - 1 - sum;
  c.bias = {most, -most, 0};
  c.result_scale = 0x1p-3f;
  for (const char* p : kProfiles) equals_definition(c, p);
  c.bias[1] -= 1;
  EXPECT_NE(LayerModel(c).op().refusal("narrow").find("the accumulator of channel 1"), std::string::npos);
}

}  // namespace
}  // namespace narrow
