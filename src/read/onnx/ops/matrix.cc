// Products of matrices.
#include <algorithm>

#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/quantized.h"

namespace narrow::onnx {
namespace {

/// Where rows come from a flattened image with channels last that was moved for the file's sake alone: the image
/// instead, and the weights' columns moved.
Status undo_flatten(Node& n, int& x, int& weights) {
  const Graph& graph = n.net.builder().graph();
  auto const producer = [&](int t) -> const Op* {
    for (size_t i = graph.ops.size(); i-- > 0;)
      if (graph.ops[i].outputs[0] == t) return &graph.ops[i];
    return nullptr;
  };
  const Op* const reshape = producer(x);
  if (!reshape || reshape->def != &kReshape) return {};
  const Op* const transpose = producer(reshape->inputs[0]);
  if (!transpose || transpose->def != &kTranspose) return {};
  int const image = transpose->inputs[0];
  auto const by = graph.tensor(transpose->inputs[1]).values<int32_t>();
  Order const order(by.begin(), by.end());
  Shape const flat = graph.tensor(x).shape, s = graph.tensor(image).shape;
  Shape const w = n.net.at(weights).shape;
  if (order[0] != 0 || flat.rank() != 2 || flat[0] != s[0] || s.product(1, s.rank()) != w[1]) return {};
  // Columns as the file counts them, then as the image has them.
  std::vector<int32_t> dims{w[0]};
  for (size_t d = 1; d < order.size(); ++d) dims.push_back(s[order[d]]);
  Order back(order.size());
  for (size_t d = 0; d < order.size(); ++d) back[static_cast<size_t>(order[d])] = static_cast<int>(d);
  int const rank = static_cast<int>(dims.size());
  NARROW_TRY(int split, n.net.reshaped(weights, dims, ""));
  NARROW_TRY(split, n.net.stored({split, plain(rank)}, back));
  NARROW_TRY(weights, n.net.reshaped(split, {w[0], w[1]}, ""));
  NARROW_TRY(x, n.net.reshaped(image, {flat[0], flat[1]}, graph.tensor(image).name + "/flat"));
  return {};
}

struct Dense {
  int x, weights;  // weights [out, in], constant
  int bias = kNoTensor;
  std::optional<DType> result{};
  Quantization quantization{};
};

Result<int> dense(Node& n, Dense d, const std::string& name) {
  NARROW_CHECK(undo_flatten(n, d.x, d.weights));
  FullyConnectedAttributes a;
  a.keep_num_dims = n.net.at(d.x).shape.rank() != 2;
  std::vector<int> operands{d.x, d.weights};
  if (d.bias != kNoTensor) operands.push_back(d.bias);
  return n.net.add(kFullyConnected, a, operands, name, d.result, d.quantization);
}

/// A constant times a number.
Result<int> scaled(Node& n, int t, float by) {
  if (by == 1.0F) return t;
  return n.net.add(kMul, MulAttributes{}, {t, n.net.scalar(by)}, n.name() + "/scaled");
}

/// A constant as a bias of `out` values; kNoTensor where it is none.
Result<int> as_bias(Node& n, int t, int32_t out) {
  const Tensor& c = n.net.at(t);
  if (!c.constant || c.dtype != DType::float32) return kNoTensor;
  if (c.elements() == out && (c.shape.rank() == 0 || c.shape.back() == out)) return n.net.reshaped(t, {out}, c.name);
  if (c.elements() != 1) return kNoTensor;
  std::vector<float> const same(static_cast<size_t>(out), c.values<float>()[0]);
  return n.net.builder().constant({.shape = Shape::of({out}), .name = c.name}, same);
}

Status read_gemm(Node& n) {
  float const alpha = n.real("alpha", 1), beta = n.real("beta", 1);
  bool const trans_a = n.integer("transA", 0) != 0, trans_b = n.integer("transB", 0) != 0;
  if (n.shape(0).rank() != 2 || n.shape(1).rank() != 2)
    return fail(ErrorKind::bad_file, "operands of Gemm are not matrices");
  if (n.tensor(0).dtype != DType::float32) return not_here("Gemm of integers");
  if (n.opset < 7) n.ignore("broadcast");  // what is added broadcasts in any case
  NARROW_TRY(int const x, n.net.stored(n.in(0), trans_a ? Order{1, 0} : Order{0, 1}));
  NARROW_TRY(int w, n.net.stored(n.in(1), trans_b ? Order{0, 1} : Order{1, 0}));
  Shape const ws = n.net.at(w).shape;
  if (n.net.at(x).shape[1] != ws[1]) return fail(ErrorKind::bad_file, "the matrices of Gemm cannot be multiplied");
  int added = kNoTensor, bias = kNoTensor;
  if (n.has(2) && beta != 0) {
    NARROW_TRY(added, n.net.plain_tensor(n.in(2)));
    NARROW_TRY(added, scaled(n, added, beta));
  }
  int out = kNoTensor;
  if (n.net.at(w).constant) {
    NARROW_TRY(w, scaled(n, w, alpha));
    if (added != kNoTensor) {
      NARROW_TRY(bias, as_bias(n, added, ws[0]));
    }
    NARROW_TRY(out, dense(n, {x, w, bias}, n.name()));
  } else {
    BatchMatmulAttributes a;
    a.adjoint_b = true;
    NARROW_TRY(out, n.net.add(kBatchMatmul, a, {x, w}, n.name()));
    NARROW_TRY(out, scaled(n, out, alpha));
  }
  if (added != kNoTensor && bias == kNoTensor) {
    NARROW_TRY(out, n.net.add(kAdd, AddAttributes{}, {out, added}, n.name()));
  }
  return n.give_plain(out);
}

/// An operand of one dimension is a row, or a column, that goes away again.
Status read_matmul(Node& n) {
  NARROW_TRY(int x, n.net.plain_tensor(n.in(0)));
  Shape const a = n.shape(0), b = n.shape(1);
  if (a.rank() < 1 || b.rank() < 1) return fail(ErrorKind::bad_file, "operands of MatMul are numbers");
  if (n.tensor(0).dtype != DType::float32) return not_here("MatMul of integers");
  if (b.rank() == 2 && a.rank() >= 2 && n.tensor(1).constant) {
    NARROW_TRY(int const w, n.net.stored(n.in(1), {1, 0}));
    if (a.back() != b[0])
      return fail(ErrorKind::bad_file, "matrices " + a.text() + " and " + b.text() + " cannot be multiplied");
    return n.give_plain(dense(n, {x, w}, n.name()));
  }
  NARROW_TRY(int y, n.net.plain_tensor(n.in(1)));
  if (a.rank() == 1) {
    NARROW_TRY(x, n.net.reshaped(x, {1, a[0]}, ""));
  }
  if (b.rank() == 1) {
    NARROW_TRY(y, n.net.reshaped(y, {b[0], 1}, ""));
  }
  NARROW_TRY(int const out, n.net.add(kBatchMatmul, BatchMatmulAttributes{}, {x, y}, n.name()));
  if (a.rank() > 1 && b.rank() > 1) return n.give_plain(out);
  Shape const s = n.net.at(out).shape;
  std::vector<int32_t> dims(s.dims().begin(), s.dims().end());
  if (b.rank() == 1) dims.pop_back();
  if (a.rank() == 1) dims.erase(dims.end() - (b.rank() == 1 ? 1 : 2));
  return n.give_plain(n.net.reshaped(out, dims, n.name() + "/vector"));
}

/// Gemm of integers by ONNX Runtime: a, scale, zero point, b, scale, zero point, bias, the result's scale, zero point.
Status read_qgemm(Node& n) {
  if (n.real("alpha", 1) != 1 || n.integer("transA", 0) != 0) return not_here("alpha or transA of QGemm");
  bool const trans_b = n.integer("transB", 0) != 0;
  if (n.shape(0).rank() != 2 || n.shape(3).rank() != 2)
    return fail(ErrorKind::bad_file, "operands of QGemm are not matrices");
  if (!n.has(7) || !n.tensor(3).constant) return not_here("QGemm with computed weights or a float result");
  NARROW_CHECK(take_quantization(n, 0, 1, 2, 1));
  NARROW_CHECK(take_quantization(n, 3, 4, 5, trans_b ? 0 : 1));
  NARROW_TRY(Quantization const result, quantization_of(n, 7, 8, 1));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int const w, n.net.stored(n.in(3), trans_b ? Order{0, 1} : Order{1, 0}));
  int bias = kNoTensor;
  if (n.has(6)) {
    NARROW_TRY(bias, integer_bias(n, 6, n.net.at(x).quantization, n.net.at(w).quantization));
  }
  return n.give_plain(dense(n, {x, w, bias, n.has(8) ? n.tensor(8).dtype : DType::uint8, result}, n.name()));
}

/// a, scale, zero point, b, scale, zero point, the result's scale and zero point.
Status read_qlinear_matmul(Node& n) {
  if (n.shape(3).rank() != 2 || !n.tensor(3).constant) return read_through_floats(n, "MatMul", {0, 3}, 6);
  NARROW_CHECK(take_quantization(n, 0, 1, 2, 1));
  NARROW_CHECK(take_quantization(n, 3, 4, 5, 1));
  NARROW_TRY(Quantization const result, quantization_of(n, 6, 7, 1));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int const w, n.net.stored(n.in(3), {1, 0}));
  return n.give_plain(dense(n, {x, w, kNoTensor, n.tensor(7).dtype, result}, n.name()));
}

constexpr OpRow kRowsMatrix[] = {
    {"Gemm", read_gemm, 2, 3},
    {"MatMul", read_matmul, 2, 2},
    {"QGemm", read_qgemm, 6, 9, nullptr, "com.microsoft"},
    {"QLinearMatMul", read_qlinear_matmul, 8, 8},
};

}  // namespace

std::span<const OpRow> matrix_rows() {
  return kRowsMatrix;
}

}  // namespace narrow::onnx
