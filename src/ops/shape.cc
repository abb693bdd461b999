#include "ops/shape.h"

#include <array>
#include <cstring>

namespace narrow {
namespace {

Result<std::vector<Shape>> infer(const OpView& op) {
  NARROW_TRY(Shape shape, Shape::make(std::array{op.input(0).shape.rank()}));
  return std::vector{std::move(shape)};
}

template <class T>
Step write_step(const Shape& shape) {
  std::vector<T> dims(shape.dims().begin(), shape.dims().end());
  return Step{.run =
                  [dims](const StepArgs& s) {
                    for (size_t i = 0; i < static_cast<size_t>(s.batch) && !dims.empty(); ++i)
                      std::memcpy(static_cast<T*>(s.out[0]) + i * dims.size(), dims.data(), dims.size() * sizeof(T));
                  },
              .batched = true,
              .kernel = "constant"};
}

Result<Step> lower(const OpView& op, const LowerContext&) {
  DType const dtype = op.output().dtype;
  if (dtype != op.attributes<ShapeAttributes>().out_type)
    return fail(ErrorKind::bad_file, std::string("dimensions of ") +
                                         to_string(op.attributes<ShapeAttributes>().out_type) + " with a result of " +
                                         to_string(dtype));
  if (dtype == DType::int32) return write_step<int32_t>(op.input(0).shape);
  if (dtype == DType::int64) return write_step<int64_t>(op.input(0).shape);
  return fail(ErrorKind::unsupported, std::string("dimensions of type ") + to_string(dtype));
}

}  // namespace

const OpDef kShape{
    .name = "SHAPE",
    .arity = {},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation},
              .output8 = ScaleRule::none,
              .output16 = ScaleRule::none,
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer,
    .lower = lower,
};

}  // namespace narrow
