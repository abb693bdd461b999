#include "ops/layout/view.h"

#include "rows/layout.h"

namespace narrow {
namespace {

/// The same view over fewer dimensions: those of one element are left out, neighbours walked evenly become one.
std::vector<ViewDim> simplest(const std::vector<ViewDim>& dims) {
  std::vector<ViewDim> out;
  for (const ViewDim& d : dims) {
    if (d.extent == 1) continue;
    if (!out.empty() && out.back().stride == d.extent * d.stride)
      out.back() = {out.back().extent * d.extent, d.stride};
    else
      out.push_back(d);
  }
  return out;
}

}  // namespace

std::vector<int64_t> strides_of(const Shape& shape) {
  std::vector<int64_t> out(static_cast<size_t>(shape.rank()));
  for (int d = 0; d < shape.rank(); ++d) out[static_cast<size_t>(d)] = shape.product(d + 1, shape.rank());
  return out;
}

nw_copy_strided_params strided_params(const View& view, int32_t element_bytes) {
  static_assert(NW_COPY_RANK >= 2 * kLimits.rank && NW_WINDOW_RANK >= kLimits.rank);
  std::vector<ViewDim> const dims = simplest(view.dims);
  nw_copy_strided_params p{};
  p.offset = static_cast<nw_i32>(view.offset);
  p.element_bytes = element_bytes;
  std::fill_n(p.extent, NW_COPY_RANK, 1);
  size_t at = NW_COPY_RANK - dims.size();
  for (const ViewDim& d : dims) {
    p.extent[at] = static_cast<nw_i32>(d.extent);
    p.stride[at++] = static_cast<nw_i32>(d.stride);
  }
  return p;
}

nw_window_params window_params(const Shape& whole, const Shape& box, int32_t element_bytes, int32_t index_bytes) {
  std::vector<int64_t> const strides = strides_of(whole);
  nw_window_params p{};
  View view;
  for (int d = 0; d < whole.rank(); ++d) {
    int64_t const stride = strides[static_cast<size_t>(d)];
    view.dims.push_back({box[d], stride});
    p.which[d] = d;
    p.last[d] = whole[d] - box[d];
    p.stride[d] = static_cast<nw_i32>(stride);
  }
  p.view = strided_params(view, element_bytes);
  p.chosen = whole.rank();
  p.index_bytes = index_bytes;
  return p;
}

Result<Step> lower_view(const OpView& op, const View& view, size_t data) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op.input(data), op.output()));
  return call_step(kernel_call(kCopyStridedAny, strided_params(view, bytes), {operand(data), result()}));
}

}  // namespace narrow
