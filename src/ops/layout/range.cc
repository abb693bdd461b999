#include <array>
#include <cmath>

#include "ops/arithmetic/elementwise.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"
#include "rows/describe.h"

namespace narrow {
namespace {

std::string not_reached() {
  return "the limit is not reached from the start";
}

Result<int64_t> count_of(int64_t start, int64_t limit, int64_t delta) {
  if (delta == 0 || (delta > 0 ? start > limit : start < limit)) return fail(ErrorKind::bad_file, not_reached());
  // Unsigned, for distances that do not fit 64 bits with a sign.
  uint64_t const distance = delta > 0 ? static_cast<uint64_t>(limit) - static_cast<uint64_t>(start)
                                      : static_cast<uint64_t>(start) - static_cast<uint64_t>(limit);
  uint64_t const step = delta > 0 ? static_cast<uint64_t>(delta) : 0 - static_cast<uint64_t>(delta);
  uint64_t const count = distance / step + (distance % step != 0);
  if (count > static_cast<uint64_t>(limits_in_force().tensor_elements))
    return fail(ErrorKind::limit_exceeded, "a range of " + std::to_string(count) + " elements");
  return static_cast<int64_t>(count);
}

Result<int64_t> count_of(float start, float limit, float delta) {
  bool const reached = (delta > 0 && start <= limit) || (delta < 0 && start >= limit);
  if (!reached) return fail(ErrorKind::bad_file, not_reached());
  float const count = std::ceil(std::abs((limit - start) / delta));
  if (!(count <= static_cast<float>(limits_in_force().tensor_elements)))
    return fail(ErrorKind::limit_exceeded, "a range of " + std::to_string(count) + " elements");
  return static_cast<int64_t>(count);
}

template <class T>
Result<int64_t> count_in(const OpView& op) {
  using Wide = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
  auto value = [&](size_t i) -> Wide { return op.input(i).values<T>()[0]; };
  return count_of(value(0), value(1), value(2));
}

Result<std::vector<Shape>> infer_range(const OpView& op) {
  DType const dtype = op.input(0).dtype;
  if (dtype != DType::float32 && dtype != DType::int32 && dtype != DType::int64)
    return fail(ErrorKind::unsupported, std::string("a range of ") + to_string(dtype));
  for (size_t i = 0; i < 3; ++i) {
    if (op.input(i).elements() != 1 || op.input(i).dtype != dtype)
      return fail(ErrorKind::bad_file, "start, limit and delta are not scalars of one type");
    if (!op.input(i).known()) return fail(ErrorKind::unsupported, "a range whose start, limit or delta is computed");
  }
  NARROW_TRY(int64_t const count, dtype == DType::float32 ? count_in<float>(op)
                                  : dtype == DType::int32 ? count_in<int32_t>(op)
                                                          : count_in<int64_t>(op));
  NARROW_TRY(Shape shape, Shape::make(std::array{static_cast<int32_t>(count)}));
  return std::vector{std::move(shape)};
}

/// Values add up one after the other, as in the runtimes.
template <class T>
Step range_step(const OpView& op) {
  auto const n = static_cast<size_t>(op.output().elements());
  std::vector<T> values(n);
  T at = op.input(0).values<T>()[0];
  T const delta = op.input(2).values<T>()[0];
  for (size_t i = 0; i < n; ++i) {
    values[i] = at;
    if (i + 1 < n) at = static_cast<T>(at + delta);
  }
  return call_step(copy_call(constant_array("values", element_type_of<T>(), values)));
}

Result<Step> lower_range(const OpView& op, const LowerContext&) {
  if (op.output().dtype != op.input(0).dtype)
    return fail(ErrorKind::unsupported, std::string("a range of ") + to_string(op.input(0).dtype) +
                                            " with a result of " + to_string(op.output().dtype));
  if (op.output().dtype == DType::float32) return range_step<float>(op);
  return op.output().dtype == DType::int32 ? range_step<int32_t>(op) : range_step<int64_t>(op);
}

int version_range(const OpView& op) {
  return op.input(0).dtype == DType::int64 ? 2 : 1;
}

}  // namespace

const OpDef kRange{
    .name = "RANGE",
    .arity = {.min_inputs = 3, .max_inputs = 3},
    .quant = {.roles = {Role::index}},
    .infer = infer_range,
    .lower = lower_range,
    .version = version_range,
};

}  // namespace narrow
