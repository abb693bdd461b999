#include <cstring>

#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"
#include "rows/layout.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_dynamic_update_slice(const OpView& op) {
  const Shape &data = op.input(0).shape, &update = op.input(1).shape;
  NARROW_CHECK(index_bytes(op, 2, "begins"));
  bool fits = update.rank() == data.rank() && op.input(2).elements() == data.rank();
  for (int d = 0; fits && d < data.rank(); ++d) fits = update[d] <= data[d];
  if (!fits)
    return fail(ErrorKind::bad_file, "an update of shape " + update.text() + " with " +
                                         std::to_string(op.input(2).elements()) + " begins for data of shape " +
                                         data.text());
  return std::vector{data};
}

Result<Step> lower_dynamic_update_slice(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op, 2));
  NARROW_TRY(int32_t const wide, index_bytes(op, 2, "begins"));
  nw_window_params const p = window_params(op.input(0).shape, op.input(1).shape, bytes, wide);
  int64_t const elements = op.output().elements();
  Step step = call_step(copy_call(operand(0), result(), elements, elements * bytes));
  step.calls.push_back(kernel_call(kPutWindowAny, p, {operand(1), operand(2), result()}));
  return step;
}

int version_dynamic_update_slice(const OpView& op) {
  return op.input(2).dtype == DType::int64 ? 2 : 1;
}

}  // namespace

const OpDef kDynamicUpdateSlice{
    .name = "DYNAMIC_UPDATE_SLICE",
    .arity = {.min_inputs = 3, .max_inputs = 3},
    .quant = joining_rule({Role::activation, Role::activation, Role::index}, {.int8 = 1, .int16 = 4}),
    .infer = infer_dynamic_update_slice,
    .lower = lower_dynamic_update_slice,
    .version = version_dynamic_update_slice,
};

}  // namespace narrow
