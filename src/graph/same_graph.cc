#include "graph/same_graph.h"

#include <algorithm>

namespace narrow {
namespace {

bool same_bytes(const SharedBytes& a, const SharedBytes& b) {
  return a.size() == b.size() && (a.data() == b.data() || std::equal(a.data(), a.data() + a.size(), b.data()));
}

bool same_tensor(const Tensor& a, const Tensor& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.shape_signature == b.shape_signature &&
         a.quantization == b.quantization && a.constant == b.constant && a.from_shapes == b.from_shapes &&
         a.variable == b.variable && a.unranked == b.unranked && a.opaque == b.opaque && !a.passthrough &&
         !b.passthrough && same_bytes(a.data, b.data);
}

bool same_op(const Op& a, const Op& b) {
  return a.def == b.def && a.type == b.type && a.version == b.version && a.inputs == b.inputs &&
         a.outputs == b.outputs && a.attributes == b.attributes && !a.arithmetic && !b.arithmetic &&
         a.intermediates == b.intermediates && a.graphs == b.graphs && !a.passthrough && !b.passthrough;
}

}  // namespace

bool same_but_for_names(const Graph& a, const Graph& b) {
  return !a.passthrough && !b.passthrough && a.inputs == b.inputs && a.outputs == b.outputs &&
         std::equal(a.ops.begin(), a.ops.end(), b.ops.begin(), b.ops.end(), same_op) &&
         std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), b.tensors.end(), same_tensor);
}

}  // namespace narrow
