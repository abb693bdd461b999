#include "portable/arithmetic/add_tables.h"

/* A doubled sum times a factor of 2^-31 and a half, ties up. */
static inline nw_i32 scaled(nw_i32 sum, nw_i32 multiplier) {
  nw_i64 const product = (nw_i64)sum * multiplier + ((nw_i64)1 << 31);
  return (nw_i32)NW_FLOOR_SHIFT(product, 32);
}

static inline nw_i32 scaled_square(nw_i32 difference, nw_i32 multiplier) {
  nw_i64 const product = (nw_i64)(difference * difference) * multiplier + ((nw_i64)1 << 30);
  return (nw_i32)(product >> 31); /* not negative */
}

#define NW_TABLES_NAME nw_add_tables_i8
#define NW_TABLES_SCALED scaled
#include "portable/arithmetic/add_tables_body.h"

#define NW_TABLES_NAME nw_squared_difference_tables_i8
#define NW_TABLES_SCALED scaled_square
#include "portable/arithmetic/add_tables_body.h"
