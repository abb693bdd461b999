/* What the programs for ops without weights share. HEADER is an exported header; aliases.h names its macros of the op
 * without their common beginning; RULE is the statement that the header gives for the op's kernel, as it is printed
 * there; IN_TYPE and OUT_TYPE are the types of data and result. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "nw_requantize.h"
#include "portable/activations/table.h"
#include HEADER
#include "aliases.h"

/* v in the range of the result's type. */
static inline OUT_TYPE kept(int64_t v) {
  int64_t const top = ((int64_t)1 << (8 * sizeof(OUT_TYPE) - 1)) - 1;
  return (OUT_TYPE)(v > top ? top : v < -top - 1 ? -top - 1 : v);
}

#define RANK_OF(list) ((int)(sizeof(list) / sizeof(list)[0]))

/* Elements from the first to the last that a walk meets. */
static inline int span_of(const int *extent, const int *stride, int rank) {
  int span = 1;
  for (int d = 0; d < rank; ++d) span += (extent[d] - 1) * stride[d];
  return span;
}

static inline int product_of(const int *extent, int rank) {
  int product = 1;
  for (int d = 0; d < rank; ++d) product *= extent[d];
  return product;
}

/* Where element i of a walk lies. */
static inline int place_of(int i, const int *extent, const int *stride, int rank) {
  int place = 0;
  while (rank-- > 0) {
    place += i % extent[rank] * stride[rank];
    i /= extent[rank];
  }
  return place;
}
