// The rounding of LiteRT's optimized kernels that is not the same in all channels.
#ifndef NARROW_KERNELS_HOST_MIXED_H
#define NARROW_KERNELS_HOST_MIXED_H

#include "portable/layers/conv2d_epilogue.h"

namespace narrow::host {

// Double rounding with ties up in whole groups of 8 channels, away from zero in the rest.
inline nw_i32 mixed_epilogue(const nw_output& output, nw_i32 acc, nw_i32 channel, nw_i32 channels) {
  bool const in_vector = channel < (channels & ~7);
  return in_vector ? nw_epilogue_double_up(&output, acc, channel) : nw_epilogue_double(&output, acc, channel);
}

}  // namespace narrow::host

#endif
