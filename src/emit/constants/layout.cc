#include "emit/constants/layout.h"

#include <cstring>

#include "ops/layers/conv_2d.h"
#include "ops/layers/depthwise_conv_2d.h"
#include "ops/layers/fully_connected.h"
#include "ops/layers/transpose_conv.h"

namespace narrow {

WeightKind weight_kind(const Op& op) {
  if (op.def == &kConv2d || op.def == &kTransposeConv) return WeightKind::conv;
  if (op.def == &kDepthwiseConv2d) return WeightKind::depthwise;
  if (op.def == &kFullyConnected) return WeightKind::dense;
  return WeightKind::other;
}

Layout layout_of(WeightKind kind, const LayoutChoice& choice) {
  using Conv = LayoutChoice::Conv;
  switch (kind) {
    case WeightKind::conv:
      return choice.conv == Conv::hwio ? Layout{"HWIO", {1, 2, 3, 0}} : Layout{"OHWI", {}};
    case WeightKind::depthwise:
      // As stored, [1, h, w, channels] has the order of HWIO.
      return choice.conv == Conv::ohwi ? Layout{"OHWI", {3, 1, 2, 0}} : Layout{"1HWC", {}};
    case WeightKind::dense:
      return choice.transposed ? Layout{"[in, out]", {1, 0}} : Layout{"[out, in]", {}};
    case WeightKind::other:
      break;
  }
  return {};
}

std::vector<int32_t> arranged_shape(const Shape& stored, const Layout& layout) {
  if (layout.order.empty()) return {stored.dims().begin(), stored.dims().end()};
  std::vector<int32_t> out;
  for (int d : layout.order) out.push_back(stored[d]);
  return out;
}

SharedBytes arranged(const Tensor& tensor, const Layout& layout) {
  if (layout.order.empty()) return tensor.data;
  size_t const bytes = element_bytes(tensor.dtype), rank = layout.order.size();
  std::vector<int32_t> const shape = arranged_shape(tensor.shape, layout);
  std::vector<size_t> step(rank);  // in what is stored, for a step along a dimension of the layout
  for (size_t d = 0; d < rank; ++d)
    step[d] = static_cast<size_t>(tensor.shape.product(layout.order[d] + 1, tensor.shape.rank()));
  Bytes out(tensor.data.size());
  std::vector<int32_t> at(rank, 0);
  size_t from = 0;
  for (size_t to = 0; to < out.size(); to += bytes) {
    std::memcpy(&out[to], tensor.data.data() + from * bytes, bytes);
    for (size_t d = rank; d-- > 0;) {
      from += step[d];
      if (++at[d] < shape[d]) break;
      from -= step[d] * static_cast<size_t>(shape[d]);
      at[d] = 0;
    }
  }
  return SharedBytes(std::move(out));
}

}  // namespace narrow
