#include "rows/indexing.h"

#include "rows/describe.h"

extern "C" {
#include "portable/indexing/gather.h"
#include "portable/indexing/one_hot.h"
#include "portable/indexing/topk.h"
}

namespace narrow {
namespace {

// Bytes.
KernelCost cost_of_gather(const nw_gather_params& p) {
  return {.elements = int64_t{p.batches} * p.outer * p.count * p.block_bytes};
}
KernelCost cost_of_gather_nd(const nw_gather_nd_params& p) {
  return {.elements = int64_t{p.count} * p.block_bytes};
}

constexpr ParamField kGatherFields[] = {
    NARROW_FIELD(nw_gather_params, batches),     NARROW_FIELD(nw_gather_params, outer),
    NARROW_FIELD(nw_gather_params, extent),      NARROW_FIELD(nw_gather_params, count),
    NARROW_FIELD(nw_gather_params, block_bytes), NARROW_FIELD(nw_gather_params, index_bytes),
};
constexpr ParamTable kGatherParams = param_table<nw_gather_params, cost_of_gather>("nw_gather_params", kGatherFields);

constexpr ParamField kGatherNdFields[] = {
    NARROW_FIELD(nw_gather_nd_params, count),       NARROW_FIELD(nw_gather_nd_params, depth),
    NARROW_FIELD(nw_gather_nd_params, extent),      in_bytes(NARROW_FIELD(nw_gather_nd_params, stride)),
    NARROW_FIELD(nw_gather_nd_params, block_bytes), NARROW_FIELD(nw_gather_nd_params, index_bytes),
};
constexpr ParamTable kGatherNdParams = param_table<nw_gather_nd_params, cost_of_gather_nd>(
    "nw_gather_nd_params", kGatherNdFields, {}, "Strides are in bytes.");

constexpr ParamField kOneHotFields[] = {
    NARROW_FIELD(nw_one_hot_params, outer),       NARROW_FIELD(nw_one_hot_params, depth),
    NARROW_FIELD(nw_one_hot_params, inner),       NARROW_FIELD(nw_one_hot_params, element_bytes),
    NARROW_FIELD(nw_one_hot_params, index_bytes),
};
constexpr ParamTable kOneHotParams =
    param_table<nw_one_hot_params, cost_of_middle<nw_one_hot_params>>("nw_one_hot_params", kOneHotFields);

constexpr ParamField kTopkFields[] = {
    NARROW_FIELD(nw_topk_params, rows),
    NARROW_FIELD(nw_topk_params, depth),
    NARROW_FIELD(nw_topk_params, k),
};
constexpr ParamTable kTopkParams =
    param_table<nw_topk_params, cost_of_rows<nw_topk_params>>("nw_topk_params", kTopkFields);

}  // namespace

constexpr Kernel kGatherAny = c_kernel<nw_gather>("nw_gather", "portable/indexing/gather.c", kGatherParams);
constexpr Kernel kGatherNdAny = c_kernel<nw_gather_nd>("nw_gather_nd", "portable/indexing/gather.c", kGatherNdParams);
constexpr Kernel kOneHotAny = c_kernel<nw_one_hot>("nw_one_hot", "portable/indexing/one_hot.c", kOneHotParams);
constexpr Kernel kTopkI8 = c_kernel<nw_topk_i8>("nw_topk_i8", "portable/indexing/topk.c", kTopkParams);
constexpr Kernel kTopkI16 = c_kernel<nw_topk_i16>("nw_topk_i16", "portable/indexing/topk.c", kTopkParams);

}  // namespace narrow
