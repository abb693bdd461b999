#include "ops/arithmetic/elementwise.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/index_operand.h"

namespace narrow {
namespace {

/// The segment of each row, checked.
Result<std::vector<int64_t>> segments_of(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> segments, index_values(op, 1, "segments"));
  const Shape& in = op.input(0).shape;
  if (in.rank() < 1 || static_cast<int64_t>(segments.size()) != in[0])
    return fail(ErrorKind::bad_file, std::to_string(segments.size()) + " segments for data of shape " + in.text());
  for (size_t i = 0; i < segments.size(); ++i) {
    int64_t const before = i == 0 ? 0 : segments[i - 1];
    if (segments[i] != before && (i == 0 || segments[i] != before + 1))
      return fail(ErrorKind::bad_file, "segment " + std::to_string(segments[i]) + " after " + std::to_string(before));
  }
  return segments;
}

Result<std::vector<Shape>> infer_segment_sum(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const segments, segments_of(op));
  const Shape& in = op.input(0).shape;
  std::vector<int32_t> dims(in.dims().begin(), in.dims().end());
  dims[0] = segments.empty() ? 0 : static_cast<int32_t>(segments.back() + 1);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

/// Integers wrap around.
float sum(float a, float b) {
  return a + b;
}
int32_t sum(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

template <class T>
Step sum_step_segment_sum(const OpView& op, const std::vector<int64_t>& segments) {
  int64_t const in_advance = advance(op.input(0)), n = op.output().elements();
  int64_t const row = op.input(0).shape.product(1, op.input(0).shape.rank());
  auto one = [segments, row](const T* in, T* out) {
    for (int64_t segment : segments) {
      T* const to = out + segment * row;
      for (int64_t e = 0; e < row; ++e) to[e] = sum(to[e], in[e]);
      in += row;
    }
  };
  return Step{.run =
                  [=](const StepArgs& s) {
                    auto const* in = static_cast<const T*>(s.in[0]);
                    auto* out = static_cast<T*>(s.out[0]);
                    if (n == 0) return;
                    std::fill_n(out, n * s.batch, T{});
                    for (int64_t i = 0; i < s.batch; ++i) one(in + i * in_advance, out + i * n);
                  },
              .batched = true,
              .host_only = true,
              .kernel = "plain loops"};
}

Result<Step> lower_segment_sum(const OpView& op, const LowerContext&) {
  NARROW_TRY(std::vector<int64_t> const segments, segments_of(op));
  DType const dtype = op.output().dtype;
  if (op.input(0).dtype != dtype || (dtype != DType::float32 && dtype != DType::int32))
    return fail(ErrorKind::unsupported, std::string("sums of ") + to_string(op.input(0).dtype));
  return dtype == DType::float32 ? sum_step_segment_sum<float>(op, segments)
                                 : sum_step_segment_sum<int32_t>(op, segments);
}

}  // namespace

const OpDef kSegmentSum{
    .name = "SEGMENT_SUM",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.roles = {Role::activation, Role::index}},
    .infer = infer_segment_sum,
    .lower = lower_segment_sum,
};

}  // namespace narrow
