#include "ops/reductions/reduction.h"

#include <algorithm>

#include "graph/attribute_type.h"
#include "ops/layout/index_operand.h"

namespace narrow {
namespace {

/// For each dimension of the data, whether it is reduced over.
Result<std::vector<bool>> reduced_dims(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const values, index_values(op, 1, "axes"));
  std::vector<bool> reduced(static_cast<size_t>(op.input(0).shape.rank()));
  for (int64_t v : values) {
    NARROW_TRY(Axis const axis, Axis::resolve(v, op.input(0).shape.rank()));
    reduced[static_cast<size_t>(axis.index())] = true;
  }
  return reduced;
}

/// The dimensions of `walk` that are kept, or those that are reduced over.
nw_reduce_dims dims_of(const nw_broadcast& walk, bool kept) {
  nw_reduce_dims dims{};
  std::fill_n(dims.extent, NW_REDUCE_RANK, 1);
  for (int from = NW_BROADCAST_RANK - 1, to = NW_REDUCE_RANK - 1; from >= 0; --from) {
    if ((walk.b_stride[from] != 0) != kept) continue;
    dims.extent[to] = walk.extent[from];
    dims.stride[to--] = walk.a_stride[from];
  }
  return dims;
}

}  // namespace

Result<std::vector<Shape>> infer_reduction(const OpView& op) {
  NARROW_TRY(std::vector<bool> const reduced, reduced_dims(op));
  bool const keep = op.attributes<ReduceAttributes>().keep_dims;
  std::vector<int32_t> dims;
  for (size_t i = 0; i < reduced.size(); ++i) {
    if (!reduced[i])
      dims.push_back(op.input(0).shape[static_cast<int>(i)]);
    else if (keep)
      dims.push_back(1);
  }
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Reduction> reduction_of(const OpView& op) {
  NARROW_TRY(std::vector<bool> const reduced, reduced_dims(op));
  const Shape& shape = op.input(0).shape;
  std::vector<WalkedDim> dims;
  int64_t count = 1;
  for (int i = 0; i < shape.rank(); ++i) {
    bool const along = reduced[static_cast<size_t>(i)];
    dims.push_back({std::max(shape[i], 1), false, along});  // an empty result is not walked
    if (along) count *= shape[i];
  }
  if (count == 0) return fail(ErrorKind::unsupported, "data of shape " + shape.text() + " reduced over no elements");
  NARROW_TRY(nw_broadcast const walk, walk_over(dims));
  return Reduction{walk, static_cast<int32_t>(count), advance(op.input(0)), op.output().elements()};
}

nw_reduce_dims Reduction::kept() const {
  return dims_of(walk, true);
}
nw_reduce_dims Reduction::reduced() const {
  return dims_of(walk, false);
}

constexpr AttributeField kReduceFields[] = {
    field<&ReduceAttributes::keep_dims>("keep_dims"),
};
const AttributeType ReduceAttributes::kType = attribute_type<ReduceAttributes>("Reduce", kReduceFields);

}  // namespace narrow
