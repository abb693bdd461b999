// Two walks over a graph. Forwards: where a tensor's values lie if far values are left aside (`near`). Backwards:
// beyond which ends the readers of a tensor cannot tell values apart (`limits`).
#include "quantize/plan/far_values.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ops/activations/activations.h"

namespace narrow {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

/// A constant operand of a sum lies far where it is at least this much farther from zero than the other operand's
/// values are from each other: exp(-32) is zero beside one in float32 already, and 2^-46 in exact arithmetic.
constexpr float kFarBesideOthers = 32;
/// A constant factor makes a mask of the other operand where it is at least this far from zero.
constexpr float kFarFactor = 1e4F;
/// A computed operand of a sum, whose values are known by their extent alone, is taken for a mask (of zeros and values
/// at its far end) where that end is beyond this and beyond so many times the extent of the other operand.
constexpr float kFarEnd = 1e3F;
constexpr float kFarTimes = 64;

/// Values from lo to hi; unlike a Range, it need not contain zero.
struct Span {
  float lo = 0;
  float hi = 0;
};

/// The ends beyond which values make no difference; infinite where all do.
struct Limits {
  float lo = -kInf;
  float hi = kInf;
};

class FarValueCuts {
 public:
  FarValueCuts(const PlacedModel& placed, const TensorWidths& widths, int graph, std::vector<TensorRange>& ranges)
      : graph_(placed.graph(graph)),
        number_(graph),
        placed_(placed),
        widths_(widths),
        ranges_(ranges),
        near_(graph_.tensors.size()),
        told_(graph_.tensors.size(), Limits{kInf, -kInf}) {}

  void run() {
    find_near();
    if (!any_far_) return;
    for (int t : graph_.outputs) widen(t, {});
    for (size_t i = graph_.ops.size(); i-- > 0;) {
      const Op& op = graph_.ops[i];
      for (int t : op.outputs) cut(t);
      for (size_t k = 0; k < op.inputs.size(); ++k)
        if (op.inputs[k] != kNoTensor) widen(op.inputs[k], limits_of_operand(op, i, k));
    }
    for (size_t t = 0; t < graph_.tensors.size(); ++t)
      if (graph_.tensors[t].constant) cut(static_cast<int>(t));
    for (int t : graph_.inputs) cut(t);
  }

 private:
  /// The range seen of a tensor at the widths that it is used at; {0, 0} where none is known.
  Range seen(int t) const {
    std::optional<Range> out;
    for (int bits : {8, 16}) {
      size_t const n = widths_.node({number_, t}, bits);
      if (widths_.used(n)) out = union_of(out, ranges_[n].range);
    }
    return out.value_or(Range{});
  }

  bool is_float(int t) const { return placed_.is_float({number_, t}); }

  static float width(const Span& s) { return s.hi - s.lo; }

  /// The values of a constant that are no farther from zero than `far`; lo > hi where all are.
  Span values_within(const Tensor& constant, float far) {
    Span s{kInf, -kInf};
    for (float v : constant.values<float>()) {
      if (std::abs(v) > far)
        any_far_ = true;
      else
        s = {std::min(s.lo, v), std::max(s.hi, v)};
    }
    return s;
  }

  /// The values of operand k without those that lie far beyond what the other operand holds.
  Span near_operand(const Op& op, size_t k) {
    int const t = op.inputs[k], other = op.inputs[1 - k];
    const Tensor& tensor = graph_.tensor(t);
    if (!tensor.constant) {
      Span s = near_[static_cast<size_t>(t)];
      any_far_ |= far_[static_cast<size_t>(t)];
      if (graph_.tensor(other).constant) return s;
      float const far = std::max(kFarEnd, kFarTimes * width(near_[static_cast<size_t>(other)]));
      if (s.lo <= -far && s.hi < far) s.lo = std::min(s.hi, 0.0F), any_far_ = true;
      if (s.hi >= far && s.lo > -far) s.hi = std::max(s.lo, 0.0F), any_far_ = true;
      return s;
    }
    Span const s = values_within(tensor, width(near_[static_cast<size_t>(other)]) + kFarBesideOthers);
    return s.lo <= s.hi ? s : Span{};
  }

  /// Whether all values of a constant operand lie far by themselves.
  bool is_far_constant(int t) const {
    const Tensor& tensor = graph_.tensor(t);
    if (!tensor.constant || tensor.dtype != DType::float32) return false;
    auto const values = tensor.values<float>();
    return !values.empty() && std::ranges::all_of(values, [](float v) { return std::abs(v) >= kFarFactor; });
  }

  bool two_floats(const Op& op) const {
    return op.inputs.size() == 2 && is_float(op.inputs[0]) && is_float(op.inputs[1]);
  }

  /// The constant's values without those that are far beside those of the op's other operands.
  Span near_of_passed(const Op& op, int t) {
    const Tensor& tensor = graph_.tensor(t);
    if (!tensor.constant) return near_[static_cast<size_t>(t)];
    float others = 0;
    for (int other : op.inputs)
      if (is_float(other) && !graph_.tensor(other).constant) {
        Span const s = near_[static_cast<size_t>(other)];
        others = std::max({others, std::abs(s.lo), std::abs(s.hi)});
      }
    return values_within(tensor, 2 * others + kFarBesideOthers);
  }

  Span near_result(const Op& op, Span all) {
    if (!op.def) return all;
    bool const before = std::exchange(any_far_, false);
    Span s = all;
    switch (op.def->quant.far) {
      case FarValues::sum:
      case FarValues::difference: {
        if (!two_floats(op)) break;
        Span const a = near_operand(op, 0), b = near_operand(op, 1);
        s = op.def->quant.far == FarValues::sum ? Span{a.lo + b.lo, a.hi + b.hi} : Span{a.lo - b.hi, a.hi - b.lo};
        break;
      }
      case FarValues::product:
        if (!two_floats(op) || std::max(-all.lo, all.hi) < kFarFactor) break;
        if (is_far_constant(op.inputs[0]) || is_far_constant(op.inputs[1])) s = {}, any_far_ = true;
        break;
      default:
        if (!op.def->quant.results_are_operand_values()) break;
        s = {kInf, -kInf};
        for (int t : op.inputs) {
          if (!is_float(t)) continue;
          Span const passed = near_of_passed(op, t);
          if (passed.lo > passed.hi) continue;
          s = {std::min(s.lo, passed.lo), std::max(s.hi, passed.hi)};
          any_far_ |= far_[static_cast<size_t>(t)];
        }
    }
    bool const found = std::exchange(any_far_, before);
    if (!found || s.lo > s.hi) return all;
    any_far_ = true;
    for (int t : op.outputs)
      if (t != kNoTensor) far_[static_cast<size_t>(t)] = true;
    return {std::max(s.lo, all.lo), std::min(s.hi, all.hi)};
  }

  void find_near() {
    far_.assign(graph_.tensors.size(), false);
    for (size_t t = 0; t < near_.size(); ++t) {
      Range const r = seen(static_cast<int>(t));
      near_[t] = {r.lo, r.hi};
    }
    for (const Op& op : graph_.ops)
      for (int t : op.outputs)
        if (is_float(t)) near_[static_cast<size_t>(t)] = near_result(op, near_[static_cast<size_t>(t)]);
  }

  /// Adds what one reader tells apart.
  void widen(int t, Limits reader) {
    Limits& all = told_[static_cast<size_t>(t)];
    all = {std::min(all.lo, reader.lo), std::max(all.hi, reader.hi)};
  }

  Limits of_result(const Op& op) const { return told_[static_cast<size_t>(op.outputs[0])]; }

  /// How far below the largest value of a row SOFTMAX still makes anything but zero of a value, all values of the row
  /// taken together. In 16 bits its table of exponentials ends at -10.
  float softmax_reach(const Op& op, int bits) const {
    const Shape& shape = graph_.tensor(op.inputs[0]).shape;
    auto const row = static_cast<float>(shape.rank() > 0 ? std::max<int64_t>(shape.back(), 1) : 1);
    float const reach = bits == 16 ? 10.0F : std::log(512 * row);
    auto const* const attributes = op.attributes.get_if<SoftmaxAttributes>();
    float const factor = attributes ? attributes->beta : 1.0F;
    return factor > 0 ? reach / factor : kInf;
  }

  Limits limits_of_operand(const Op& op, size_t index, size_t k) {
    const Decision& d = placed_.decisions.of(static_cast<size_t>(number_), index);
    if (!op.def || d.placement != Placement::integer || op.outputs.empty() || op.outputs[0] == kNoTensor) return {};
    int const t = op.inputs[k];
    if (!is_float(t) || op.def->quant.role(k) != Role::activation) return {};
    Limits const result = of_result(op);
    switch (op.def->quant.far) {
      case FarValues::softmax:
        return {near_[static_cast<size_t>(t)].lo - softmax_reach(op, d.bits), kInf};
      case FarValues::largest:
        return {std::max(computed_operands(op).lo, is_float(op.outputs[0]) ? result.lo : -kInf), kInf};
      case FarValues::smallest:
        return {-kInf, std::min(computed_operands(op).hi, is_float(op.outputs[0]) ? result.hi : kInf)};
      case FarValues::sum:
      case FarValues::difference:
        return two_floats(op) ? limits_of_term(op, k, result) : Limits{};
      case FarValues::product:
        return two_floats(op) ? limits_of_factor(op, k, result, d.bits) : Limits{};
      default:
        return op.def->quant.results_are_operand_values() ? result : Limits{};
    }
  }

  /// Where the values of the operands that are no constants lie; unlimited where there are none.
  Limits computed_operands(const Op& op) const {
    Span s{kInf, -kInf};
    for (int t : op.inputs)
      if (is_float(t) && !graph_.tensor(t).constant)
        s = {std::min(s.lo, near_[static_cast<size_t>(t)].lo), std::max(s.hi, near_[static_cast<size_t>(t)].hi)};
    return s.lo <= s.hi ? Limits{s.lo, s.hi} : Limits{};
  }

  Limits limits_of_term(const Op& op, size_t k, Limits result) {
    Span const other = near_operand(op, 1 - k);
    if (op.def->quant.far == FarValues::sum) return {result.lo - other.hi, result.hi - other.lo};
    if (k == 0) return {result.lo + other.lo, result.hi + other.hi};
    return {other.lo - result.hi, other.hi - result.lo};
  }

  /// Of a constant factor that lies far: its product with the smallest value of the other factor's integers is beyond
  /// the limits. In 16 bits products must not leave 32 bits: there the other factor, which is 0 or its largest value in
  /// masks, counts with its largest value. Of a factor beside an ordinary constant: the quotient.
  Limits limits_of_factor(const Op& op, size_t k, Limits result, int bits) {
    int const t = op.inputs[k], other = op.inputs[1 - k];
    if (is_far_constant(t)) {
      float const farthest = std::max(-result.lo, result.hi);
      Span const x = near_[static_cast<size_t>(other)];
      float const step = std::max(-x.lo, x.hi) / (bits == 8 ? 255.0F : 1.0F);
      bool const both = std::isfinite(result.lo) && std::isfinite(result.hi);
      bool const below = std::isfinite(result.lo) && x.lo >= 0 && seen(t).hi <= 0;
      bool const above = std::isfinite(result.hi) && x.lo >= 0 && seen(t).lo >= 0;
      if (!(step > 0)) return {};
      if (both) return {-farthest / step, farthest / step};
      if (below) return {result.lo / step, kInf};
      if (above) return {-kInf, result.hi / step};
      return {};
    }
    const Tensor& factor = graph_.tensor(other);
    if (!factor.constant || is_far_constant(other)) return {};
    auto const values = factor.values<float>();
    if (values.empty() || std::ranges::any_of(values, [](float v) { return !(v > 0x1p-16F && v < 0x1p16F); }))
      return {};
    float const least = *std::ranges::min_element(values);
    return {result.lo / least, result.hi / least};
  }

  void cut(int t) {
    if (!is_float(t)) return;
    Limits const limits = told_[static_cast<size_t>(t)];
    if (limits.lo > limits.hi) return;  // nobody reads it
    for (int bits : {8, 16}) {
      TensorRange& own = ranges_[widths_.node({number_, t}, bits)];
      if (!own.range) continue;
      Range const inside{std::max(own.range->lo, std::min(limits.lo, 0.0F)),
                         std::min(own.range->hi, std::max(limits.hi, 0.0F))};
      if (inside == *own.range) continue;
      own.range = inside;
      own.cut = true;
    }
  }

  const Graph& graph_;
  int number_;
  const PlacedModel& placed_;
  const TensorWidths& widths_;
  std::vector<TensorRange>& ranges_;
  std::vector<Span> near_;    // by tensor
  std::vector<Limits> told_;  // by tensor: what its readers tell apart
  std::vector<bool> far_;     // by tensor: far values go into it
  bool any_far_ = false;
};

}  // namespace

void cut_far_values(const PlacedModel& placed, const TensorWidths& widths, int graph,
                    std::vector<TensorRange>& ranges) {
  FarValueCuts(placed, widths, graph, ranges).run();
}

}  // namespace narrow
