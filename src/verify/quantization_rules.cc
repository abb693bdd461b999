// Rules of scales and zero points.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "verify/rules.h"

namespace narrow {
namespace {

constexpr const char* kRequantize = "quantize the float model with `quantize()`, which keeps this rule";

bool narrow_integer(DType type) {
  return type == DType::int8 || type == DType::uint8 || type == DType::int16;
}

/// Calls `f(tensor index)` for each operand and result that is there, until it says something.
template <class F>
std::optional<Trouble> first(const Op& op, F f) {
  for (const auto& list : {op.inputs, op.outputs})
    for (int const t : list)
      if (t != kNoTensor)
        if (auto trouble = f(t)) return trouble;
  return std::nullopt;
}

std::string grid_words(const Quantization& q) {
  if (!q.present()) return "no scale";
  if (q.per_axis()) return fmt::format("{} scales", q.scales.size());
  return fmt::format("scale {:.9g}, zero point {}", q.scale(), q.zero_point());
}

/// Whether tensor `t` is read as positions, axes or sizes alone.
bool is_index(const Op& op, int t) {
  for (size_t i = 0; op.def && i < op.inputs.size(); ++i)
    if (op.inputs[i] == t) return op.def->quant.role(i) == Role::index;
  return false;
}

bool same_grid(const Quantization& a, const Quantization& b, double tolerance) {
  if (a.present() != b.present()) return false;
  if (!a.present()) return true;
  if (a.per_axis() || b.per_axis()) return false;
  return a.zero_point() == b.zero_point() &&
         std::abs(double{a.scale()} - double{b.scale()}) <= tolerance * double{b.scale()};
}

std::optional<Trouble> misaligned(const Site& site, double tolerance, const char* why) {
  const Graph& graph = site.graph();
  if (site.op().outputs.empty()) return std::nullopt;
  int const result = site.op().outputs.front();
  const Tensor& y = graph.tensor(result);
  if (!narrow_integer(y.dtype)) return std::nullopt;
  return first(site.op(), [&](int t) -> std::optional<Trouble> {
    const Tensor& x = graph.tensor(t);
    if (t == result || is_index(site.op(), t) || x.dtype != y.dtype ||
        same_grid(x.quantization, y.quantization, tolerance))
      return std::nullopt;
    return Trouble{fmt::format("{} has {}, {} has {}: {}", tensor_label(graph, t), grid_words(x.quantization),
                               tensor_label(graph, result), grid_words(y.quantization), why),
                   "give both the same scale and zero point, or put a QUANTIZE before the op; `quantize()` does"};
  });
}

}  // namespace

std::optional<Trouble> scaled(const Site& site) {
  return first(site.op(), [&](int t) -> std::optional<Trouble> {
    const Tensor& x = site.graph().tensor(t);
    if (!narrow_integer(x.dtype)) return std::nullopt;
    for (float const scale : x.quantization.scales)
      if (!(scale < kMostScale))
        return Trouble{
            fmt::format("{} has scale {:.3g}; a product of such scales overflows float32, and the kernel aborts",
                        tensor_label(site.graph(), t), scale),
            "quantize from values that are no farther from zero than they need be"};
    if (x.quantization.present()) return std::nullopt;
    return Trouble{fmt::format("{} is {} without a scale", tensor_label(site.graph(), t), to_string(x.dtype)),
                   kRequantize};
  });
}

std::optional<Trouble> scaled_alike(const Site& site) {
  bool const plain16 = !first(site.op(), [&](int t) -> std::optional<Trouble> {
    const Tensor& x = site.graph().tensor(t);
    return x.dtype != DType::int16 || x.quantization.present() ? std::optional(Trouble{}) : std::nullopt;
  });
  return plain16 ? std::nullopt : scaled(site);
}

std::optional<Trouble> centred16(const Site& site) {
  return first(site.op(), [&](int t) -> std::optional<Trouble> {
    const Tensor& x = site.graph().tensor(t);
    if (x.dtype != DType::int16 || x.quantization.zero_point() == 0) return std::nullopt;
    return Trouble{fmt::format("{} has zero point {}; 16-bit data must be symmetric, with 0",
                               tensor_label(site.graph(), t), x.quantization.zero_point()),
                   kRequantize};
  });
}

std::optional<Trouble> per_tensor(const Site& site) {
  return first(site.op(), [&](int t) -> std::optional<Trouble> {
    const Tensor& x = site.graph().tensor(t);
    if (!x.quantization.per_axis()) return std::nullopt;
    return Trouble{fmt::format("{} has {} scales; the kernel takes one, and reads the first or none",
                               tensor_label(site.graph(), t), x.quantization.scales.size()),
                   "quantize it with one scale: `quantize(granularity=tensor)`"};
  });
}

std::optional<Trouble> zero_padding(const Site& site, size_t operand) {
  const OpView op = site.view();
  const Tensor* paddings = op.maybe_input(operand);
  if (op.input(0).dtype != DType::int8 || op.input(0).quantization.zero_point() == 0) return std::nullopt;
  bool pads = !paddings || !paddings->constant || paddings->dtype != DType::int32;
  if (!pads)
    for (int32_t const p : paddings->values<int32_t>()) pads = pads || p != 0;
  if (!pads) return std::nullopt;
  return Trouble{fmt::format("pads with 0 where zero stands at {}, so values would be wrong",
                             op.input(0).quantization.zero_point()),
                 "pad with a PAD before the op"};
}

std::optional<Trouble> per_tensor16(const Site& site) {
  const Tensor* x = site.view().maybe_input(0);
  return x && x->dtype == DType::int16 ? per_tensor(site) : std::nullopt;
}

std::optional<Trouble> aligned(const Site& site) {
  return misaligned(site, 1e-5, "the kernel takes the integers as they are, so values would be wrong");
}

std::optional<Trouble> aligned_or_refused(const Site& site) {
  return misaligned(site, 0, "the kernel asks for equal ones");
}

std::optional<Trouble> operands_alike(const Site& site, DType type) {
  const Graph& graph = site.graph();
  int compared = kNoTensor;
  for (int const t : site.op().inputs) {
    if (t == kNoTensor || graph.tensor(t).dtype != type) continue;
    if (compared == kNoTensor) compared = t;
    const Quantization &a = graph.tensor(compared).quantization, &b = graph.tensor(t).quantization;
    if (same_grid(a, b, 0)) continue;
    return Trouble{fmt::format("{} has {}, {} has {}: the kernel reads both alike", tensor_label(graph, compared),
                               grid_words(a), tensor_label(graph, t), grid_words(b)),
                   "bring both to one scale with a QUANTIZE before the op"};
  }
  return std::nullopt;
}

std::optional<Trouble> softmax_result(const Site& site) {
  if (auto wrong = result_near<8, -8, -128>(site)) return wrong;
  const Tensor& x = site.view().input(0);
  if (x.dtype == DType::int16 && x.quantization.zero_point() != 0) return centred16(site);
  bool const mixed = x.dtype == DType::int8;
  return mixed ? result_near<16, -16, -32768>(site) : result_near<16, -15, 0>(site);
}

std::optional<Trouble> result_grid(const Site& site, int bits, int exponent, int zero_point, double tolerance) {
  const Graph& graph = site.graph();
  for (int const t : site.op().outputs) {
    const Tensor& y = graph.tensor(t);
    if (y.dtype != (bits == 8 ? DType::int8 : DType::int16)) continue;
    Quantization const fixed = Quantization::of(std::ldexp(1.0f, exponent), zero_point);
    if (same_grid(y.quantization, fixed, tolerance)) continue;
    return Trouble{fmt::format("{} has {}; the kernel computes for {}", tensor_label(graph, t),
                               grid_words(y.quantization), grid_words(fixed)),
                   kRequantize};
  }
  return std::nullopt;
}

std::optional<Trouble> result_scale(const Site& site, int exponent) {
  const Tensor& y = site.view().output();
  float const fixed = std::ldexp(1.0f, exponent);
  if ((y.dtype != DType::int8 && y.dtype != DType::uint8) || !y.quantization.present() || y.quantization.per_axis() ||
      y.quantization.scale() == fixed)
    return std::nullopt;
  return Trouble{fmt::format("{} has {}; the kernel asks for scale {:.9g}",
                             tensor_label(site.graph(), site.op().outputs.front()), grid_words(y.quantization), fixed),
                 kRequantize};
}

std::optional<Trouble> scales_below_one(const Site& site) {
  for (int const t : site.op().inputs) {
    const Tensor& x = site.graph().tensor(t);
    if (!narrow_integer(x.dtype) || !x.quantization.present() || x.quantization.scale() < 1) continue;
    return Trouble{fmt::format("{} has scale {:.9g}; the kernel aborts where one is 1 or more",
                               tensor_label(site.graph(), t), x.quantization.scale()),
                   "bring the data to a smaller scale before the op"};
  }
  return std::nullopt;
}

std::optional<Trouble> sum_fits(const Site& site) {
  const OpView op = site.view();
  const Tensor& y = op.output();
  if (!narrow_integer(y.dtype) || !y.quantization.present()) return std::nullopt;
  double largest = 0;
  for (size_t i = 0; i < op.input_count(); ++i)
    if (op.has_input(i) && op.input(i).quantization.present())
      largest = std::max(largest, double{op.input(i).quantization.scale()});
  double const multiplier =
      std::ldexp(2 * largest / double{y.quantization.scale()}, y.dtype == DType::int16 ? -15 : -20);
  if (multiplier < 1) return std::nullopt;
  return Trouble{fmt::format("the result's scale {:.9g} is too small for operands of scale {:.9g}: the kernel aborts",
                             y.quantization.scale(), largest),
                 kRequantize};
}

std::optional<Trouble> square_fits(const Site& site) {
  const OpView op = site.view();
  const Tensor& y = op.output();
  if (!narrow_integer(y.dtype) || !y.quantization.present()) return std::nullopt;
  double largest = 0;
  for (size_t i = 0; i < op.input_count(); ++i)
    if (op.has_input(i) && op.input(i).quantization.present())
      largest = std::max(largest, double{op.input(i).quantization.scale()});
  if (std::ldexp(4 * largest * largest / double{y.quantization.scale()}, -14) < 1) return std::nullopt;
  return Trouble{fmt::format("the result's scale {:.9g} is too small for operands of scale {:.9g}: the kernel aborts",
                             y.quantization.scale(), largest),
                 kRequantize};
}

std::optional<Trouble> hard_swish_fits(const Site& site) {
  const OpView op = site.view();
  const Quantization &x = op.input(0).quantization, &y = op.output().quantization;
  if (!x.present() || !y.present() || double{x.scale()} / 128 / double{y.scale()} < 1) return std::nullopt;
  return Trouble{fmt::format("the result's scale {:.9g} is too small for data of scale {:.9g}", y.scale(), x.scale()),
                 kRequantize};
}

std::optional<Trouble> weight_grid(const Site& site, size_t operand, int axis, bool subtracts) {
  const Tensor* w = site.view().maybe_input(operand);
  if (!w || w->is_float() || w->dtype == DType::uint8) return std::nullopt;
  const Quantization& q = w->quantization;
  std::string const label = tensor_label(site.graph(), site.op().inputs[operand]);
  if (!q.present()) return Trouble{fmt::format("weights {} have no scale", label), kRequantize};
  if (q.per_axis() && q.axis != axis)
    return Trouble{fmt::format("weights {} have a scale for each index of dimension {}, the kernel reads them for "
                               "dimension {}",
                               label, q.axis, axis),
                   kRequantize};
  for (const auto& list : {site.op().inputs, site.op().outputs})
    for (int const t : list) {
      if (t == kNoTensor || t == site.op().inputs[operand]) continue;
      const Tensor& x = site.graph().tensor(t);
      if (narrow_integer(x.dtype) && x.quantization.per_axis())
        return Trouble{fmt::format("{} has {} scales; the kernel takes one for data", tensor_label(site.graph(), t),
                                   x.quantization.scales.size()),
                       kRequantize};
    }
  if (subtracts && !q.per_axis() && w->dtype == DType::int8 && !site.view().input(0).is_float()) return std::nullopt;
  for (int64_t const z : q.zero_points)
    if (z != 0)
      return Trouble{fmt::format("weights {} have zero point {}; the kernel computes with 0", label, z), kRequantize};
  return std::nullopt;
}

std::optional<Trouble> one_weight_scale(const Site& site, size_t operand) {
  const Tensor* w = site.view().maybe_input(operand);
  if (!w || !w->quantization.per_axis() || site.view().input(0).dtype != DType::int16) return std::nullopt;
  return Trouble{fmt::format("weights {} have {} scales; with 16-bit data the kernel takes one",
                             tensor_label(site.graph(), site.op().inputs[operand]), w->quantization.scales.size()),
                 "quantize with one scale for these weights: `quantize(granularity=tensor)`"};
}

std::optional<Trouble> one_group_for_int4(const Site& site) {
  const Tensor* w = site.view().maybe_input(1);
  const Tensor& x = site.view().input(0);
  if (!w || w->dtype != DType::int4 || w->shape.rank() != 4 || x.shape.rank() != 4 || w->shape[3] == x.shape[3])
    return std::nullopt;
  return Trouble{fmt::format("filters of {} channels over data of {}: with 4-bit weights the kernel has no groups",
                             w->shape[3], x.shape[3]),
                 "quantize this op with 8-bit weights, by a rule with `weights = 8`"};
}

std::optional<Trouble> one_int4_scale(const Site& site, size_t operand) {
  const Tensor* w = site.view().maybe_input(operand);
  if (!w || !w->quantization.per_axis() || w->dtype != DType::int4) return std::nullopt;
  return Trouble{fmt::format("weights {} have {} scales; of 4-bit weights the kernel takes one",
                             tensor_label(site.graph(), site.op().inputs[operand]), w->quantization.scales.size()),
                 "quantize with one scale for these weights, by a rule with `granularity = \"tensor\"`"};
}

std::optional<Trouble> bias_grid(const Site& site, size_t bias, size_t data, size_t weights) {
  const OpView op = site.view();
  const Tensor* b = op.maybe_input(bias);
  if (!b || b->is_float() || !b->quantization.present() || !op.has_input(data) || !op.has_input(weights))
    return std::nullopt;
  const Quantization &x = op.input(data).quantization, &w = op.input(weights).quantization;
  if (!x.present() || !w.present()) return std::nullopt;
  std::string const label = tensor_label(site.graph(), site.op().inputs[bias]);
  if (b->quantization.zero_point() != 0)
    return Trouble{fmt::format("bias {} has zero point {}, not 0", label, b->quantization.zero_point()), kRequantize};
  if (b->quantization.scales.size() != w.scales.size())
    return Trouble{fmt::format("bias {} has {} scales, the weights have {}", label, b->quantization.scales.size(),
                               w.scales.size()),
                   kRequantize};
  for (size_t i = 0; i < w.scales.size(); ++i) {
    double const product = double{x.scale()} * double{w.scales[i]};
    double const scale = double{b->quantization.scales[i]};
    // A hundredth is what a bias may be off before a layer's result shows it; writers agree to float32's precision.
    if (std::abs(scale - product) <= 0.01 * product) continue;
    return Trouble{fmt::format("bias {} has scale {:.9g} for channel {}; the kernel reads it with data scale times "
                               "weight scale, {:.9g}",
                               label, scale, i, product),
                   kRequantize};
  }
  return std::nullopt;
}

}  // namespace narrow
