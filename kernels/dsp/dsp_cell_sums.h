/* Sums of rows of weights over a row in lanes, each with a factor of its own, and functions of them: what the layers of
 * portable/recurrent/cell.h have in common. */
#ifndef NARROW_DSP_CELL_SUMS_H
#define NARROW_DSP_CELL_SUMS_H

#include "dsp/dsp_gate.h"
#include "dsp/dsp_squash.h"
#include "portable/recurrent/cell.h"

/* By how many bits sums are shifted to the right before their factor: none unless `right` of cell.h is beyond what the
 * unit of sums, 256 times or twice what cell.h has, leaves of 32. */
#define NW_CELL_UNIT_BITS(wide) ((wide) ? 1 : 8)
#define NW_CELL_DOWN(right, wide) ((right) + NW_CELL_UNIT_BITS(wide) > 32 ? (right) + NW_CELL_UNIT_BITS(wide) - 32 : 0)

/* The sums of `rows` rows, or what they add to `values`, four at a time: the last ones may be padded. Of each four rows
 * the weights are those of nw_sums_of_row, and then four factors: sums, shifted to the right by `down`, times them
 * times 2^-32, ties up, are what nw_cell_rescale gives. wide is a constant. */
static NW_INLINE const nw_u32 *nw_cell_sums(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights, nw_i32 down,
                                            nw_i32 rows, nw_i32 add, nw_i32 *values, int wide) {
  for (; rows > 0; rows -= 4, values += 4) {
    nw_four_sums s;
    nw_u32 a, b, c, d;
    weights = nw_sums_of_row(row, end, weights, &s, wide);
    weights = nw_four_words(weights, &a, &b, &c, &d);
    values[0] = nw_add_high_word(add ? values[0] : 0, NW_FLOOR_SHIFT(s.a, down), (nw_i32)a);
    values[1] = nw_add_high_word(add ? values[1] : 0, NW_FLOOR_SHIFT(s.b, down), (nw_i32)b);
    values[2] = nw_add_high_word(add ? values[2] : 0, NW_FLOOR_SHIFT(s.c, down), (nw_i32)c);
    values[3] = nw_add_high_word(add ? values[3] : 0, NW_FLOOR_SHIFT(s.d, down), (nw_i32)d);
  }
  return weights;
}

/* nw_cell_apply of values within [-limit, limit]. */
static NW_NOINLINE void nw_cells_apply(const nw_cell_function *f, const nw_u16 *squash, nw_i32 limit, nw_i32 *values,
                                       nw_i32 count) {
  nw_i32 *const end = values + count;
  if (f->kind == NW_CELL_SIGMOID)
    for (; values != end; ++values) *values = nw_dsp_sigmoid(squash, 3 * nw_clamp(*values, -limit, limit));
  else if (f->kind == NW_CELL_TANH)
    for (; values != end; ++values) *values = nw_dsp_tanh(squash, 3 * nw_clamp(*values, -limit, limit));
  else
    for (; values != end; ++values) *values = nw_cell_apply(f, squash, nw_clamp(*values, -limit, limit));
}

/* nw_cell_give of 8 bits with a shift below 0: v * multiplier * 2^-(32 + right), where half is 2^(31 + right). */
typedef struct {
  nw_i64 half;
  nw_i32 multiplier, right, zero_point;
} nw_cell_giver;

static NW_INLINE nw_cell_giver nw_cell_giver_of(nw_i32 multiplier, int shift, nw_i32 zero_point) {
  nw_cell_giver g;
  g.half = (nw_i64)1 << (30 - shift);
  g.multiplier = multiplier;
  g.right = -1 - shift;
  g.zero_point = zero_point;
  return g;
}

static NW_INLINE nw_i32 nw_cell_given(const nw_cell_giver *g, nw_i32 v) {
  nw_i64 const sum = g->half + (nw_i64)v * g->multiplier;
  return nw_to_byte(NW_FLOOR_SHIFT((nw_i32)NW_FLOOR_SHIFT(sum, 32), g->right) + g->zero_point);
}

#endif
