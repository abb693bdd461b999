#include "rows/layout.h"

#include "rows/describe.h"

extern "C" {
#include "portable/layout/copy.h"
#include "portable/layout/mirror_pad.h"
#include "portable/layout/pad.h"
#include "portable/layout/reverse_sequence.h"
#include "portable/layout/space_to_batch.h"
}

namespace narrow {
namespace {

// Bytes.
KernelCost cost_of_blocks(const nw_copy_blocks_params& p) {
  return {.elements = int64_t{p.blocks} * p.block_bytes};
}
KernelCost cost_of_strided(const nw_copy_strided_params& p) {
  return {.elements = product_of(p.extent)};
}
KernelCost cost_of_window(const nw_window_params& p) {
  return cost_of_strided(p.view);
}

// The elements of the result.
template <class Struct>
KernelCost cost_of_padded(const Struct& p) {
  int64_t results = 1;
  for (size_t d = 0; d < std::size(p.extent); ++d) results *= int64_t{p.before[d]} + p.extent[d] + p.after[d];
  return {.elements = results};
}

// Bytes.
KernelCost cost_of_reverse_sequence(const nw_reverse_sequence_params& p) {
  return {.elements = int64_t{p.outer} * p.first * p.middle * p.second * p.block_bytes};
}

// The elements of all tiles.
KernelCost cost_of_tiles(const nw_space_to_batch_params& p) {
  return {.elements = int64_t{p.batch} * p.block_h * p.block_w * p.tile_height * p.tile_width * p.depth};
}

constexpr ParamField kCopyBlocksFields[] = {
    NARROW_FIELD(nw_copy_blocks_params, blocks),
    NARROW_FIELD(nw_copy_blocks_params, block_bytes),
    in_bytes(NARROW_FIELD(nw_copy_blocks_params, in_stride)),
    in_bytes(NARROW_FIELD(nw_copy_blocks_params, out_stride)),
};
constexpr ParamTable kCopyBlocksParams = param_table<nw_copy_blocks_params, cost_of_blocks>(
    "nw_copy_blocks_params", kCopyBlocksFields, {}, "Strides are in bytes.");

constexpr ParamField kCopyStridedFields[] = {
    NARROW_FIELD(nw_copy_strided_params, extent),
    NARROW_FIELD(nw_copy_strided_params, stride),
    NARROW_FIELD(nw_copy_strided_params, offset),
    NARROW_FIELD(nw_copy_strided_params, element_bytes),
};
constexpr ParamTable kCopyStridedParams =
    param_table<nw_copy_strided_params, cost_of_strided>("nw_copy_strided_params", kCopyStridedFields);

constexpr ParamField kWindowFields[] = {
    NARROW_FIELD(nw_window_params, view.extent, "EXTENT"),
    NARROW_FIELD(nw_window_params, view.stride, "STRIDE"),
    NARROW_FIELD(nw_window_params, view.offset, "OFFSET"),
    NARROW_FIELD(nw_window_params, view.element_bytes, "ELEMENT_BYTES"),
    NARROW_FIELD(nw_window_params, chosen),
    NARROW_FIELD(nw_window_params, which),
    NARROW_FIELD(nw_window_params, first),
    NARROW_FIELD(nw_window_params, last),
    NARROW_FIELD(nw_window_params, stride, "BEGIN_STRIDE"),
    NARROW_FIELD(nw_window_params, index_bytes),
};
constexpr ParamTable kWindowParams = param_table<nw_window_params, cost_of_window>("nw_window_params", kWindowFields);

constexpr ParamField kPadFields[] = {
    NARROW_FIELD(nw_pad_params, extent),
    NARROW_FIELD(nw_pad_params, before),
    NARROW_FIELD(nw_pad_params, after),
    NARROW_FIELD(nw_pad_params, element_bytes),
};
constexpr ParamTable kPadParams =
    param_table<nw_pad_params, cost_of_padded<nw_pad_params>>("nw_pad_params", kPadFields);

constexpr ParamField kMirrorPadFields[] = {
    NARROW_FIELD(nw_mirror_pad_params, extent),        NARROW_FIELD(nw_mirror_pad_params, before),
    NARROW_FIELD(nw_mirror_pad_params, after),         NARROW_FIELD(nw_mirror_pad_params, skip),
    NARROW_FIELD(nw_mirror_pad_params, element_bytes),
};
constexpr ParamTable kMirrorPadParams =
    param_table<nw_mirror_pad_params, cost_of_padded<nw_mirror_pad_params>>("nw_mirror_pad_params", kMirrorPadFields);

constexpr ParamField kReverseSequenceFields[] = {
    NARROW_FIELD(nw_reverse_sequence_params, outer),       NARROW_FIELD(nw_reverse_sequence_params, first),
    NARROW_FIELD(nw_reverse_sequence_params, middle),      NARROW_FIELD(nw_reverse_sequence_params, second),
    NARROW_FIELD(nw_reverse_sequence_params, block_bytes), NARROW_FIELD(nw_reverse_sequence_params, reverses_first),
    NARROW_FIELD(nw_reverse_sequence_params, index_bytes),
};
constexpr ParamTable kReverseSequenceParams = param_table<nw_reverse_sequence_params, cost_of_reverse_sequence>(
    "nw_reverse_sequence_params", kReverseSequenceFields);

constexpr ParamField kSpaceToBatchFields[] = {
    NARROW_FIELD(nw_space_to_batch_params, batch),         NARROW_FIELD(nw_space_to_batch_params, height),
    NARROW_FIELD(nw_space_to_batch_params, width),         NARROW_FIELD(nw_space_to_batch_params, tile_height),
    NARROW_FIELD(nw_space_to_batch_params, tile_width),    NARROW_FIELD(nw_space_to_batch_params, block_h),
    NARROW_FIELD(nw_space_to_batch_params, block_w),       NARROW_FIELD(nw_space_to_batch_params, top),
    NARROW_FIELD(nw_space_to_batch_params, left),          NARROW_FIELD(nw_space_to_batch_params, depth),
    NARROW_FIELD(nw_space_to_batch_params, element_bytes),
};
constexpr ParamTable kSpaceToBatchParams =
    param_table<nw_space_to_batch_params, cost_of_tiles>("nw_space_to_batch_params", kSpaceToBatchFields);

}  // namespace

constexpr Kernel kCopyBlocksAny = copying(
    c_kernel<nw_copy_blocks>("nw_copy_blocks", "portable/layout/copy.c", kCopyBlocksParams), [](const void* params) {
      const auto& p = *static_cast<const nw_copy_blocks_params*>(params);
      bool const as_it_is = p.blocks == 1 || (p.block_bytes == p.in_stride && p.block_bytes == p.out_stride);
      return int64_t{as_it_is ? 0 : -1};
    });
constexpr Kernel kCopyStridedAny = copying(
    c_kernel<nw_copy_strided>("nw_copy_strided", "portable/layout/copy.c", kCopyStridedParams), [](const void* params) {
      const auto& p = *static_cast<const nw_copy_strided_params*>(params);
      bool const one_run = reads_in_order(p.extent, p.stride, NW_COPY_RANK);
      return one_run ? int64_t{p.offset} * p.element_bytes : int64_t{-1};
    });
constexpr Kernel kPutStridedAny =
    c_kernel<nw_put_strided>("nw_put_strided", "portable/layout/copy.c", kCopyStridedParams);
constexpr Kernel kCopyWindowAny = c_kernel<nw_copy_window>("nw_copy_window", "portable/layout/copy.c", kWindowParams);
constexpr Kernel kPutWindowAny = c_kernel<nw_put_window>("nw_put_window", "portable/layout/copy.c", kWindowParams);
constexpr Kernel kPadAny = c_kernel<nw_pad>("nw_pad", "portable/layout/pad.c", kPadParams);
constexpr Kernel kMirrorPadAny =
    c_kernel<nw_mirror_pad>("nw_mirror_pad", "portable/layout/mirror_pad.c", kMirrorPadParams);
constexpr Kernel kReverseSequenceAny =
    c_kernel<nw_reverse_sequence>("nw_reverse_sequence", "portable/layout/reverse_sequence.c", kReverseSequenceParams);
constexpr Kernel kSpaceToBatchAny =
    c_kernel<nw_space_to_batch>("nw_space_to_batch", "portable/layout/space_to_batch.c", kSpaceToBatchParams);
constexpr Kernel kBatchToSpaceAny =
    c_kernel<nw_batch_to_space>("nw_batch_to_space", "portable/layout/space_to_batch.c", kSpaceToBatchParams);

}  // namespace narrow
