#include "quantize/weights/moments_by_weight.h"

namespace narrow {

MomentsByWeight::MomentsByWeight(const Shape& weights, int axis, const ChannelMoments* moments) {
  if (!moments || moments->mean.empty() || weights.rank() < 2) return;
  auto const channels = static_cast<int64_t>(moments->mean.size());
  int64_t const last = weights[weights.rank() - 1], results = weights[axis];
  last_ = static_cast<size_t>(last);
  if (axis > 0) {  // depthwise
    if (last % channels != 0) return;
    per_input_ = static_cast<size_t>(last / channels);
  } else if (weights.rank() == 2) {  // dense
    if (last % channels != 0) return;
    channels_ = static_cast<size_t>(channels);
    group_ = static_cast<size_t>(weights.elements());
  } else {  // convolution
    if (channels % last != 0 || results % (channels / last) != 0) return;
    channels_ = last_;
    group_ = static_cast<size_t>(weights.elements() / (channels / last));
  }
  moments_ = moments;
}

}  // namespace narrow
