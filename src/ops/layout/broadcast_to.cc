#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_broadcast_to(const OpView& op) {
  NARROW_TRY(Shape shape, shape_values(op, 1));
  const Shape& in = op.input(0).shape;
  int const added = shape.rank() - in.rank();
  bool fits = added >= 0;
  for (int d = 0; fits && d < in.rank(); ++d) fits = in[d] == 1 || in[d] == shape[added + d];
  if (!fits) return fail(ErrorKind::bad_file, "shape " + in.text() + " cannot be repeated to " + shape.text());
  return std::vector{std::move(shape)};
}

Result<Step> lower_broadcast_to(const OpView& op, const LowerContext&) {
  const Shape &in = op.input(0).shape, &out = op.output().shape;
  std::vector<int64_t> const strides = strides_of(in);
  int const added = out.rank() - in.rank();
  View view;
  for (int d = 0; d < out.rank(); ++d) {
    bool const repeats = d < added || in[d - added] == 1;
    view.dims.push_back({out[d], repeats ? 0 : strides[static_cast<size_t>(d - added)]});
  }
  return lower_view(op, view);
}

Result<std::vector<Shape>> infer_args(const OpView& op) {
  NARROW_CHECK(index_bytes(op, 0, "dimensions"));
  for (size_t i = 0; i < 2; ++i)
    if (op.input(i).shape.rank() != 1 || op.input(i).dtype != op.input(0).dtype)
      return fail(ErrorKind::bad_file, std::string("operands of ") + to_string(op.input(0).dtype) + " " +
                                           op.input(0).shape.text() + " and " + to_string(op.input(1).dtype) + " " +
                                           op.input(1).shape.text() + " where two lists of dimensions are needed");
  return std::vector{op.input(op.input(0).elements() < op.input(1).elements() ? 1 : 0).shape};
}

/// Dimensions pair up from the last one on; 1 gives way to the other's.
template <class T>
void broadcast_dims(std::span<const T> a, std::span<const T> b, T* out) {
  size_t const rank = std::max(a.size(), b.size());
  for (size_t i = 0; i < rank; ++i) {
    T const x = i < a.size() ? a[a.size() - 1 - i] : T{1}, y = i < b.size() ? b[b.size() - 1 - i] : T{1};
    out[rank - 1 - i] = x == 1 ? y : x;
  }
}

template <class T>
Step args_step(const OpView& op) {
  auto const m = static_cast<size_t>(op.input(0).elements()), n = static_cast<size_t>(op.input(1).elements());
  int64_t const a_advance = advance(op.input(0)), b_advance = advance(op.input(1));
  auto const rank = static_cast<int64_t>(std::max(m, n));
  return Step{.run =
                  [=](const StepArgs& s) {
                    auto const *a = static_cast<const T*>(s.in[0]), *b = static_cast<const T*>(s.in[1]);
                    auto* out = static_cast<T*>(s.out[0]);
                    for (int64_t i = 0; i < s.batch; ++i)
                      broadcast_dims<T>({a + i * a_advance, m}, {b + i * b_advance, n}, out + i * rank);
                  },
              .batched = true,
              .host_only = true,
              .kernel = "plain loops"};
}

Result<Step> lower_args(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op, 2));
  return bytes == 4 ? args_step<int32_t>(op) : args_step<int64_t>(op);
}

}  // namespace

const OpDef kBroadcastArgs{
    .name = "BROADCAST_ARGS",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.roles = {Role::index}},
    .infer = infer_args,
    .lower = lower_args,
};

const OpDef kBroadcastTo{
    .name = "BROADCAST_TO",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.float32 = 2, .int8 = 3, .int16 = 3}),
    .infer = infer_broadcast_to,
    .lower = lower_broadcast_to,
};

}  // namespace narrow
