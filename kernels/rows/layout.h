// Kernels that put elements elsewhere without looking at them.
#pragma once

#include "rows/kernel.h"

namespace narrow {

/// Parameters: nw_copy_blocks_params. Arguments: input, output.
extern const Kernel kCopyBlocksKernel;

/// Parameters: nw_copy_strided_params. Arguments: input, output.
extern const Kernel kCopyStridedKernel;
extern const Kernel kPutStridedKernel;

/// Parameters: nw_window_params. Arguments: input, begins, output.
extern const Kernel kCopyWindowKernel;
extern const Kernel kPutWindowKernel;

/// Parameters: nw_pad_params. Arguments: value, input, output.
extern const Kernel kPadKernel;

/// Parameters: nw_mirror_pad_params. Arguments: input, output.
extern const Kernel kMirrorPadKernel;

/// Parameters: nw_reverse_sequence_params. Arguments: input, lengths, output.
extern const Kernel kReverseSequenceKernel;

/// Parameters: nw_space_to_batch_params. Arguments: value outside of the image, image, tiles.
extern const Kernel kSpaceToBatchKernel;

/// Parameters: nw_space_to_batch_params. Arguments: tiles, image.
extern const Kernel kBatchToSpaceKernel;

}  // namespace narrow
