#include "simplify/channel_ranges.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/check/validate.h"
#include "ops/def/operand_with.h"
#include "simplify/channel_probe.h"

namespace narrow {
namespace {

/// Results of this magnitude, before the zero point is added, are far from where kernels of 32 bits wrap: up to it,
/// results do not fall where sums rise.
constexpr double kMostRising = 0x1p30;

bool is_integer(const Tensor& t) {
  return (t.dtype == DType::int8 || t.dtype == DType::int16) && t.quantization.present() && !t.opaque && !t.variable;
}

bool is_layer(ChannelFlow flow) {
  return flow == ChannelFlow::layer || flow == ChannelFlow::bordered;
}

bool fits_operand(const OpView& op, size_t slot) {
  const Tensor& t = op.input(slot);
  switch (op.op.def->quant.role(slot)) {
    case Role::activation:
      return t.constant ? is_integer(t) && !t.quantization.per_axis() : has_channels(t);
    case Role::weight:
      return t.constant && is_integer(t);
    case Role::bias:
      return t.constant && !t.opaque && !t.is_float();
    case Role::index:
      return t.constant && !t.opaque;
    case Role::state:
      return false;
  }
  return false;
}

ChannelFlow flow_of(const Graph& graph, const Op& op) {
  if (!op.def || !op.def->channels || op.outputs.size() != 1 || !has_channels(graph.tensor(op.outputs[0])))
    return ChannelFlow::mixed;
  OpView const view{graph, op};
  bool computed = false;
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    if (op.inputs[i] == kNoTensor) continue;
    if (!fits_operand(view, i)) return ChannelFlow::mixed;
    computed |= op.def->quant.role(i) == Role::activation && !view.input(i).constant;
  }
  return computed && check_computable(graph, op) ? op.def->channels(view) : ChannelFlow::mixed;
}

/// By output of a layer, the least and greatest sum without the bias.
std::vector<ChannelRange> reached_by_weights(const LayerSums& layer, const std::vector<ChannelRange>& data) {
  std::vector<ChannelRange> out(static_cast<size_t>(layer.outputs()));
  for (int o = 0; o < layer.outputs(); ++o) {
    std::vector<ChannelTerm> const terms = layer.terms(o);
    ChannelRange& sum = out[static_cast<size_t>(o)];
    for (size_t k = 0; k < terms.size(); ++k) {
      int const channel = layer.channel_of(layer.first_input(o) + static_cast<int>(k));
      ChannelRange const added = layer.reach(terms[k], data[static_cast<size_t>(channel)]);
      sum.lo += added.lo;
      sum.hi += added.hi;
    }
  }
  return out;
}

class RangeAnalysis {
 public:
  explicit RangeAnalysis(const Graph& graph) : graph_(graph) {}

  std::optional<ChannelRanges> run() {
    for (const Op& op : graph_.ops) out_.flows.push_back(flow_of(graph_, op));
    if (std::ranges::all_of(out_.flows, [](ChannelFlow f) { return f == ChannelFlow::mixed; })) return std::nullopt;
    for (const ProfileDef& p : all_profiles())
      if (auto lowered = lowered_by(p)) {
        profiles_.push_back(&p);
        lowered_.push_back(std::move(*lowered));
      }
    if (profiles_.empty()) return std::nullopt;
    for (size_t i = 0; i < graph_.ops.size(); ++i)
      if (std::ranges::any_of(lowered_, [&](const auto& ops) { return ops[i].positional; }))
        out_.flows[i] = ChannelFlow::mixed;
    set_bias_steps();
    for (const Tensor& t : graph_.tensors) out_.ranges.push_back(before_running(t));
    for (size_t i = 0; i < graph_.ops.size(); ++i) {
      if (out_.flows[i] == ChannelFlow::mixed) continue;
      auto found = is_layer(out_.flows[i]) ? of_layer(i) : of_filled(i);
      if (found) out_.ranges[static_cast<size_t>(graph_.ops[i].outputs[0])] = std::move(*found);
    }
    return std::move(out_);
  }

 private:
  /// By channel; nothing where it cannot be told.
  using Found = std::optional<std::vector<ChannelRange>>;

  /// What a profile makes of an op.
  struct Lowered {
    std::vector<uint8_t> bias_shift;  // by output of a layer
    bool positional = false;          // which channels are beside one another makes a difference
  };

  /// By op; nothing where the profile does not compute the graph.
  std::optional<std::vector<Lowered>> lowered_by(const ProfileDef& profile) const {
    std::vector<Lowered> out(graph_.ops.size());
    for (size_t i = 0; i < graph_.ops.size(); ++i) {
      if (out_.flows[i] == ChannelFlow::mixed) continue;
      const Op& op = graph_.ops[i];
      auto const step = op.def->lower(OpView{graph_, op}, {.profile = profile, .reference = true});
      if (!step) return std::nullopt;
      out[i].positional = std::ranges::any_of(step->calls, [](const KernelCall& c) { return c.kernel->positional; });
      if (!is_layer(out_.flows[i])) continue;
      out[i].bias_shift = step->calls.front().pointed_values<uint8_t>("bias.shift");
      out[i].bias_shift.resize(static_cast<size_t>(graph_.tensor(op.outputs[0]).shape.back()));
    }
    return out;
  }

  void set_bias_steps() {
    out_.bias_steps.resize(graph_.ops.size());
    for (size_t i = 0; i < graph_.ops.size(); ++i) {
      auto const& first = lowered_.front()[i].bias_shift;
      for (size_t o = 0; o < first.size(); ++o) {
        auto const same = [&](const auto& ops) { return ops[i].bias_shift[o] == first[o]; };
        out_.bias_steps[i].push_back(std::ranges::all_of(lowered_, same) ? int64_t{1} << first[o] : 0);
      }
    }
  }

  std::vector<ChannelRange> before_running(const Tensor& t) const {
    if (!has_channels(t)) return {};
    if (t.constant) return ranges_of_constant(t);
    return {static_cast<size_t>(t.shape.back()), full_range(t.dtype)};
  }

  /// Of an op that keeps channels apart, with all operands at these ends of their ranges one after the other.
  Found between(const Op& op, std::initializer_list<RangeEnd> ends) const {
    Found out;
    for (const ProfileDef* p : profiles_)
      for (RangeEnd const end : ends) {
        auto const at = results_at(graph_, op, *p, out_.ranges, end);
        if (!at) return std::nullopt;
        if (!out) out = at;
        for (size_t c = 0; c < at->size(); ++c) (*out)[c].widen((*at)[c]);
      }
    return out;
  }

  /// Whether a channel of the result has constant channels alone to be computed of.
  bool all_constant(const Op& op, size_t channel) const {
    size_t const channels = out_.ranges[static_cast<size_t>(op.outputs[0])].size();
    return std::ranges::all_of(op.inputs, [&](int t) {
      if (t == kNoTensor || graph_.tensor(t).constant) return true;
      auto const& ranges = out_.ranges[static_cast<size_t>(t)];
      if (ranges.size() != channels && ranges.size() != 1) return false;
      return ranges[ranges.size() == 1 ? 0 : channel].constant();
    });
  }

  Found of_filled(size_t index) const {
    const Op& op = graph_.ops[index];
    if (out_.flows[index] == ChannelFlow::rising) return between(op, {&ChannelRange::lo, &ChannelRange::hi});
    const Tensor& result = graph_.tensor(op.outputs[0]);
    std::vector<bool> constant;
    for (size_t c = 0; c < static_cast<size_t>(result.shape.back()); ++c) constant.push_back(all_constant(op, c));
    if (std::ranges::find(constant, true) == constant.end()) return std::nullopt;
    Found out = between(op, {&ChannelRange::lo});
    for (size_t c = 0; out && c < constant.size(); ++c)
      if (!constant[c]) (*out)[c] = full_range(result.dtype);
    return out;
  }

  Found of_layer(size_t index) const {
    const Op& op = graph_.ops[index];
    OpView const view{graph_, op};
    LayerSums const layer(view, out_.flows[index]);
    auto const data = static_cast<size_t>(op.inputs[static_cast<size_t>(operand_with(op, Role::activation))]);
    std::vector<ChannelRange> const reached = reached_by_weights(layer, out_.ranges[data]);
    std::vector<int64_t> const bias = stored_bias(view, layer.outputs());
    Found out;
    for (size_t p = 0; p < profiles_.size(); ++p) {
      std::vector<ChannelRange> sums = reached;
      for (size_t o = 0; o < sums.size(); ++o) sums[o].move(bias[o] * (int64_t{1} << lowered_[p][index].bias_shift[o]));
      auto const rounded = results_between(view, *profiles_[p], sums);
      if (!rounded) return std::nullopt;
      if (!out) out = rounded;
      for (size_t o = 0; o < sums.size(); ++o) (*out)[o].widen((*rounded)[o]);
    }
    return out;
  }

  /// By output of a layer, what sums of these ranges become.
  static Found results_between(const OpView& op, const ProfileDef& profile, const std::vector<ChannelRange>& sums) {
    std::vector<int64_t> least, greatest;
    for (const ChannelRange& s : sums) {
      least.push_back(s.lo);
      greatest.push_back(s.hi);
    }
    auto const low = rounded_sums(op, profile, least), high = rounded_sums(op, profile, greatest);
    if (!low || !high) return std::nullopt;
    std::vector<ChannelRange> out;
    for (size_t o = 0; o < sums.size(); ++o) {
      double const factor = static_cast<double>(sum_scale(op, static_cast<int>(o))) /
                            static_cast<double>(op.output().quantization.scale());
      auto const most = static_cast<double>(std::max(std::abs(least[o]), std::abs(greatest[o])));
      bool const rises = sums[o].constant() || most * factor < kMostRising;
      out.push_back(rises ? ChannelRange{(*low)[o], (*high)[o]} : full_range(op.output().dtype));
    }
    return out;
  }

  const Graph& graph_;
  ChannelRanges out_;
  std::vector<const ProfileDef*> profiles_;    // that compute the graph
  std::vector<std::vector<Lowered>> lowered_;  // by profile and op
};

}  // namespace

bool has_channels(const Tensor& t) {
  return is_integer(t) && !t.quantization.per_axis() && !t.unranked && t.shape.rank() > 0 && t.elements() > 0 &&
         (t.shape_signature.empty() || t.shape_signature.back() != -1);
}

std::optional<ChannelRanges> channel_ranges(const Graph& graph) {
  return RangeAnalysis(graph).run();
}

}  // namespace narrow
