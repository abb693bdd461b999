/* Weights as the kernels read them: through a cursor, which stands at a weight and reads those around it.
 *
 * Where a char has 8 bits, weights of 8 and 16 bits are stored as an array of their type, and a cursor is a pointer.
 * Where it has 16, as with TI's C28x, two weights of 8 bits are stored in a unit of 16: the one with the even index is
 * the lower half, and an odd number of them ends in half a unit that is not read. Weights of 4 bits, [-8, 7], are
 * stored likewise: two in a byte, four in a unit of 16 bits, from the lowest bits on. For the types of weights nw_i4,
 * nw_i8 and nw_i16, the first of which is a name alone:
 *
 *   TYPE_stored      elements of the array that holds weights
 *   TYPE_weights     a cursor
 *   TYPE_in(stored)  the cursor at the first weight
 *   TYPE_from(w, n)  the cursor n weights behind w; n may be negative
 *   TYPE_at(w, i)    the value of the weight that is i >= 0 behind w
 *   TYPE_paired(w, step)  whether the weights from w on, and from `step` behind w on, are stored in pairs of 4 bits
 *   TYPE_pairs(w)    then: where the pairs from w on are, of which NW_LOW and NW_HIGH are the weights */
#ifndef NARROW_NW_WEIGHTS_H
#define NARROW_NW_WEIGHTS_H

#include <limits.h>

#include "nw_types.h"

#define NW_NO_PAIRS ((const NW_FLASH nw_i8 *)0)

#if CHAR_BIT == 8

typedef nw_i8 nw_i4_stored;
#define NW_I4_IN_UNIT 2

typedef nw_i8 nw_i8_stored;
typedef const NW_FLASH nw_i8 *nw_i8_weights;
#define nw_i8_in(stored) (stored)
#define nw_i8_from(w, n) ((w) + (n))
#define nw_i8_at(w, i) ((w)[i])

#else

typedef nw_u16 nw_i4_stored;
#define NW_I4_IN_UNIT 4

typedef nw_u16 nw_i8_stored;
typedef struct {
  const NW_FLASH nw_u16 *pairs;
  nw_i32 first; /* the weight that the cursor stands at */
} nw_i8_weights;

static inline nw_i8_weights nw_i8_in(const NW_FLASH nw_u16 *stored) {
  nw_i8_weights w;
  w.pairs = stored;
  w.first = 0;
  return w;
}

static inline nw_i8_weights nw_i8_from(nw_i8_weights w, nw_i32 n) {
  w.first += n;
  return w;
}

static inline nw_i8 nw_i8_at(nw_i8_weights w, nw_i32 i) {
  nw_u32 const index = (nw_u32)(w.first + i);
  nw_i32 const pair = w.pairs[index >> 1];
  nw_i32 const bits = (index & 1) != 0 ? pair >> 8 : pair & 255;
  return (nw_i8)((bits ^ 128) - 128);
}

#endif

typedef struct {
  const NW_FLASH nw_i4_stored *units;
  nw_i32 first; /* the weight in *units that the cursor stands at */
} nw_i4_weights;

static inline nw_i4_weights nw_i4_in(const NW_FLASH nw_i4_stored *stored) {
  nw_i4_weights w;
  w.units = stored;
  w.first = 0;
  return w;
}

static inline nw_i4_weights nw_i4_from(nw_i4_weights w, nw_i32 n) {
  nw_i32 const to = w.first + n, first = to & (NW_I4_IN_UNIT - 1);
  w.units += (to - first) / NW_I4_IN_UNIT;
  w.first = first;
  return w;
}

static inline nw_i32 nw_i4_at(nw_i4_weights w, nw_i32 i) {
  nw_u32 const at = (nw_u32)(w.first + i);
  nw_u32 const unit = (nw_u32)w.units[at / NW_I4_IN_UNIT];
  return (nw_i32)((unit >> (4 * (at % NW_I4_IN_UNIT)) & 15) ^ 8) - 8;
}

#if NW_I4_IN_UNIT == 2
#define nw_i4_paired(w, step) ((((w).first | (step)) & 1) == 0)
#define nw_i4_pairs(w) ((w).units)
#else
#define nw_i4_paired(w, step) 0
#define nw_i4_pairs(w) NW_NO_PAIRS
#endif

typedef nw_i16 nw_i16_stored;
typedef const NW_FLASH nw_i16 *nw_i16_weights;
#define nw_i16_in(stored) (stored)
#define nw_i16_from(w, n) ((w) + (n))
#define nw_i16_at(w, i) ((w)[i])

#define nw_i8_paired(w, step) 0
#define nw_i8_pairs(w) NW_NO_PAIRS
#define nw_i16_paired(w, step) 0
#define nw_i16_pairs(w) NW_NO_PAIRS

/* The weights of a pair. */
#define NW_LOW(pair) ((((pair)&15) ^ 8) - 8)
#define NW_HIGH(pair) NW_FLOOR_SHIFT(pair, 4)

#define NW_PASTE_EXPANDED(a, b) a##b
#define NW_PASTE(a, b) NW_PASTE_EXPANDED(a, b)

/* The same of a body's weights, whose type is NW_WEIGHT. */
#define NW_STORED_WEIGHT NW_PASTE(NW_WEIGHT, _stored)
#define NW_WEIGHTS NW_PASTE(NW_WEIGHT, _weights)
#define NW_WEIGHTS_IN(stored) NW_PASTE(NW_WEIGHT, _in)(stored)
#define NW_WEIGHTS_FROM(w, n) NW_PASTE(NW_WEIGHT, _from)(w, n)
#define NW_WEIGHT_AT(w, i) NW_PASTE(NW_WEIGHT, _at)(w, i)
#define NW_WEIGHTS_PAIRED(w, step) NW_PASTE(NW_WEIGHT, _paired)(w, step)
#define NW_WEIGHT_PAIRS(w) NW_PASTE(NW_WEIGHT, _pairs)(w)

#endif
