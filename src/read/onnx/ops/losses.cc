// Losses: what classes that are given cost by the scores of all.
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/gather.h"

namespace narrow::onnx {
namespace {

Result<int> total(Node& n, const OpDef& how, int x, const std::string& name) {
  std::vector<int32_t> axes;
  for (int d = 0; d < n.net.at(x).shape.rank(); ++d) axes.push_back(d);
  if (axes.empty()) return x;
  return n.net.add(how, ReduceAttributes{false}, {x, n.net.builder().indices(axes)}, name);
}

/// Minus the logarithm [samples, classes, ...] of each target [samples, ...], by the weights of classes (operand 2).
Result<int> negative_likelihood(Node& n, int logarithms) {
  std::string const name = n.name();
  Shape const s = n.net.at(logarithms).shape, t = n.shape(1);
  if (s.rank() < 2 || t.rank() != s.rank() - 1) return fail(ErrorKind::bad_file, "targets do not go with the data");
  NARROW_TRY(int target, n.net.plain_tensor(n.in(1)));
  NARROW_TRY(target, n.net.cast(target, DType::int32, name + "/target"));
  int ignored = kNoTensor;
  if (n.has_attribute("ignore_index")) {
    int const which = n.net.positions({}, {static_cast<int32_t>(n.integer("ignore_index", 0))});
    NARROW_TRY(ignored, n.net.add(kEqual, {}, {target, which}, name + "/ignored", DType::boolean));
    NARROW_TRY(target,
               n.net.add(kSelectV2, {}, {ignored, n.net.positions({}, {0}), target}, name + "/counted", DType::int32));
  }
  std::vector<int32_t> dims(t.dims().begin(), t.dims().end());
  dims.insert(dims.begin() + 1, 1);
  NARROW_TRY(int const at, n.net.reshaped(target, dims, name + "/classes"));
  NARROW_TRY(int loss, elements_at(n, logarithms, at, 1, name + "/picked"));
  NARROW_TRY(loss, n.net.reshaped(loss, {t.dims().begin(), t.dims().end()}, name + "/likelihood"));
  NARROW_TRY(loss, n.net.add(*find_op("NEG"), {}, {loss}, name + "/cost"));
  int weights = kNoTensor;
  if (n.has(2)) {
    NARROW_TRY(int const table, n.net.plain_tensor(n.in(2)));
    NARROW_TRY(weights, n.net.add(kGather, GatherAttributes{0, 0}, {table, target}, name + "/weights"));
  } else if (ignored != kNoTensor) {
    NARROW_TRY(weights,
               n.net.add(kFill, {}, {n.net.builder().indices({t.dims().begin(), t.dims().end()}), n.net.scalar(1)},
                         name + "/ones", DType::float32));
  }
  if (ignored != kNoTensor) {
    NARROW_TRY(weights, n.net.add(kSelectV2, {}, {ignored, n.net.scalar(0), weights}, name + "/kept", DType::float32));
  }
  if (weights != kNoTensor) {
    NARROW_TRY(loss, n.net.add(kMul, MulAttributes{}, {loss, weights}, name + "/weighted"));
  }
  std::string const how = n.text("reduction", "mean");
  if (how == "none") return loss;
  if (how == "sum") return total(n, kSum, loss, name);
  if (how != "mean") return not_here("reduction '" + how + "'");
  if (weights == kNoTensor) return total(n, kMean, loss, name);
  NARROW_TRY(int const sum, total(n, kSum, loss, name + "/sum"));
  NARROW_TRY(int const all, total(n, kSum, weights, name + "/all"));
  return n.net.add(kDiv, DivAttributes{}, {sum, all}, name);
}

Status read_nll_loss(Node& n) {
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  return n.give_plain(negative_likelihood(n, x));
}

/// Scores that become logarithms of likelihoods first, which are the second result.
Status read_softmax_loss(Node& n) {
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  if (rank < 2) return fail(ErrorKind::bad_file, "scores have no classes");
  Order const order = channels_last(rank);
  NARROW_TRY(int const scores, n.net.stored(x, order));
  NARROW_TRY(int const soft, n.net.add(kLogSoftmax, {}, {scores}, n.name() + "/log"));
  NARROW_TRY(int const logarithms, n.net.plain_tensor({soft, order}));
  NARROW_CHECK(n.give_plain(logarithms, 1));
  return n.give_plain(negative_likelihood(n, logarithms));
}

constexpr OpRow kRowsLoss[] = {
    {"NegativeLogLikelihoodLoss", read_nll_loss, 2, 3},
    {"SoftmaxCrossEntropyLoss", read_softmax_loss, 2, 3},
};

}  // namespace

std::span<const OpRow> loss_rows() {
  return kRowsLoss;
}

}  // namespace narrow::onnx
