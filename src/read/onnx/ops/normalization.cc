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

Status read_layer_norm(Node& n) {
  n.ignore("stash_type");
  int const rank = n.shape(0).rank();
  NARROW_TRY(int const first, n.axis(n.integer("axis", -1), rank));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  std::vector<int32_t> axes;
  for (int d = first; d < rank; ++d) axes.push_back(d);
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

constexpr OpRow kRowsNormalization[] = {
    {"BatchNormalization", read_batch_norm, 5, 5},
    {"InstanceNormalization", read_instance_norm, 3, 3},
    {"LayerNormalization", read_layer_norm, 2, 3},
};

}  // namespace

std::span<const OpRow> normalization_rows() {
  return kRowsNormalization;
}

}  // namespace narrow::onnx
