#include "api/report_weights.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "emit/constants/constants.h"
#include "graph/real_values.h"
#include "graph/unpacked.h"
#include "ops/def/op_def.h"
#include "quantize/weights/weight_channels.h"

namespace narrow {
namespace {

std::vector<float> reals_of(const Tensor& t) {
  std::vector<float> out(static_cast<size_t>(t.elements()));
  real_values(t, t.data.data(), out);
  return out;
}

bool has_reals(const Tensor& t) {
  return t.constant && !t.opaque && t.elements() > 0 && element_bytes(t.dtype) > 0 &&
         t.data.size() == static_cast<size_t>(t.elements()) * element_bytes(t.dtype);
}

ErrorSums weight_error(const std::vector<float>& f, const std::vector<float>& q) {
  ErrorSums out;
  out.values = static_cast<int64_t>(f.size());
  for (size_t i = 0; i < f.size(); ++i) {
    double const real = static_cast<double>(f[i]), off = real - static_cast<double>(q[i]);
    out.signal += real * real;
    out.noise += off * off;
  }
  return out;
}

ReportWeights weights_of(const Tensor& stored, int axis, const Tensor* reference) {
  Tensor const t = unpacked(stored);
  ReportWeights out;
  out.name = stored.name;
  out.dtype = to_string(stored.dtype);
  out.bits = bits_of(stored);
  out.shape.assign(t.shape.dims().begin(), t.shape.dims().end());
  out.scales = t.quantization.scales.size();
  std::vector<float> const values = reals_of(t);
  out.zeros = std::ranges::count(values, 0.0F);
  WeightChannels const channels = weight_channels(t, axis, Granularity::channel);
  out.lo.assign(channels.count, 0);
  out.hi.assign(channels.count, 0);
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    float& lo = out.lo[channels.of(i)];
    float& hi = out.hi[channels.of(i)];
    lo = std::min(lo, values[i]);
    hi = std::max(hi, values[i]);
  }
  if (reference && has_reals(*reference) && reference->elements() == t.elements())
    out.error = weight_error(reals_of(*reference), values);
  return out;
}

}  // namespace

int bits_of(const Tensor& t) {
  if (t.is_four_bits()) return 4;
  if (t.dtype == DType::int2) return 2;
  return static_cast<int>(element_bytes(t.dtype)) * 8;
}

std::vector<ReportWeights> report_weights(const Graph& graph, const Graph* reference) {
  std::map<std::string, const Tensor*> floats;
  if (reference)
    for (const Tensor& t : reference->tensors)
      if (t.constant) floats.emplace(t.name, &t);
  std::vector<ReportWeights> out;
  std::vector<int> const sources = constant_sources(graph);  // of float16 constants, which an op makes float32
  for (const Op& op : graph.ops)
    for (size_t i = 0; op.def && i < op.inputs.size(); ++i) {
      if (op.inputs[i] == kNoTensor || op.def->quant.role(i) != Role::weight) continue;
      int const source = sources[static_cast<size_t>(op.inputs[i])];
      if (source == kNoTensor) continue;
      const Tensor& t = graph.tensor(source);
      if (!has_reals(unpacked(t))) continue;
      auto const found = floats.find(t.name);
      out.push_back(weights_of(t, op.def->quant.weight_axis, found == floats.end() ? nullptr : found->second));
      out.back().op = op_name(graph, op);
    }
  return out;
}

}  // namespace narrow
