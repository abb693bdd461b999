#include "ops/layout/view.h"

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

/// Calls f(element) for each index of `dims`, in order.
template <class F>
void each_offset(std::span<const ViewDim> dims, int64_t at, const F& f) {
  if (dims.empty()) return f(at);
  for (int64_t i = 0; i < dims[0].extent; ++i) each_offset(dims.subspan(1), at + i * dims[0].stride, f);
}

}  // namespace

std::vector<int64_t> strides_of(const Shape& shape) {
  std::vector<int64_t> out(static_cast<size_t>(shape.rank()));
  for (int d = 0; d < shape.rank(); ++d) out[static_cast<size_t>(d)] = shape.product(d + 1, shape.rank());
  return out;
}

StridedCopy::StridedCopy(const View& view, int32_t element_bytes) : dense_bytes_(element_bytes) {
  std::vector<ViewDim> const dims = simplest(view.dims);
  size_t const outer = dims.size() > NW_COPY_RANK ? dims.size() - NW_COPY_RANK : 0;
  outer_.assign(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(outer));
  inner_.offset = static_cast<nw_i32>(view.offset);
  inner_.element_bytes = element_bytes;
  std::fill_n(inner_.extent, NW_COPY_RANK, 1);
  size_t at = NW_COPY_RANK - (dims.size() - outer);
  for (size_t d = outer; d < dims.size(); ++d, ++at) {
    inner_.extent[at] = static_cast<nw_i32>(dims[d].extent);
    inner_.stride[at] = static_cast<nw_i32>(dims[d].stride);
    dense_bytes_ *= dims[d].extent;
  }
}

void StridedCopy::gather(const std::byte* in, std::byte* dense) const {
  each_offset(outer_, 0, [&](int64_t at) {
    nw_copy_strided(&inner_, in + at * inner_.element_bytes, dense);
    dense += dense_bytes_;
  });
}

void StridedCopy::spread(const std::byte* dense, std::byte* out) const {
  each_offset(outer_, 0, [&](int64_t at) {
    nw_put_strided(&inner_, dense, out + at * inner_.element_bytes);
    dense += dense_bytes_;
  });
}

Result<Step> lower_view(const OpView& op, const View& view, size_t operand) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op.input(operand), op.output()));
  if (op.output().elements() == 0) return Step{.run = [](const StepArgs&) {}, .batched = true, .kernel = "nothing"};
  StridedCopy const copy(view, bytes);
  return move_step(
      op, bytes, "strided copy", [copy](const std::byte* in, std::byte* out) { copy.gather(in, out); }, operand);
}

}  // namespace narrow
