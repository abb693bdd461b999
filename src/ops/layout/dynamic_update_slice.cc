#include "ops/layout/dynamic_update_slice.h"

#include <cstring>

#include "ops/layout/box_window.h"
#include "ops/layout/index_operand.h"

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
  const Tensor &data = op.input(0), &update = op.input(1), &begins = op.input(2);
  auto const whole = static_cast<size_t>(data.elements() * bytes);
  if (update.elements() == 0)
    return move_step(op, bytes, "copy", [whole](const std::byte* in, std::byte* out) { std::memcpy(out, in, whole); });
  BoxWindow const window(data.shape, update.shape, bytes, wide);
  int64_t const in_bytes = sample_bytes(data, bytes), out_bytes = op.output().elements() * bytes;
  int64_t const update_bytes = sample_bytes(update, bytes), begin_bytes = sample_bytes(begins, wide);
  return Step{.run =
                  [=](const StepArgs& s) {
                    auto at = [&](size_t i) { return static_cast<const std::byte*>(s.in[i]); };
                    auto* out = static_cast<std::byte*>(s.out[0]);
                    for (int64_t i = 0; i < s.batch; ++i, out += out_bytes) {
                      std::memcpy(out, at(0) + i * in_bytes, whole);
                      window.copy().spread(at(1) + i * update_bytes, out + window.at(at(2) + i * begin_bytes));
                    }
                  },
              .batched = true,
              .kernel = "strided copy"};
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
