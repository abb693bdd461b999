#include "emit/header/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "emit/constants/c_text.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

/// Bits of a signed type but for the sign; 0 for others.
int magnitude_bits(DType dtype) {
  bool const is_signed =
      dtype == DType::int8 || dtype == DType::int16 || dtype == DType::int32 || dtype == DType::int64;
  return is_signed ? static_cast<int>(element_bytes(dtype)) * 8 - 1 : 0;
}

/// "Q0.7", "Q0.7 in every channel", or n of each; empty where scales are no powers of two or zero points are not 0.
std::string qmn_text(const Tensor& t) {
  const Quantization& q = t.quantization;
  int const bits = magnitude_bits(t.dtype);
  if (!q.present() || bits == 0) return "";
  if (std::any_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z != 0; })) return "";
  std::vector<int> n;
  for (float scale : q.scales) {
    auto const f = fraction_bits(scale);
    if (!f) return "";
    n.push_back(*f);
  }
  if (std::all_of(n.begin(), n.end(), [&](int f) { return f == n[0]; }))
    return fmt::format("Q{}.{}{}", bits - n[0], n[0], n.size() > 1 ? " in every channel" : "");
  return fmt::format("Qm.n by channel, m = {} - n, n = {}", bits, fmt::join(n, " "));
}

std::string grid_text(const Tensor& t, std::optional<int> axis) {
  const Quantization& q = t.quantization;
  if (!q.present()) return "";
  bool const zero = std::all_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z == 0; });
  std::string out;
  if (!q.per_axis()) {
    out = fmt::format("scale {}, zero point {}", q.scale(), q.zero_point());
  } else {
    out = fmt::format("scales along dimension {}: {}; ", axis.value_or(q.axis), fmt::join(q.scales, " "));
    out += zero ? "zero point 0" : fmt::format("zero points: {}", fmt::join(q.zero_points, " "));
  }
  std::string const qmn = qmn_text(t);
  return qmn.empty() ? out : out + "; " + qmn;
}

std::string end_text(const char* what, const Tensor& t) {
  std::string const grid = grid_text(t, std::nullopt);
  return fmt::format("{} {}: {} {}{}", what, quoted(t.name), to_string(t.dtype), t.shape.text(),
                     grid.empty() ? "" : ", " + grid);
}

}  // namespace

std::string file_comment(const Model& model, const HeaderPlan& plan) {
  std::vector<std::string> text{
      "Constants of " + quoted(std::filesystem::path(model.source).filename().string()) + ", written by narrow.", "",
      "Real value = (q - zero point) * scale. Qm.n: scale 2^-n and zero point 0, that is, real value = q / 2^n; the "
      "sign "
      "bit is not counted, so Q0.7 has 8 bits and holds [-1, 1)."};
  if (!plan.roundings.empty()) {
    text.emplace_back(
        "A layer of integers, for output channel c: acc = BIAS[c] + the sum of (x - IN_ZERO_POINT) * WT; padding adds "
        "nothing, and the sum fits in ACC_BITS bits. It becomes r by the rule named at the layer, with m = "
        "MULTIPLIERS[c] and s = SHIFTS[c]; the output is r + OUT_ZERO_POINT, kept in [OUT_MIN, OUT_MAX]. In the rules "
        "acc, m and all that they compute are int64_t, s and n int, and >> of a negative number rounds down.");
    text.emplace_back(
        "CMSIS-NN: IN_OFFSET (-IN_ZERO_POINT) is its input_offset, OUT_ZERO_POINT its output_offset, MULTIPLIERS and "
        "SHIFTS its multiplier and shift for each channel, OUT_MIN and OUT_MAX its activation.");
  }
  if (plan.shifts)
    text.emplace_back(
        "BIAS_LSHIFT: BIAS[c] * ((int64_t)1 << BIAS_LSHIFT) takes the place of BIAS[c]. OUT_RSHIFT: all factors are "
        "powers "
        "of two, and acc has so many fraction bits more than the output. With an S at the end: by channel.");
  for (const auto& [name, rule] : plan.roundings) text.push_back(fmt::format("{}: {}", name, rule));
  if (plan.kernels)
    text.emplace_back(
        "Other ops: macros have the values of the parameter struct of the kernel named at the op, a C function of "
        "narrow's sources. Functions that begin with nw_ are those of kernels/nw_types.h, kernels/nw_requantize.h and "
        "kernels/portable/; ROUNDING is an enum nw_rounding. Shapes have as many dimensions as the kernel, with 1 in "
        "front; strides count elements where the op says nothing else, and are 0 where an operand is repeated. Results "
        "are kept in the range of their "
        "type.");
  for (const auto& [name, rule] : plan.rules) text.push_back(fmt::format("{}: out = {};", name, rule));
  return comment(text);
}

std::string op_comment(const Model& model, size_t graph, size_t op, const OpFacts& facts) {
  const Graph& g = model.graphs[graph];
  const Op& o = g.ops[op];
  std::string const where =
      model.graphs.size() > 1 ? fmt::format("graph {}, op {}", graph, op) : fmt::format("op {}", op);
  std::vector<std::string> text{
      fmt::format("{}: {} {}", where, o.def ? o.type : quoted(o.type), quoted(op_name(g, o)))};
  for (int t : o.inputs)
    if (t != kNoTensor && !g.tensor(t).constant) text.push_back(end_text("in", g.tensor(t)));
  for (int t : o.outputs)
    if (t != kNoTensor) text.push_back(end_text("out", g.tensor(t)));
  if (facts.rounding)
    text.push_back("rounding: " + facts.rounding->name);
  else if (o.arithmetic)
    text.push_back(std::string("rounding: ") + to_string(o.arithmetic->rounding));
  for (const Kernel* k : facts.kernels)
    text.push_back(k->source ? fmt::format("kernel: {}, kernels/{}", k->name, k->source)
                             : fmt::format("kernel: {}, of the simulator alone: it has no C source", k->name));
  text.insert(text.end(), facts.notes.begin(), facts.notes.end());
  return "\n" + comment(text);
}

std::string constant_comment(const Constant& c) {
  std::string head =
      fmt::format("{}: {} [{}]", quoted(c.tensor->name), to_string(c.tensor->four_bits ? DType::int4 : c.tensor->dtype),
                  fmt::join(c.shape, ", "));
  head += c.layout.name.empty() ? ", as stored"
                                : fmt::format(", {}{}", c.layout.name,
                                              c.layout.order.empty() && !c.layout.interleaved ? " as stored" : "");
  if (c.tensor->four_bits) head += ", two in a byte, the first in its lower half";
  if (c.tensor->dtype == DType::float16) head += ", the bits of IEEE binary16 numbers";
  std::vector<std::string> text{std::move(head)};
  if (std::string grid = grid_text(*c.tensor, c.axis); !grid.empty()) text.push_back(std::move(grid));
  if (!c.left_out.empty()) text.push_back("left out: " + c.left_out);
  return comment(text);
}

}  // namespace narrow
