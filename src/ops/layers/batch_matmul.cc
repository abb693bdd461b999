#include "graph/attribute_type.h"
#include "ops/arithmetic/elementwise.h"
#include "ops/layers/batch_matmul_float.h"
#include "ops/layers/batch_matmul_integer.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

Shape leading(const Shape& shape) {
  return *Shape::make(shape.dims().first(static_cast<size_t>(shape.rank() - 2)));
}

/// Rows and columns of the matrices of an operand, as they take part in the product.
std::pair<int, int> matrix(const Shape& shape, bool adjoint) {
  int const rows = shape[shape.rank() - 2], cols = shape.back();
  return adjoint ? std::pair(cols, rows) : std::pair(rows, cols);
}

Status check_matrices(const OpView& op) {
  auto const& a = op.attributes<BatchMatmulAttributes>();
  const Shape &x = op.input(0).shape, &y = op.input(1).shape;
  if (x.rank() < 2 || y.rank() < 2)
    return fail(ErrorKind::bad_file, "operands of shapes " + x.text() + " and " + y.text() + " are not matrices");
  if (matrix(x, a.adjoint_a).second != matrix(y, a.adjoint_b).first)
    return fail(ErrorKind::bad_file, "matrices in " + x.text() + (a.adjoint_a ? ", transposed," : "") + " and " +
                                         y.text() + (a.adjoint_b ? ", transposed," : "") + " cannot be multiplied");
  return {};
}

Result<std::vector<Shape>> infer_batch_matmul(const OpView& op) {
  NARROW_CHECK(check_matrices(op));
  auto const& a = op.attributes<BatchMatmulAttributes>();
  NARROW_TRY(Shape const batches, broadcast(leading(op.input(0).shape), leading(op.input(1).shape)));
  std::vector<int32_t> dims(batches.dims().begin(), batches.dims().end());
  dims.push_back(matrix(op.input(0).shape, a.adjoint_a).first);
  dims.push_back(matrix(op.input(1).shape, a.adjoint_b).second);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

/// The matrices and how they lie, without the arithmetic. For a result that has elements.
Result<nw_batch_matmul_params> geometry_batch_matmul(const OpView& op) {
  auto const& attributes = op.attributes<BatchMatmulAttributes>();
  int const rank = op.output().shape.rank() - 2;
  std::vector<int32_t> const x = leading(op.input(0).shape).padded_to(rank);
  std::vector<int32_t> const y = leading(op.input(1).shape).padded_to(rank);
  std::vector<WalkedDim> dims;
  for (int d = 0; d < rank; ++d) {
    auto const at = static_cast<size_t>(d);
    dims.push_back({op.output().shape[d], x[at] == 1, y[at] == 1});
  }
  auto const [rows, depth] = matrix(op.input(0).shape, attributes.adjoint_a);
  int const cols = matrix(op.input(1).shape, attributes.adjoint_b).second;
  nw_batch_matmul_params p{};
  NARROW_TRY(p.matrices, walk_over(dims));
  p.rows = rows;
  p.depth = depth;
  p.cols = cols;
  p.a_row_stride = attributes.adjoint_a ? 1 : depth;
  p.a_step = attributes.adjoint_a ? rows : 1;
  p.b_col_stride = attributes.adjoint_b ? depth : 1;
  p.b_step = attributes.adjoint_b ? 1 : cols;
  return p;
}

int64_t macs_batch_matmul(const OpView& op) {
  return op.output().elements() * matrix(op.input(0).shape, op.attributes<BatchMatmulAttributes>().adjoint_a).second;
}

Result<Step> lower_batch_matmul(const OpView& op, const LowerContext& context) {
  DType const a = op.input(0).dtype, b = op.input(1).dtype, out = op.output().dtype;
  bool const floats = a == DType::float32 && out == a;
  bool const hybrid = floats && b == DType::int8 && op.input(1).constant && op.input(1).quantization.present();
  bool const integers =
      (a == DType::int8 && b == a && out == a) || (a == DType::int16 && (b == a || b == DType::int8) && out == a);
  if (!integers && !hybrid && !(floats && b == a))
    return fail(ErrorKind::unsupported,
                std::string("nothing computes ") + to_string(out) + " from " + to_string(a) + " and " + to_string(b));
  if (op.output().elements() == 0) return Step{.run = [](const StepArgs&) {}, .kernel = "nothing to do"};
  NARROW_TRY(nw_batch_matmul_params const g, geometry_batch_matmul(op));
  if (integers) return lower_integer_batch_matmul(op, g, context);
  if (hybrid) return lower_hybrid_batch_matmul(op, g);
  return lower_float_batch_matmul(op, g);
}

}  // namespace

constexpr AttributeField kBatchMatmulFields[] = {
    field<&BatchMatmulAttributes::adjoint_a>("adjoint_a"),
    field<&BatchMatmulAttributes::adjoint_b>("adjoint_b"),
    field<&BatchMatmulAttributes::asymmetric_quantize_inputs>("asymmetric_quantize_inputs"),
};
const AttributeType BatchMatmulAttributes::kType =
    attribute_type<BatchMatmulAttributes>("BatchMatmul", kBatchMatmulFields);

const OpDef kBatchMatmul{
    .name = "BATCH_MATMUL",
    .attributes = &BatchMatmulAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::activation},
              .versions = {.int8 = 2, .int16 = 3, .dynamic = 4},
              // Scales would lie along either of the last dimensions; TFLite's converter gives the operand one.
              .dynamic_operand = 1,
              .dynamic_per_tensor = true},
    .infer = infer_batch_matmul,
    .lower = lower_batch_matmul,
    .macs = macs_batch_matmul,
};

}  // namespace narrow
