#include "ops/transpose.h"

#include "ops/index_operand.h"
#include "ops/move.h"

extern "C" {
#include "portable/transpose.h"
}

namespace narrow {
namespace {

/// The permutation, checked: each dimension of the data once.
Result<std::vector<int>> permutation(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const values, index_values(op, 1, "permutations"));
  int const rank = op.input(0).shape.rank();
  if (values.size() != static_cast<size_t>(rank))
    return fail(ErrorKind::bad_file, "a permutation of " + std::to_string(values.size()) +
                                         " dimensions for data of shape " + op.input(0).shape.text());
  std::vector<bool> seen(values.size(), false);
  std::vector<int> out;
  for (int64_t v : values) {
    NARROW_TRY(Axis const axis, Axis::resolve(v, rank));
    if (seen[static_cast<size_t>(axis.index())])
      return fail(ErrorKind::bad_file, "the permutation has dimension " + std::to_string(axis.index()) + " twice");
    seen[static_cast<size_t>(axis.index())] = true;
    out.push_back(axis.index());
  }
  return out;
}

Result<std::vector<Shape>> infer(const OpView& op) {
  NARROW_TRY(std::vector<int> const perm, permutation(op));
  std::vector<int32_t> dims;
  for (int d : perm) dims.push_back(op.input(0).shape[d]);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

/// The same transposition over fewer dimensions.
struct Transposition {
  std::vector<nw_i32> extents;
  std::vector<int> perm;
};

/// Dimensions of one element are left out; those that stay neighbours in order become one.
Transposition simplest(const Shape& in, const std::vector<int>& perm) {
  std::vector<int> heads;                       // of each run, the dimension it begins with
  std::vector<nw_i32> extents(perm.size(), 1);  // of the run that begins with a dimension
  int last = -2;
  for (int d : perm) {
    if (in[d] == 1) continue;
    bool gap = heads.empty() || last > d;
    for (int between = last + 1; !gap && between < d; ++between) gap = in[between] != 1;
    if (gap) heads.push_back(d);
    extents[static_cast<size_t>(heads.back())] *= in[d];
    last = d;
  }
  Transposition t;
  std::vector<int> place(perm.size(), -1);  // of a run among those of the data
  for (size_t d = 0; d < perm.size(); ++d) {
    if (std::find(heads.begin(), heads.end(), static_cast<int>(d)) == heads.end()) continue;
    place[d] = static_cast<int>(t.extents.size());
    t.extents.push_back(extents[d]);
  }
  for (int head : heads) t.perm.push_back(place[static_cast<size_t>(head)]);
  return t;
}

Result<Step> lower(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_TRY(std::vector<int> const perm, permutation(op));
  if (op.output().elements() == 0) return move_step(op, bytes, "nothing", [](const std::byte*, std::byte*) {});
  Transposition const t = simplest(op.input(0).shape, perm);
  if (t.perm.size() > NW_COPY_RANK)
    return fail(ErrorKind::unsupported, "a permutation that keeps " + std::to_string(t.perm.size()) +
                                            " dimensions apart; at most " + std::to_string(NW_COPY_RANK) +
                                            " are computed");
  nw_copy_strided_params const p =
      nw_transpose_params(static_cast<int>(t.perm.size()), t.extents.data(), t.perm.data(), bytes);
  return move_step(op, bytes, "strided copy",
                   [p](const std::byte* in, std::byte* out) { nw_copy_strided(&p, in, out); });
}

}  // namespace

const OpDef kTranspose{
    .name = "TRANSPOSE",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation, Role::index},
              .role_count = 2,
              .output8 = ScaleRule::same,
              .output16 = ScaleRule::same,
              .versions = {.int8 = 2, .int16 = 5}},
    .infer = infer,
    .lower = lower,
};

}  // namespace narrow
