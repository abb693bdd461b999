#include "api/tensor_info.h"

#include "ops/def/totals.h"

namespace narrow {

TensorInfo info_of(const Tensor& t) {
  TensorInfo out;
  out.name = t.name;
  out.dtype = t.dtype;
  out.shape = file_shape(t);
  out.run_shape.assign(t.shape.dims().begin(), t.shape.dims().end());
  out.scales = t.quantization.scales;
  out.zero_points = t.quantization.zero_points;
  out.axis = t.quantization.axis;
  out.constant = t.constant;
  out.parameter = is_parameter(t);
  out.bytes = static_cast<int64_t>(t.data.size());
  return out;
}

std::vector<TensorInfo> infos_of(const Graph& graph, const std::vector<int>& tensors) {
  std::vector<TensorInfo> out;
  for (int t : tensors) out.push_back(info_of(graph.tensor(t)));
  return out;
}

}  // namespace narrow
