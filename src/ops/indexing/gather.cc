#include "graph/attribute_type.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/move.h"
#include "rows/indexing.h"

extern "C" {
#include "portable/indexing/gather.h"
#include "portable/indexing/index.h"
}

namespace narrow {
namespace {

/// What is chosen where: dimension `axis` of operand `data` by operand `positions`, which shares `batch` dimensions.
struct Choice {
  size_t data = 0;
  size_t positions = 1;
  int axis = 0;
  int batch = 0;
};

Result<Choice> gather_choice(const OpView& op) {
  auto const& a = op.attributes<GatherAttributes>();
  const Shape &data = op.input(0).shape, &positions = op.input(1).shape;
  NARROW_TRY(Axis const axis, Axis::resolve(a.axis, data.rank()));
  int const batch = a.batch_dims < 0 ? a.batch_dims + positions.rank() : a.batch_dims;
  bool fits = batch >= 0 && batch <= axis.index() && batch <= positions.rank();
  for (int d = 0; fits && d < batch; ++d) fits = data[d] == positions[d];
  if (!fits)
    return fail(ErrorKind::bad_file, std::to_string(a.batch_dims) + " dimensions are not shared by data of shape " +
                                         data.text() + " and positions of shape " + positions.text());
  return Choice{0, 1, axis.index(), batch};
}

Result<Choice> lookup_choice(const OpView& op) {
  if (op.input(0).shape.rank() == 1 && op.input(1).shape.rank() >= 1) return Choice{1, 0, 0, 0};
  return fail(ErrorKind::bad_file,
              "positions of shape " + op.input(0).shape.text() + " in a table of shape " + op.input(1).shape.text());
}

/// What the positions may be.
std::vector<IndexRange> inside(const OpView& op, const Choice& c) {
  return {{0, op.input(c.data).shape[c.axis] - 1}};
}

Result<std::vector<Shape>> infer_choice(const OpView& op, const Choice& c) {
  const Shape &data = op.input(c.data).shape, &positions = op.input(c.positions).shape;
  NARROW_CHECK(index_bytes(op, c.positions, "positions", true));
  NARROW_CHECK(check_positions(op, c.positions, "positions", inside(op, c)));
  if (data[c.axis] == 0 && positions.elements() > 0)
    return fail(ErrorKind::bad_file, "positions in a dimension without elements");
  std::vector<int32_t> dims(data.dims().begin(), data.dims().begin() + c.axis);
  dims.insert(dims.end(), positions.dims().begin() + c.batch, positions.dims().end());
  dims.insert(dims.end(), data.dims().begin() + c.axis + 1, data.dims().end());
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

/// For results of `bytes` an element.
Result<nw_gather_params> params_of_gather(const OpView& op, const Choice& c, int32_t bytes) {
  const Shape &data = op.input(c.data).shape, &positions = op.input(c.positions).shape;
  NARROW_TRY(int32_t const wide, index_bytes(op, c.positions, "positions", true));
  return nw_gather_params{
      .batches = static_cast<nw_i32>(data.product(0, c.batch)),
      .outer = static_cast<nw_i32>(data.product(c.batch, c.axis)),
      .extent = data[c.axis],
      .count = static_cast<nw_i32>(positions.product(c.batch, positions.rank())),
      .block_bytes = static_cast<nw_i32>(data.product(c.axis + 1, data.rank()) * bytes),
      .index_bytes = wide,
  };
}

Result<Step> lower_choice(const OpView& op, const Choice& c) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op.input(c.data), op.output()));
  NARROW_TRY(nw_gather_params const p, params_of_gather(op, c, bytes));
  Step step = call_step(kernel_call(kGatherAny, p, {operand(c.data), operand(c.positions), result()}));
  return checking_positions(op, c.positions, "positions", inside(op, c), std::move(step));
}

Result<std::vector<Shape>> infer_gather(const OpView& op) {
  NARROW_TRY(Choice const c, gather_choice(op));
  return infer_choice(op, c);
}

Result<Step> lower_gather(const OpView& op, const LowerContext&) {
  NARROW_TRY(Choice const c, gather_choice(op));
  return lower_choice(op, c);
}

int version_gather(const OpView& op) {
  if (op.input(1).dtype == DType::int16) return 6;
  if (op.attributes<GatherAttributes>().batch_dims != 0) return 5;
  return op.input(0).dtype == DType::boolean ? 3 : 1;
}

Result<std::vector<Shape>> infer_lookup(const OpView& op) {
  NARROW_TRY(Choice const c, lookup_choice(op));
  return infer_choice(op, c);
}

/// Rows of 8-bit integers as floats: each integer times the scale of its row, or the table's.
template <class T>
Result<Step> lower_rows(const OpView& op, const Choice& c) {
  const Tensor& table = op.input(c.data);
  const Quantization& q = table.quantization;
  auto nonzero = [](int64_t z) { return z != 0; };
  if (!q.present() || (q.per_axis() && q.axis != 0) || std::any_of(q.zero_points.begin(), q.zero_points.end(), nonzero))
    return fail(ErrorKind::unsupported, "a table without one scale for all or for each row, and zero point 0");
  if (!table.constant) return fail(ErrorKind::unsupported, "a table of integers that is computed");
  NARROW_TRY(nw_gather_params const p, params_of_gather(op, c, 1));
  int64_t const row = p.block_bytes, out_elements = op.output().elements();
  int64_t const position_bytes = sample_bytes(op.input(c.positions), p.index_bytes);
  Step step{.run =
                [=, scales = q.scales](const StepArgs& s) {
                  auto const* values = static_cast<const T*>(s.in[c.data]);
                  auto const* at = static_cast<const std::byte*>(s.in[c.positions]);
                  auto* out = static_cast<float*>(s.out[0]);
                  for (int64_t i = 0; i < s.batch && out_elements > 0; ++i)
                    for (int32_t k = 0; k < p.count; ++k, out += row) {
                      int32_t const r = nw_index(at + i * position_bytes, k, p.index_bytes, p.extent - 1);
                      float const scale = scales[scales.size() > 1 ? static_cast<size_t>(r) : 0];
                      for (int64_t e = 0; e < row; ++e) out[e] = static_cast<float>(values[r * row + e]) * scale;
                    }
                },
            .batched = true,
            .host_only = true,
            .kernel = "rows to float"};
  return checking_positions(op, c.positions, "positions", inside(op, c), std::move(step));
}

Result<Step> lower_lookup(const OpView& op, const LowerContext&) {
  NARROW_TRY(Choice const c, lookup_choice(op));
  if (op.output().dtype == DType::float32 && op.input(c.data).dtype == DType::int8) return lower_rows<int8_t>(op, c);
  if (op.output().dtype == DType::float32 && op.input(c.data).dtype == DType::uint8) return lower_rows<uint8_t>(op, c);
  return lower_choice(op, c);
}

int lookup_version(const OpView& op) {
  return op.input(1).quantization.per_axis() ? 4 : 1;
}

}  // namespace

constexpr AttributeField kGatherFields[] = {
    field<&GatherAttributes::axis>("axis"),
    field<&GatherAttributes::batch_dims>("batch_dims"),
};
const AttributeType GatherAttributes::kType = attribute_type<GatherAttributes>("Gather", kGatherFields);

constexpr QuantRule kLookupRule = [] {
  QuantRule rule = moving_rule({Role::index, Role::activation}, {.int8 = 1, .int16 = 1, .dynamic = 3});
  rule.dynamic_operand = 1;
  return rule;
}();

const OpDef kEmbeddingLookup{
    .name = "EMBEDDING_LOOKUP",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = kLookupRule,
    .infer = infer_lookup,
    .lower = lower_lookup,
    .version = lookup_version,
};

const OpDef kGather{
    .name = "GATHER",
    .attributes = &GatherAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 4}),
    .infer = infer_gather,
    .lower = lower_gather,
    .version = version_gather,
};

}  // namespace narrow
