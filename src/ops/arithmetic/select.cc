#include "ops/arithmetic/arithmetic.h"
#include "ops/layout/move.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/select.h"
}

namespace narrow {
namespace {

/// The shape of SELECT's condition, with ones behind where it has a value for each index of the first dimension.
Result<Shape> condition_shape(const OpView& op) {
  const Shape &condition = op.input(0).shape, &shape = op.input(1).shape;
  if (condition == shape || condition.rank() == 0) return condition;
  if (condition.rank() == 1 && shape.rank() > 0 && condition[0] == shape[0]) {
    std::vector<int32_t> dims(static_cast<size_t>(shape.rank()), 1);
    dims[0] = condition[0];
    return Shape::make(dims);
  }
  return fail(ErrorKind::bad_file,
              "a condition of shape " + condition.text() + " does not choose among data of shape " + shape.text());
}

Result<std::vector<Shape>> infer_select(const OpView& op) {
  const Shape &a = op.input(1).shape, &b = op.input(2).shape;
  if (a != b) return fail(ErrorKind::bad_file, "shapes " + a.text() + " and " + b.text() + " differ");
  NARROW_CHECK(condition_shape(op));
  return std::vector{a};
}

Result<std::vector<Shape>> infer_select_v2(const OpView& op) {
  bool single = !op.op.outputs.empty() && op.output().elements() == 1;
  for (size_t i = 0; i < 3; ++i) single = single && op.input(i).elements() == 1;
  if (single) return std::vector{op.output().shape};  // runtimes keep the file's dimensions of single values
  NARROW_TRY(Shape const both, broadcast(op.input(1).shape, op.input(2).shape));
  NARROW_TRY(Shape shape, broadcast(op.input(0).shape, both));
  return std::vector{std::move(shape)};
}

/// Where the dimensions of `shape` lie in `stride`, which has those of the result; 0 where it repeats.
void set_strides(const Shape& shape, nw_i32* stride) {
  nw_i32 step = 1;
  for (int d = shape.rank() - 1, at = NW_SELECT_RANK - 1; d >= 0; --d, --at) {
    if (shape[d] == 1) continue;
    stride[at] = step;
    step *= shape[d];
  }
}

Result<nw_select_params> params_of_select(const OpView& op, const Shape& condition, int32_t element_bytes) {
  const Shape& shape = op.output().shape;
  for (const Shape* s : {&condition, &op.input(1).shape, &op.input(2).shape, &shape})
    if (s->rank() > NW_SELECT_RANK)
      return fail(ErrorKind::unsupported,
                  "operands of " + std::to_string(s->rank()) + " dimensions; at most 6 are computed");
  nw_select_params p{};
  p.element_bytes = element_bytes;
  std::fill_n(p.extent, NW_SELECT_RANK, 1);
  std::copy(shape.dims().begin(), shape.dims().end(), p.extent + NW_SELECT_RANK - shape.rank());
  set_strides(condition, p.condition_stride);
  set_strides(op.input(1).shape, p.a_stride);
  set_strides(op.input(2).shape, p.b_stride);
  return p;
}

/// Runs over nothing but the elements where all operands have the result's shape.
void flatten(const OpView& op, nw_select_params& p) {
  for (size_t i = 0; i < 3; ++i)
    if (op.input(i).shape != op.output().shape) return;
  std::fill_n(p.extent, NW_SELECT_RANK, 1);
  p.extent[NW_SELECT_RANK - 1] = static_cast<nw_i32>(op.output().elements());
  for (nw_i32* stride : {p.condition_stride, p.a_stride, p.b_stride}) stride[NW_SELECT_RANK - 1] = 1;
}

Result<Step> lower_select(const OpView& op, const Shape& condition) {
  if (op.input(0).dtype != DType::boolean)
    return fail(ErrorKind::unsupported, std::string("a condition of ") + to_string(op.input(0).dtype));
  DType const dtype = op.output().dtype;
  for (size_t i = 1; i < 3; ++i)
    if (op.input(i).dtype != dtype)
      return fail(ErrorKind::unsupported,
                  std::string("operands of ") + to_string(op.input(i).dtype) + " with a result of " + to_string(dtype));
  NARROW_CHECK(check_same_grid(op.input(1), op.output()));
  NARROW_CHECK(check_same_grid(op.input(2), op.output()));
  auto const bytes = static_cast<int32_t>(element_bytes(dtype));
  if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8)
    return fail(ErrorKind::unsupported, std::string("elements of type ") + to_string(dtype));
  NARROW_TRY(nw_select_params p, params_of_select(op, condition, bytes));
  flatten(op, p);
  return call_step(kernel_call(kSelectAny, p, {operand(0), operand(1), operand(2), result()}));
}

Result<Step> lower_select(const OpView& op, const LowerContext&) {
  NARROW_TRY(Shape const condition, condition_shape(op));
  return lower_select(op, condition);
}

Result<Step> lower_select_v2(const OpView& op, const LowerContext&) {
  return lower_select(op, op.input(0).shape);
}

constexpr QuantRule kRuleSelect =
    joining_rule({Role::index, Role::activation, Role::activation}, {.int8 = 1, .int16 = 1});

}  // namespace

const OpDef kSelect{.name = "SELECT",
                    .arity = {.min_inputs = 3, .max_inputs = 3},
                    .quant = kRuleSelect,
                    .infer = infer_select,
                    .lower = lower_select};

const OpDef kSelectV2{.name = "SELECT_V2",
                      .arity = {.min_inputs = 3, .max_inputs = 3},
                      .quant = kRuleSelect,
                      .infer = infer_select_v2,
                      .lower = lower_select_v2};

}  // namespace narrow
