#include "ops/build/fake_quant_range.h"

#include <algorithm>
#include <cmath>

#include "ops/conversions/fake_quant.h"

namespace narrow {
namespace {

/// A constant on the grids of its channels, stored as integers and read back.
Result<int> add_ranges_of_channels(GraphBuilder& builder, int tensor, const FakeQuantRange& range,
                                   const RangeNames& names) {
  const Shape shape = builder.shape(tensor);
  size_t const channels = range.min.size();
  int const axis =
      shape.rank() > 0 && static_cast<size_t>(shape[0]) == channels && shape[0] != 1 ? 0 : shape.rank() - 1;
  if (axis < 0 || static_cast<size_t>(shape[axis]) % channels != 0)
    return fail(ErrorKind::unsupported, "ranges of FakeQuant that do not lie along the channels of the layer");
  if (range.num_bits > 8) return fail(ErrorKind::unsupported, "ranges of FakeQuant by channel with more than 8 bits");
  Quantization q{.scales = {}, .zero_points = {}, .axis = axis};
  bool symmetric = true;
  int64_t const middle = int64_t{1} << (range.num_bits - 1);
  for (size_t i = 0; i < static_cast<size_t>(shape[axis]); ++i) {
    NARROW_TRY(FakeQuantGrid const grid, fake_quant_grid(attributes_of(range, i % channels)));
    q.scales.push_back(grid.scale);
    q.zero_points.push_back(grid.zero_point);
    symmetric = symmetric && grid.zero_point == middle;
  }
  if (symmetric) std::fill(q.zero_points.begin(), q.zero_points.end(), 0);
  DType const dtype = symmetric ? DType::int8 : DType::uint8;
  NARROW_TRY(int const stored, builder.infer_op(kQuantize, {}, {tensor}, {.dtype = dtype, .name = names.stored}));
  builder.at(stored).quantization = std::move(q);
  return builder.infer_op(kDequantize, {}, {stored}, {.name = names.rounded});
}

}  // namespace

FakeQuantAttributes attributes_of(const FakeQuantRange& range, size_t index) {
  float lo = range.min[index], hi = range.max[index];
  if (lo > 0) {
    hi -= lo;
    lo = 0;
  } else if (hi < 0) {
    lo -= hi;
    hi = 0;
  }
  return {.min = lo, .max = hi, .num_bits = range.num_bits, .narrow_range = range.narrow_range};
}

Result<std::vector<float>> rounded_to_range(std::span<const float> values, const FakeQuantRange& range) {
  std::vector<FakeQuantGrid> grids;
  for (size_t i = 0; i < range.min.size(); ++i) {
    NARROW_TRY(FakeQuantGrid const grid, fake_quant_grid(attributes_of(range, i)));
    grids.push_back(grid);
  }
  std::vector<float> out(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const FakeQuantGrid& g = grids[i % grids.size()];
    float const least = static_cast<float>(g.lo - g.zero_point) * g.scale;
    float const most = static_cast<float>(g.hi - g.zero_point) * g.scale;
    out[i] = std::floor((std::clamp(values[i], least, most) - least) * (1.0f / g.scale) + 0.5f) * g.scale + least;
  }
  return out;
}

Result<int> add_range(GraphBuilder& builder, int tensor, const FakeQuantRange& range, const RangeNames& names) {
  if (range.per_channel()) return add_ranges_of_channels(builder, tensor, range, names);
  return builder.infer_op(kFakeQuant, attributes_of(range, 0), {tensor}, {.name = names.rounded});
}

}  // namespace narrow
