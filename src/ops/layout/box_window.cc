#include "ops/layout/box_window.h"

extern "C" {
#include "portable/indexing/index.h"
}

namespace narrow {
namespace {

View box_inside(const Shape& whole, const Shape& box) {
  std::vector<int64_t> const strides = strides_of(whole);
  View view;
  for (int d = 0; d < box.rank(); ++d) view.dims.push_back({box[d], strides[static_cast<size_t>(d)]});
  return view;
}

}  // namespace

BoxWindow::BoxWindow(const Shape& whole, const Shape& box, int32_t element_bytes, int32_t index_bytes)
    : strides_(strides_of(whole)), index_bytes_(index_bytes), copy_(box_inside(whole, box), element_bytes) {
  for (int64_t& stride : strides_) stride *= element_bytes;
  for (int d = 0; d < whole.rank(); ++d) last_.push_back(whole[d] - box[d]);
}

int64_t BoxWindow::at(const std::byte* begins) const {
  int64_t at = 0;
  for (size_t d = 0; d < last_.size(); ++d)
    at += strides_[d] * nw_index(begins, static_cast<nw_i32>(d), index_bytes_, static_cast<nw_i32>(last_[d]));
  return at;
}

}  // namespace narrow
