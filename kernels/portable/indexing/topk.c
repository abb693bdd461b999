#include "portable/indexing/topk.h"

#define NW_TOPK_NAME nw_topk_i8
#define NW_TOPK_ACT nw_i8
#define NW_TOPK_BEFORE(a, b) ((a) > (b))
#include "portable/indexing/topk_body.h"

#define NW_TOPK_NAME nw_topk_i16
#define NW_TOPK_ACT nw_i16
#define NW_TOPK_BEFORE(a, b) ((a) > (b))
#include "portable/indexing/topk_body.h"
