#include <algorithm>

#include "ops/arithmetic/plain.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/move.h"

namespace narrow {
namespace {

/// Positions of the elements that are not zero.
template <class... Types>
Result<std::vector<int64_t>> positions(const Tensor& condition) {
  std::vector<int64_t> found;
  auto fits = [&]<class T>(T) {
    if (condition.dtype != PlainType<T>::dtype) return false;
    auto const values = condition.values<T>();
    for (size_t i = 0; i < values.size(); ++i)
      if (values[i] != T()) found.push_back(static_cast<int64_t>(i));
    return true;
  };
  if ((fits(Types()) || ...)) return found;
  return no_kernel(condition.dtype);
}

Result<std::vector<int64_t>> found_in_where(const Tensor& condition) {
  if (!condition.known())
    return fail(ErrorKind::unsupported,
                "a computed condition: how many results there are is known from its values only");
  if (condition.shape.rank() == 0) return fail(ErrorKind::unsupported, "a condition without dimensions");
  return positions<Truth, float, int8_t, uint8_t, int32_t, uint32_t, int64_t>(condition);
}

Result<std::vector<Shape>> infer_where(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const found, found_in_where(op.input(0)));
  NARROW_TRY(Shape shape, Shape::make({{static_cast<int32_t>(found.size()), op.input(0).shape.rank()}}));
  return std::vector{std::move(shape)};
}

Result<Step> lower_where(const OpView& op, const LowerContext&) {
  if (op.output().dtype != DType::int64)
    return fail(ErrorKind::unsupported, std::string("a result of ") + to_string(op.output().dtype));
  NARROW_TRY(std::vector<int64_t> const found, found_in_where(op.input(0)));
  const Shape& shape = op.input(0).shape;
  std::vector<int64_t> rows;
  for (int64_t position : found)
    for (int d = 0; d < shape.rank(); ++d) rows.push_back(position / shape.product(d + 1, shape.rank()) % shape[d]);
  return call_step(copy_call(constant_array("positions", ElementType::i64, rows)));
}

int version_where(const OpView& op) {
  return op.input(0).dtype == DType::boolean ? 1 : 2;
}

}  // namespace

const OpDef kWhere{
    .name = "WHERE",
    .arity = {},
    .quant = {.roles = {Role::index}, .output8 = ScaleRule::none, .output16 = ScaleRule::none},
    .infer = infer_where,
    .lower = lower_where,
    .version = version_where,
};

}  // namespace narrow
