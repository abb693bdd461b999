// Attention: what values of all positions weigh for each, by how its query goes with their keys.
#include <cmath>
#include <limits>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

constexpr float kExcluded = -std::numeric_limits<float>::infinity();

// Operands, by the specification.
enum AttentionOperand : size_t { kQuery, kKey, kValue, kMask, kPastKey, kPastValue, kLengthsOfKeys };

/// An operand as [batch, heads, positions, size]; in three dimensions, heads and size are one.
Result<int> heads_of(Node& n, size_t operand, int64_t heads) {
  Shape const s = n.shape(operand);
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(operand)));
  if (s.rank() == 4) return x;
  if (s.rank() != 3 || heads < 1 || s[2] % heads != 0)
    return fail(ErrorKind::bad_file, "operand " + s.text() + " of " + std::to_string(heads) + " heads");
  auto const count = static_cast<int32_t>(heads);
  NARROW_TRY(int const apart,
             n.net.reshaped(x, {s[0], s[1], count, s[2] / count}, n.name() + "/apart" + std::to_string(operand)));
  return n.net.stored({apart, plain(4)}, {0, 2, 1, 3});
}

/// Keys or values behind those of earlier positions, which are an operand where there are any.
Result<int> present(Node& n, int now, size_t past) {
  if (!n.has(past)) return now;
  NARROW_TRY(int const before, n.net.plain_tensor(n.in(past)));
  return n.net.add(kConcatenation, ConcatenationAttributes{2, Activation::none}, {before, now},
                   n.name() + "/present" + std::to_string(past));
}

/// Each head so often as queries have it, one after the other.
Result<int> repeated(Node& n, int x, int times, const char* part) {
  if (times == 1) return x;
  Shape const s = n.net.at(x).shape;
  std::vector<int32_t> at;
  for (int32_t h = 0; h < s[1] * times; ++h) at.push_back(h / times);
  int const heads = n.net.positions(Shape::of({s[1] * times}), at);
  return n.net.add(kGather, GatherAttributes{1, 0}, {x, heads}, n.name() + part);
}

/// What is added to each pair of a query and a key, and whether a query may be left without any key.
struct Bias {
  int tensor = kNoTensor;
  bool may_exclude_all = false;
};

Result<int> sum_of(Node& n, int a, int b, const char* part) {
  if (a == kNoTensor) return b;
  return n.net.add(kAdd, AddAttributes{}, {a, b}, n.name() + part);
}

/// The mask: floats to add, or bools that say which keys count. Keys beyond its end do not.
Result<int> mask_of(Node& n, int keys) {
  NARROW_TRY(int mask, n.net.plain_tensor(n.in(kMask)));
  if (n.net.at(mask).dtype == DType::boolean) {
    NARROW_TRY(mask, n.net.add(kSelectV2, {}, {mask, n.net.scalar(0), n.net.scalar(kExcluded)}, n.name() + "/mask",
                               DType::float32));
  }
  Shape const s = n.net.at(mask).shape;
  if (s.rank() == 0 || s.back() >= keys) return mask;
  std::vector<int32_t> around(2 * static_cast<size_t>(s.rank()), 0);
  around.back() = keys - s.back();
  int const by = n.net.positions(Shape::of({s.rank(), 2}), around);
  return n.net.add(kPadV2, {}, {mask, by, n.net.scalar(kExcluded)}, n.name() + "/mask_padded");
}

Result<Bias> bias_of(Node& n, int queries, int keys) {
  Bias out;
  if (n.has(kMask)) {
    NARROW_TRY(out.tensor, mask_of(n, keys));
    out.may_exclude_all = true;
  }
  bool const causal = n.integer("is_causal", 0) != 0;
  int64_t const left = n.integer("left_window_size", -1), right = n.integer("right_window_size", -1);
  if (!causal && left < 0 && right < 0) return out;
  int const past = n.has(kPastKey) ? n.shape(kPastKey)[2] : 0;
  std::vector<float> bias;
  for (int q = 0; q < queries; ++q)
    for (int k = 0; k < keys; ++k) {
      int const behind = q + past - k;
      bool const counts = !(causal && behind < 0) && (left < 0 || behind <= left) && (right < 0 || -behind <= right);
      bias.push_back(counts ? 0 : kExcluded);
    }
  out.may_exclude_all |= left >= 0 || right >= 0;
  int const window = n.net.builder().constant({.shape = Shape::of({queries, keys})}, bias);
  NARROW_TRY(out.tensor, sum_of(n, out.tensor, window, "/bias"));
  return out;
}

/// SOFTMAX of each row; of those in which no key counts, zeros.
Result<int> weights_of(Node& n, int scores, const Bias& bias) {
  NARROW_TRY(int const soft, n.net.add(kSoftmax, SoftmaxAttributes{}, {scores}, n.name() + "/weights"));
  if (!bias.may_exclude_all) return soft;
  int const last = n.net.builder().indices({n.net.at(bias.tensor).shape.rank() - 1});
  NARROW_TRY(int const most, n.net.add(kReduceMax, ReduceAttributes{true}, {bias.tensor, last}, n.name() + "/most"));
  NARROW_TRY(int const none,
             n.net.add(kEqual, {}, {most, n.net.scalar(kExcluded)}, n.name() + "/none", DType::boolean));
  return n.net.add(kSelectV2, {}, {none, n.net.scalar(0), soft}, n.name() + "/counted", DType::float32);
}

Status read_attention(Node& n) {
  if (n.has(kLengthsOfKeys)) return not_here("lengths of keys that are computed from data");
  n.ignore("softmax_precision");
  int64_t const q_heads = n.integer("q_num_heads", 0), kv_heads = n.integer("kv_num_heads", 0);
  int64_t const mode = n.integer("qk_matmul_output_mode", 0);
  NARROW_TRY(int const q, heads_of(n, kQuery, q_heads));
  NARROW_TRY(int k, heads_of(n, kKey, kv_heads));
  NARROW_TRY(int v, heads_of(n, kValue, kv_heads));
  NARROW_TRY(k, present(n, k, kPastKey));
  NARROW_TRY(v, present(n, v, kPastValue));
  NARROW_CHECK(n.give_plain(k, 1));
  NARROW_CHECK(n.give_plain(v, 2));
  Shape const qs = n.net.at(q).shape, ks = n.net.at(k).shape;
  if (qs[1] % ks[1] != 0 || n.net.at(v).shape[1] != ks[1])
    return fail(ErrorKind::bad_file, "queries " + qs.text() + " do not go with keys " + ks.text());
  NARROW_TRY(k, repeated(n, k, qs[1] / ks[1], "/keys"));
  NARROW_TRY(v, repeated(n, v, qs[1] / ks[1], "/values"));
  float const scale = n.real("scale", 1 / std::sqrt(static_cast<float>(qs[3])));
  NARROW_TRY(int const scaled, n.net.add(kMul, MulAttributes{}, {q, n.net.scalar(scale)}, n.name() + "/scaled"));
  NARROW_TRY(int scores,
             n.net.add(kBatchMatmul, BatchMatmulAttributes{.adjoint_b = true}, {scaled, k}, n.name() + "/scores"));
  std::array<int, 4> stages{scores, scores, kNoTensor, kNoTensor};
  if (float const cap = n.real("softcap", 0); cap > 0) {
    NARROW_TRY(scores, n.net.add(kMul, MulAttributes{}, {scores, n.net.scalar(1 / cap)}, n.name() + "/part"));
    NARROW_TRY(scores, n.net.add(kTanh, {}, {scores}, n.name() + "/bent"));
    NARROW_TRY(scores, n.net.add(kMul, MulAttributes{}, {scores, n.net.scalar(cap)}, n.name() + "/capped"));
    stages[1] = scores;
  }
  NARROW_TRY(Bias const bias, bias_of(n, qs[2], ks[2]));
  if (bias.tensor != kNoTensor) {
    NARROW_TRY(scores, sum_of(n, scores, bias.tensor, "/masked"));
  }
  stages[2] = scores;
  NARROW_TRY(int const weights, weights_of(n, scores, bias));
  stages[3] = weights;
  if (n.wants(3)) {
    if (mode < 0 || mode > 3) return fail(ErrorKind::bad_file, "`qk_matmul_output_mode` is " + std::to_string(mode));
    NARROW_CHECK(n.give_plain(stages[static_cast<size_t>(mode)], 3));
  }
  NARROW_TRY(int const out, n.net.add(kBatchMatmul, BatchMatmulAttributes{}, {weights, v}, n.name()));
  if (n.shape(kQuery).rank() == 4) return n.give_plain(out);
  Shape const s = n.net.at(out).shape;
  NARROW_TRY(int const together, n.net.stored({out, plain(4)}, {0, 2, 1, 3}));
  return n.give_plain(n.net.reshaped(together, {s[0], s[2], s[1] * s[3]}, n.name() + "/joined"));
}

constexpr OpRow kRowsAttention[] = {
    {"Attention", read_attention, 3, 7},
};

}  // namespace

std::span<const OpRow> attention_rows() {
  return kRowsAttention;
}

}  // namespace narrow::onnx
