#include "portable/activations/table.h"

#define NW_TABLE_NAME nw_table_i8
#define NW_TABLE_IN nw_i8
#define NW_TABLE_OUT nw_i8
#define NW_TABLE_FIRST 128
#include "portable/activations/table_body.h"

#define NW_TABLE_NAME nw_table_u8
#define NW_TABLE_IN nw_u8
#define NW_TABLE_OUT nw_u8
#define NW_TABLE_FIRST 0
#include "portable/activations/table_body.h"

#define NW_TABLE_NAME nw_table_i8_u8
#define NW_TABLE_IN nw_i8
#define NW_TABLE_OUT nw_u8
#define NW_TABLE_FIRST 128
#include "portable/activations/table_body.h"

#define NW_TABLE_NAME nw_table_u8_i8
#define NW_TABLE_IN nw_u8
#define NW_TABLE_OUT nw_i8
#define NW_TABLE_FIRST 0
#include "portable/activations/table_body.h"

#define NW_TABLE_NAME nw_table_i8_i16
#define NW_TABLE_IN nw_i8
#define NW_TABLE_OUT nw_i16
#define NW_TABLE_FIRST 128
#include "portable/activations/table_body.h"

#define NW_TABLE_NAME nw_table_u8_i16
#define NW_TABLE_IN nw_u8
#define NW_TABLE_OUT nw_i16
#define NW_TABLE_FIRST 0
#include "portable/activations/table_body.h"

void nw_table_i16(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i16 *table, const nw_i16 *in, nw_i16 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = (nw_i16)nw_interpolate(in[i], table);
}
