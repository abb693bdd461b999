// Normalizations.
#include <algorithm>

#include "ops/arithmetic/arithmetic.h"
#include "ops/build/batch_norm.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

Status read_batch_norm(Node& n) {
  n.ignore("momentum");
  n.ignore("spatial");
  n.ignore("is_test");
  if (n.integer("training_mode", 0) != 0) return not_here("batch normalization in training");
  NARROW_TRY(std::vector<float> const gamma, n.known_reals(1, "scales"));
  NARROW_TRY(std::vector<float> const beta, n.known_reals(2, "biases"));
  NARROW_TRY(std::vector<float> const mean, n.known_reals(3, "means"));
  NARROW_TRY(std::vector<float> const variance, n.known_reals(4, "variances"));
  if (n.shape(0).rank() < 2) return not_here("batch normalization of data " + n.shape(0).text());
  int const rank = n.shape(0).rank();
  NARROW_TRY(int const x, n.net.last(n.in(0)));
  return n.give(add_batch_norm(n.net.builder(), x, {gamma, beta, mean, variance, n.real("epsilon", 1e-5F)}, n.name()),
                channels_last(rank));
}

struct Normalized {
  int values, mean, factor;
};

/// (x - mean) * factor over the axes of `x`, factor being 1 / sqrt(variance + epsilon).
Result<Normalized> normalized(Node& n, int x, const std::vector<int32_t>& axes) {
  int const along = n.net.builder().indices(axes);
  float const epsilon = n.real("epsilon", 1e-5F);
  std::string const name = n.name();
  NARROW_TRY(int const mean, n.net.add(kMean, ReduceAttributes{true}, {x, along}, name + "/mean"));
  NARROW_TRY(int const apart, n.net.add(kSub, SubAttributes{}, {x, mean}, name + "/centered"));
  NARROW_TRY(int const square, n.net.add(kMul, MulAttributes{}, {apart, apart}, name + "/squares"));
  NARROW_TRY(int const variance, n.net.add(kMean, ReduceAttributes{true}, {square, along}, name + "/variance"));
  NARROW_TRY(int const more, n.net.add(kAdd, AddAttributes{}, {variance, n.net.scalar(epsilon)}, name + "/more"));
  NARROW_TRY(int const root, n.net.add(kRsqrt, {}, {more}, name + "/root"));
  NARROW_TRY(int const out, n.net.add(kMul, MulAttributes{}, {apart, root}, name + "/normalized"));
  return Normalized{out, mean, root};
}

Status read_instance_norm(Node& n) {
  int const rank = n.shape(0).rank();
  if (rank < 3) return fail(ErrorKind::bad_file, "data " + n.shape(0).text() + " is no image");
  NARROW_TRY(int const x, n.net.last(n.in(0)));
  std::vector<int32_t> axes;
  for (int d = 1; d < rank - 1; ++d) axes.push_back(d);
  NARROW_TRY(Normalized const flat, normalized(n, x, axes));
  NARROW_TRY(int const scaled, n.net.add(kMul, MulAttributes{}, {flat.values, n.in(1).tensor}, n.name() + "/scaled"));
  return n.give(n.net.add(kAdd, AddAttributes{}, {scaled, n.in(2).tensor}, n.name()), channels_last(rank));
}

/// The dimensions from the attribute `axis` on.
Result<std::vector<int32_t>> normalized_axes(Node& n) {
  int const rank = n.shape(0).rank();
  NARROW_TRY(int const first, n.axis(n.integer("axis", -1), rank));
  std::vector<int32_t> axes;
  for (int d = first; d < rank; ++d) axes.push_back(d);
  return axes;
}

Status read_layer_norm(Node& n) {
  n.ignore("stash_type");
  NARROW_TRY(auto const axes, normalized_axes(n));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(Normalized const even, normalized(n, x, axes));
  NARROW_CHECK(n.give_plain(even.mean, 1));
  NARROW_CHECK(n.give_plain(even.factor, 2));
  int out = even.values;
  NARROW_TRY(int const gamma, n.net.plain_tensor(n.in(1)));
  NARROW_TRY(out, n.net.add(kMul, MulAttributes{}, {out, gamma}, n.name() + "/scaled"));
  if (n.has(2)) {
    NARROW_TRY(int const beta, n.net.plain_tensor(n.in(2)));
    NARROW_TRY(out, n.net.add(kAdd, AddAttributes{}, {out, beta}, n.name()));
  }
  return n.give_plain(out);
}

/// x / sqrt(mean(x^2) + epsilon), scaled.
Status read_rms_norm(Node& n) {
  n.ignore("stash_type");
  NARROW_TRY(auto const axes, normalized_axes(n));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  int const along = n.net.builder().indices(axes);
  std::string const name = n.name();
  NARROW_TRY(int const square, n.net.add(kMul, MulAttributes{}, {x, x}, name + "/squares"));
  NARROW_TRY(int const mean, n.net.add(kMean, ReduceAttributes{true}, {square, along}, name + "/mean"));
  NARROW_TRY(int const more,
             n.net.add(kAdd, AddAttributes{}, {mean, n.net.scalar(n.real("epsilon", 1e-5F))}, name + "/more"));
  NARROW_TRY(int const root, n.net.add(kRsqrt, {}, {more}, name + "/root"));
  NARROW_TRY(int const even, n.net.add(kMul, MulAttributes{}, {x, root}, name + "/normalized"));
  NARROW_TRY(int const gamma, n.net.plain_tensor(n.in(1)));
  return n.give_plain(n.net.add(kMul, MulAttributes{}, {even, gamma}, name));
}

/// Each row along an axis over its length; rows of zeros stay.
Status read_lp_norm(Node& n) {
  const Value& x = n.in(0);
  int64_t const p = n.integer("p", 2);
  if (p != 1 && p != 2) return fail(ErrorKind::bad_file, "`p` is " + std::to_string(p));
  NARROW_TRY(int const axis, n.axis(n.integer("axis", -1), n.net.rank(x)));
  int const along = n.net.builder().indices({place(x.order, axis)});
  std::string const name = n.name();
  NARROW_TRY(int const part, n.net.add(p == 1 ? kAbs : *find_op("SQUARE"), {}, {x.tensor}, name + "/parts"));
  NARROW_TRY(int length, n.net.add(kSum, ReduceAttributes{true}, {part, along}, name + "/sum"));
  if (p == 2) {
    NARROW_TRY(length, n.net.add(kSqrt, {}, {length}, name + "/length"));
  }
  NARROW_TRY(int const none, n.net.add(kEqual, {}, {length, n.net.scalar(0)}, name + "/none", DType::boolean));
  NARROW_TRY(int const by, n.net.add(kSelectV2, {}, {none, n.net.scalar(1), length}, name + "/by", DType::float32));
  return n.give(n.net.add(kDiv, DivAttributes{}, {x.tensor, by}, name), x.order);
}

/// Groups of channels, each normalized as one.
Status read_group_norm(Node& n) {
  n.ignore("stash_type");
  Shape const s = n.shape(0);
  int64_t const groups = n.integer("num_groups", 0);
  if (s.rank() < 3 || groups < 1 || s[1] % groups != 0)
    return fail(ErrorKind::bad_file, "data " + s.text() + " in " + std::to_string(groups) + " groups");
  auto const count = static_cast<int32_t>(groups);
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int const rows, n.net.reshaped(x, {s[0], count, static_cast<int32_t>(s.product(1, s.rank()) / groups)},
                                            n.name() + "/groups"));
  NARROW_TRY(Normalized const even, normalized(n, rows, {2}));
  // A factor for each channel since operator set 21, for each group before.
  bool const of_channels = n.shape(1).elements() == s[1];
  std::vector<int32_t> dims(s.dims().begin(), s.dims().end()), factors(static_cast<size_t>(s.rank()), 1);
  factors[1] = s[1];
  int out = even.values;
  if (of_channels) {
    NARROW_TRY(out, n.net.reshaped(out, dims, n.name() + "/apart"));
  } else {
    factors = {1, count, 1};
  }
  NARROW_TRY(int const gamma, n.net.reshaped(n.in(1).tensor, factors, n.name() + "/gamma"));
  NARROW_TRY(int const beta, n.net.reshaped(n.in(2).tensor, factors, n.name() + "/beta"));
  NARROW_TRY(out, n.net.add(kMul, MulAttributes{}, {out, gamma}, n.name() + "/scaled"));
  NARROW_TRY(out, n.net.add(kAdd, AddAttributes{}, {out, beta}, n.name() + "/moved"));
  return n.give_plain(n.net.reshaped(out, dims, n.name()));
}

Status read_mean_variance_norm(Node& n) {
  const Value& x = n.in(0);
  std::vector<int32_t> axes;
  for (int64_t a : n.integers("axes", {0, 2, 3})) {
    NARROW_TRY(int const d, n.axis(a, n.net.rank(x)));
    axes.push_back(place(x.order, d));
  }
  NARROW_TRY(Normalized const even, normalized(n, x.tensor, axes));
  return n.give({even.values, x.order});
}

/// Over a power of the squares of the channels around, whose sum counts as its mean over a window of `size`.
Status read_lrn(Node& n) {
  int64_t const size = n.integer("size", 1);
  if (size < 1 || size % 2 == 0 || size > 65535) return not_here("LRN of " + std::to_string(size) + " channels");
  int const rank = n.shape(0).rank();
  NARROW_TRY(int const x, n.net.last(n.in(0)));
  LocalResponseNormalizationAttributes const a{.radius = static_cast<int>(size / 2),
                                               .bias = n.real("bias", 1),
                                               .alpha = n.real("alpha", 1e-4F) / static_cast<float>(size),
                                               .beta = n.real("beta", 0.75F)};
  return n.give(n.net.add(kLocalResponseNormalization, a, {x}, n.name()), channels_last(rank));
}

constexpr OpRow kRowsNormalization[] = {
    {"GroupNormalization", read_group_norm, 3, 3},
    {"LRN", read_lrn},
    {"LpNormalization", read_lp_norm},
    {"MeanVarianceNormalization", read_mean_variance_norm},
    {"RMSNormalization", read_rms_norm, 2, 2},
    {"BatchNormalization", read_batch_norm, 5, 5},
    {"InstanceNormalization", read_instance_norm, 3, 3},
    {"LayerNormalization", read_layer_norm, 2, 3},
};

}  // namespace

std::span<const OpRow> normalization_rows() {
  return kRowsNormalization;
}

}  // namespace narrow::onnx
