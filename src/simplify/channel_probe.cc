#include "simplify/channel_probe.h"

#include <algorithm>
#include <limits>

#include "graph/edit.h"
#include "ops/check/evaluate.h"
#include "ops/def/operand_with.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

template <class Int>
std::vector<int64_t> widened(std::span<const std::byte> bytes) {
  auto const* const v = reinterpret_cast<const Int*>(bytes.data());
  return {v, v + bytes.size() / sizeof(Int)};
}

std::vector<int64_t> integers(DType dtype, std::span<const std::byte> bytes) {
  return dtype == DType::int8 ? widened<int8_t>(bytes) : widened<int16_t>(bytes);
}

std::vector<ChannelRange> ranges_of(const Tensor& t, std::span<const std::byte> bytes) {
  std::vector<int64_t> const values = integers(t.dtype, bytes);
  std::vector<ChannelRange> out;
  for (int32_t c = 0; c < t.shape.back(); ++c)
    out.push_back({values[static_cast<size_t>(c)], values[static_cast<size_t>(c)]});
  for (size_t i = 0; i < values.size(); ++i) out[i % out.size()].widen(values[i]);
  return out;
}

template <class Int>
SharedBytes repeated(size_t elements, const std::vector<int64_t>& values) {
  std::vector<Int> out(elements);
  for (size_t i = 0; i < elements; ++i) out[i] = static_cast<Int>(values[i % values.size()]);
  return SharedBytes::copy_of(std::span<const Int>(out));
}

/// Fills a tensor of 8 or 16 bits with these values, over and over.
void fill(Tensor& t, const std::vector<int64_t>& values) {
  auto const elements = static_cast<size_t>(t.elements());
  t.data = t.dtype == DType::int8 ? repeated<int8_t>(elements, values) : repeated<int16_t>(elements, values);
}

/// An op with its tensors and nothing else.
struct Probe {
  Graph graph;
  Op op;

  Probe(const Graph& from, const Op& of) : op(of) {
    for (auto* const list : {&op.inputs, &op.outputs})
      for (int& t : *list)
        if (t != kNoTensor) t = add_tensor(graph, from.tensor(t));
  }
  Tensor& input(size_t slot) { return graph.tensor(op.inputs[slot]); }
  Tensor& input(Role role) { return input(static_cast<size_t>(operand_with(op, role))); }
  Tensor& result() { return graph.tensor(op.outputs[0]); }
};

/// The sums as a bias, in steps of the sums.
Tensor bias_of(const OpView& op, const ProfileDef& profile, const std::vector<int64_t>& sums) {
  Tensor bias;
  bias.constant = true;
  bias.shape = Shape::of({static_cast<int32_t>(sums.size())});
  bias.dtype = own_arithmetic(op, profile) ? DType::int64 : bias_type(op);
  bias.data = bias.dtype == DType::int64 ? repeated<int64_t>(sums.size(), sums) : repeated<int32_t>(sums.size(), sums);
  for (size_t o = 0; o < sums.size(); ++o) bias.quantization.scales.push_back(sum_scale(op, static_cast<int>(o)));
  bias.quantization.zero_points.resize(sums.size(), 0);
  return bias;
}

}  // namespace

ChannelRange full_range(DType dtype) {
  if (dtype == DType::int8) return {std::numeric_limits<int8_t>::min(), std::numeric_limits<int8_t>::max()};
  return {std::numeric_limits<int16_t>::min(), std::numeric_limits<int16_t>::max()};
}

std::vector<ChannelRange> ranges_of_constant(const Tensor& constant) {
  return ranges_of(constant, constant.data.bytes());
}

std::optional<std::vector<ChannelRange>> results_at(const Graph& graph, const Op& op, const ProfileDef& profile,
                                                    const std::vector<std::vector<ChannelRange>>& ranges,
                                                    RangeEnd end) {
  Probe probe(graph, op);
  for (size_t slot = 0; slot < op.inputs.size(); ++slot) {
    if (op.inputs[slot] == kNoTensor || probe.input(slot).constant) continue;
    std::vector<int64_t> values;
    for (const ChannelRange& r : ranges[static_cast<size_t>(op.inputs[slot])]) values.push_back(r.*end);
    fill(probe.input(slot), values);
  }
  auto const results = evaluate(probe.graph, probe.op, profile);
  if (!results) return std::nullopt;
  return ranges_of(probe.result(), results->front());
}

std::optional<std::vector<int64_t>> rounded_sums(const OpView& op, const ProfileDef& profile,
                                                 const std::vector<int64_t>& sums) {
  Probe probe(op.graph, op.op);
  auto const outputs = static_cast<int32_t>(sums.size());
  WeightLayout const layout = op.op.def->weight_layout;
  bool const dense = layout == WeightLayout::out_in;

  Tensor& weights = probe.input(Role::weight);
  weights.shape = dense                          ? Shape::of({outputs, 1})
                  : layout == WeightLayout::ohwi ? Shape::of({outputs, 1, 1, 1})
                                                 : Shape::of({1, 1, 1, outputs});
  fill(weights, {weights.quantization.per_axis() ? 0 : weights.quantization.zero_point()});
  Tensor& data = probe.input(Role::activation);
  data.shape = dense ? Shape::of({1, 1}) : Shape::of({1, 1, 1, 1});
  fill(data, {data.quantization.zero_point()});
  probe.result().shape = dense ? Shape::of({1, outputs}) : Shape::of({1, 1, 1, outputs});

  size_t const slot = *op.op.def->quant.roles.find(Role::bias);
  probe.op.inputs.resize(std::max(probe.op.inputs.size(), slot + 1), kNoTensor);
  probe.op.inputs[slot] = add_tensor(probe.graph, bias_of(op, profile, sums));
  auto const results = evaluate(probe.graph, probe.op, profile);
  if (!results) return std::nullopt;
  return integers(probe.result().dtype, results->front());
}

}  // namespace narrow
