// The calls of kernels for processors with the DSP extension, in place of those of portable layer kernels of widths
// other than 8 bits.
#pragma once

#include <utility>

#include "dsp/dsp_plane_layer.h"
#include "emit/c/packed_layer.h"

namespace narrow {

/// The constants of a layer's call, whatever they are stored in: weights one by one, and biases in units of the sums;
/// none where it has none.
struct LayerConstants {
  std::vector<int16_t> weights;
  std::vector<int64_t> bias;
};

/// Of a call with constant weights of a layer kernel with 16-bit activations (i16_b64_wide), with 4-bit weights
/// (a8w4s32_double), with 16-bit weights (a16w16s64_wide), or with one rounding (a8w8s32_single) whose factors are
/// powers of two.
OtherCall dsp_width_call(const KernelCall& call, const LayerConstants& constants);

/// The part of it that is about 16-bit weights.
OtherCall dsp_w16_call(const KernelCall& call, const LayerConstants& constants);
/// Of filters of the layer, channel by channel, those that the plane wants: turned where it is.
template <class Element>
void turn_with_plane(std::vector<std::vector<Element>>& filters, const nw_window& window) {
  constexpr size_t kSide = 3;
  if (!NW_DSP_PLANE_TURNED(window)) return;
  for (auto& f : filters)
    for (size_t row = 0; row < kSide; ++row)
      for (size_t column = 0; column < row; ++column) std::swap(f[kSide * row + column], f[kSide * column + row]);
}

/// Of a call of nw_add_i16, nw_add_by_rule_i8 or nw_add_by_rule_i16.
OtherCall dsp_width_add(const KernelCall& call);

/// The words of dsp_four_sums.h of filters of 8 bits for data of 16: of each `at_once` filters, of which the last ones
/// and the elements up to a multiple of eight are zeros.
std::vector<int32_t> words_for_halfwords(Filters filters, size_t at_once);

}  // namespace narrow
