// Kernels that put elements elsewhere without looking at them.
#pragma once

#include "rows/kernel.h"

namespace narrow {

/// Parameters: nw_copy_blocks_params. Arguments: input, output.
extern const Kernel kCopyBlocksAny;

/// Parameters: nw_copy_strided_params. Arguments: input, output.
extern const Kernel kCopyStridedAny;
extern const Kernel kPutStridedAny;

/// Parameters: nw_window_params. Arguments: input, begins, output.
extern const Kernel kCopyWindowAny;
extern const Kernel kPutWindowAny;

/// Parameters: nw_pad_params. Arguments: value, input, output.
extern const Kernel kPadAny;

/// Parameters: nw_mirror_pad_params. Arguments: input, output.
extern const Kernel kMirrorPadAny;

/// Parameters: nw_reverse_sequence_params. Arguments: input, lengths, output.
extern const Kernel kReverseSequenceAny;

/// Parameters: nw_space_to_batch_params. Arguments: value outside of the image, image, tiles.
extern const Kernel kSpaceToBatchAny;

/// Parameters: nw_space_to_batch_params. Arguments: tiles, image.
extern const Kernel kBatchToSpaceAny;

}  // namespace narrow
