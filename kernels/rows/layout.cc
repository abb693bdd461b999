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

constexpr ParamField kCopyBlocksFields[] = {
    NARROW_FIELD(nw_copy_blocks_params, blocks),
    NARROW_FIELD(nw_copy_blocks_params, block_bytes),
    NARROW_FIELD(nw_copy_blocks_params, in_stride),
    NARROW_FIELD(nw_copy_blocks_params, out_stride),
};
constexpr ParamTable kCopyBlocksParams = param_table<nw_copy_blocks_params>("nw_copy_blocks_params", kCopyBlocksFields);

constexpr ParamField kCopyStridedFields[] = {
    NARROW_FIELD(nw_copy_strided_params, extent),
    NARROW_FIELD(nw_copy_strided_params, stride),
    NARROW_FIELD(nw_copy_strided_params, offset),
    NARROW_FIELD(nw_copy_strided_params, element_bytes),
};
constexpr ParamTable kCopyStridedParams =
    param_table<nw_copy_strided_params>("nw_copy_strided_params", kCopyStridedFields);

constexpr ParamField kWindowFields[] = {
    NARROW_FIELD(nw_window_params, view.extent), NARROW_FIELD(nw_window_params, view.stride),
    NARROW_FIELD(nw_window_params, view.offset), NARROW_FIELD(nw_window_params, view.element_bytes),
    NARROW_FIELD(nw_window_params, chosen),      NARROW_FIELD(nw_window_params, which),
    NARROW_FIELD(nw_window_params, first),       NARROW_FIELD(nw_window_params, last),
    NARROW_FIELD(nw_window_params, stride),      NARROW_FIELD(nw_window_params, index_bytes),
};
constexpr ParamTable kWindowParams = param_table<nw_window_params>("nw_window_params", kWindowFields);

constexpr ParamField kPadFields[] = {
    NARROW_FIELD(nw_pad_params, extent),
    NARROW_FIELD(nw_pad_params, before),
    NARROW_FIELD(nw_pad_params, after),
    NARROW_FIELD(nw_pad_params, element_bytes),
};
constexpr ParamTable kPadParams = param_table<nw_pad_params>("nw_pad_params", kPadFields);

constexpr ParamField kMirrorPadFields[] = {
    NARROW_FIELD(nw_mirror_pad_params, extent),        NARROW_FIELD(nw_mirror_pad_params, before),
    NARROW_FIELD(nw_mirror_pad_params, after),         NARROW_FIELD(nw_mirror_pad_params, skip),
    NARROW_FIELD(nw_mirror_pad_params, element_bytes),
};
constexpr ParamTable kMirrorPadParams = param_table<nw_mirror_pad_params>("nw_mirror_pad_params", kMirrorPadFields);

constexpr ParamField kReverseSequenceFields[] = {
    NARROW_FIELD(nw_reverse_sequence_params, outer),       NARROW_FIELD(nw_reverse_sequence_params, first),
    NARROW_FIELD(nw_reverse_sequence_params, middle),      NARROW_FIELD(nw_reverse_sequence_params, second),
    NARROW_FIELD(nw_reverse_sequence_params, block_bytes), NARROW_FIELD(nw_reverse_sequence_params, reverses_first),
    NARROW_FIELD(nw_reverse_sequence_params, index_bytes),
};
constexpr ParamTable kReverseSequenceParams =
    param_table<nw_reverse_sequence_params>("nw_reverse_sequence_params", kReverseSequenceFields);

constexpr ParamField kSpaceToBatchFields[] = {
    NARROW_FIELD(nw_space_to_batch_params, batch),         NARROW_FIELD(nw_space_to_batch_params, height),
    NARROW_FIELD(nw_space_to_batch_params, width),         NARROW_FIELD(nw_space_to_batch_params, tile_height),
    NARROW_FIELD(nw_space_to_batch_params, tile_width),    NARROW_FIELD(nw_space_to_batch_params, block_h),
    NARROW_FIELD(nw_space_to_batch_params, block_w),       NARROW_FIELD(nw_space_to_batch_params, top),
    NARROW_FIELD(nw_space_to_batch_params, left),          NARROW_FIELD(nw_space_to_batch_params, depth),
    NARROW_FIELD(nw_space_to_batch_params, element_bytes),
};
constexpr ParamTable kSpaceToBatchParams =
    param_table<nw_space_to_batch_params>("nw_space_to_batch_params", kSpaceToBatchFields);

}  // namespace

constexpr Kernel kCopyBlocksKernel =
    c_kernel<nw_copy_blocks>("nw_copy_blocks", "portable/layout/copy.c", kCopyBlocksParams);
constexpr Kernel kCopyStridedKernel =
    c_kernel<nw_copy_strided>("nw_copy_strided", "portable/layout/copy.c", kCopyStridedParams);
constexpr Kernel kPutStridedKernel =
    c_kernel<nw_put_strided>("nw_put_strided", "portable/layout/copy.c", kCopyStridedParams);
constexpr Kernel kCopyWindowKernel =
    c_kernel<nw_copy_window>("nw_copy_window", "portable/layout/copy.c", kWindowParams);
constexpr Kernel kPutWindowKernel = c_kernel<nw_put_window>("nw_put_window", "portable/layout/copy.c", kWindowParams);
constexpr Kernel kPadKernel = c_kernel<nw_pad>("nw_pad", "portable/layout/pad.c", kPadParams);
constexpr Kernel kMirrorPadKernel =
    c_kernel<nw_mirror_pad>("nw_mirror_pad", "portable/layout/mirror_pad.c", kMirrorPadParams);
constexpr Kernel kReverseSequenceKernel =
    c_kernel<nw_reverse_sequence>("nw_reverse_sequence", "portable/layout/reverse_sequence.c", kReverseSequenceParams);
constexpr Kernel kSpaceToBatchKernel =
    c_kernel<nw_space_to_batch>("nw_space_to_batch", "portable/layout/space_to_batch.c", kSpaceToBatchParams);
constexpr Kernel kBatchToSpaceKernel =
    c_kernel<nw_batch_to_space>("nw_batch_to_space", "portable/layout/space_to_batch.c", kSpaceToBatchParams);

}  // namespace narrow
