#include "ops/arithmetic/elementwise.h"

#include <algorithm>

namespace narrow {

Result<nw_broadcast> walk_over(std::span<const WalkedDim> dims) {
  std::vector<WalkedDim> merged;
  for (const WalkedDim& d : dims) {
    if (d.extent == 1) continue;
    if (!merged.empty() && merged.back().a_repeats == d.a_repeats && merged.back().b_repeats == d.b_repeats)
      merged.back().extent *= d.extent;
    else
      merged.push_back(d);
  }
  if (merged.size() > NW_BROADCAST_RANK)
    return fail(ErrorKind::unsupported, "operands whose dimensions repeat in " + std::to_string(merged.size()) +
                                            " turns; at most " + std::to_string(NW_BROADCAST_RANK) + " are computed");
  nw_broadcast walk{};
  std::fill_n(walk.extent, NW_BROADCAST_RANK, 1);
  nw_i32 a = 1, b = 1;
  size_t at = NW_BROADCAST_RANK;
  for (size_t i = merged.size(); i-- > 0;) {
    const WalkedDim& d = merged[i];
    walk.extent[--at] = d.extent;
    walk.a_stride[at] = d.a_repeats ? 0 : a;
    walk.b_stride[at] = d.b_repeats ? 0 : b;
    if (!d.a_repeats) a *= d.extent;
    if (!d.b_repeats) b *= d.extent;
  }
  return walk;
}

Result<std::vector<Shape>> infer_broadcast(const OpView& op) {
  NARROW_TRY(Shape shape, broadcast(op.input(0).shape, op.input(1).shape));
  return std::vector{std::move(shape)};
}

bool broadcasts_far(const OpView& op) {
  const Shape &a = op.input(0).shape, &b = op.input(1).shape;
  return a != b && std::max(a.rank(), b.rank()) > 4;
}

Result<Operands> operands_of(const OpView& op) {
  const Shape& shape = op.output().shape;
  std::vector<int32_t> const a = op.input(0).shape.padded_to(shape.rank());
  std::vector<int32_t> const b = op.input(1).shape.padded_to(shape.rank());
  std::vector<WalkedDim> dims;
  for (size_t i = 0; i < a.size(); ++i) {
    int32_t const extent = std::max(shape[static_cast<int>(i)], 1);  // an empty result is not walked
    dims.push_back({extent, a[i] == 1, b[i] == 1});
  }
  NARROW_TRY(nw_broadcast const walk, walk_over(dims));
  return Operands{.walk = walk,
                  .same_shape = a == b,
                  .a_advance = advance(op.input(0)),
                  .b_advance = advance(op.input(1)),
                  .out_advance = shape.elements()};
}

Result<DType> shared_dtype(const OpView& op) {
  DType const dtype = op.output().dtype;
  for (size_t i = 0; i < 2; ++i)
    if (op.input(i).dtype != dtype)
      return fail(ErrorKind::unsupported, std::string("operands of ") + to_string(op.input(0).dtype) + " and " +
                                              to_string(op.input(1).dtype) + " with a result of " + to_string(dtype));
  return dtype;
}

}  // namespace narrow
