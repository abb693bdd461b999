#include "emit/constants/layout.h"

#include <cstring>

namespace narrow {

Layout layout_of(WeightLayout stored, const LayoutChoice& choice) {
  using Conv = LayoutChoice::Conv;
  switch (stored) {
    case WeightLayout::ohwi:
      return choice.conv == Conv::hwio ? Layout{"HWIO", {1, 2, 3, 0}} : Layout{"OHWI", {}};
    case WeightLayout::depthwise:
      // As stored, [1, h, w, channels] has the order of HWIO.
      return choice.conv == Conv::ohwi ? Layout{"OHWI", {3, 1, 2, 0}} : Layout{"1HWC", {}};
    case WeightLayout::out_in:
      return choice.transposed ? Layout{"[in, out]", {1, 0}} : Layout{"[out, in]", {}};
    case WeightLayout::none:
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
