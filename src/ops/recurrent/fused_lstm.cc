#include "ops/recurrent/fused_lstm.h"

#include "ops/recurrent/recurrent.h"

namespace narrow {
namespace {

/// Whether the operands [first, last), of which every gate has one, are there: all of them or none.
Result<bool> has_for_all(const OpView& op, const char* what, size_t first, size_t last) {
  size_t count = 0;
  for (size_t i = first; i < last; ++i) count += op.has_input(i);
  if (count == 0 || count == last - first) return count > 0;
  return fail(ErrorKind::bad_file, std::string("it has ") + what + " for some of its gates only");
}

Status check_gate(const OpView& op, const FusedLstm& l, size_t gate) {
  std::string const of = std::string(" of the ") + kFusedGates[gate].name;
  NARROW_CHECK(check_operand(op, kFusedKernels + gate, ("weights" + of).c_str(), {l.cells, l.sizes.in}));
  std::string const recurrent = "recurrent weights" + of;
  NARROW_CHECK(l.diagonal ? check_operand(op, kFusedRecurrents + gate, recurrent.c_str(), {l.cells})
                          : check_operand(op, kFusedRecurrents + gate, recurrent.c_str(), {l.cells, l.out}));
  NARROW_CHECK(check_operand(op, kFusedBiases + gate, ("bias" + of).c_str(), {l.cells}));
  if (l.norm) NARROW_CHECK(check_operand(op, kFusedNorms + gate, ("layer normalization" + of).c_str(), {l.cells}));
  size_t const peephole = kFusedGates[gate].peephole;
  if (!l.peephole || peephole == kNoPeephole) return {};
  return check_operand(op, kFusedPeepholes + peephole, ("peepholes" + of).c_str(), {l.cells});
}

}  // namespace

Result<FusedLstm> fused_lstm(const OpView& op) {
  auto const& a = op.attributes<UnidirectionalSequenceLstmAttributes>();
  FusedLstm l{.coupled = !op.has_input(kFusedKernels),
              .diagonal = a.diagonal_recurrent_tensors,
              .projection = op.has_input(kFusedProjection),
              .projection_bias = op.has_input(kFusedProjectionBias)};
  NARROW_TRY(l.sizes, sequence_sizes(op, a.time_major));
  for (size_t i : {kFusedKernels + 3, kFusedRecurrents + 3})
    if (!op.has_input(i)) return fail(ErrorKind::bad_file, "it has no weights of the output gate");
  const Shape &kernel = op.input(kFusedKernels + 3).shape, &recurrent = op.input(kFusedRecurrents + 3).shape;
  if (kernel.rank() != 2 || kernel[0] < 1 || recurrent.rank() != (l.diagonal ? 1 : 2) || recurrent.back() < 1)
    return fail(ErrorKind::bad_file, "its weights have shapes " + kernel.text() + " and " + recurrent.text());
  l.cells = kernel[0];
  l.out = recurrent.back();
  if (l.out != l.cells && !l.projection)
    return fail(ErrorKind::bad_file, "it makes " + std::to_string(l.out) + " results of " + std::to_string(l.cells) +
                                         " cells without a projection");
  size_t const first = l.coupled ? 1 : 0;
  NARROW_TRY(l.peephole, has_for_all(op, "peepholes", kFusedPeepholes + first, kFusedPeepholes + 3));
  NARROW_TRY(l.norm, has_for_all(op, "layer normalization", kFusedNorms + first, kFusedNorms + 4));
  for (size_t gate = first; gate < 4; ++gate) NARROW_CHECK(check_gate(op, l, gate));
  if (l.projection) NARROW_CHECK(check_operand(op, kFusedProjection, "projection", {l.out, l.cells}));
  if (l.projection_bias) NARROW_CHECK(check_operand(op, kFusedProjectionBias, "bias of the projection", {l.out}));
  if (l.projection_bias && !l.projection)
    return fail(ErrorKind::bad_file, "it has the bias of a projection, and no projection");
  NARROW_CHECK(check_optional(op, kFusedHidden, "hidden state", {l.sizes.batch, l.out}));
  NARROW_CHECK(check_optional(op, kFusedCell, "cell state", {l.sizes.batch, l.cells}));
  return l;
}

}  // namespace narrow
