// Parameters of layers whose accumulators are multiplied in floating point, which only runtimes on the host do.
#ifndef NARROW_KERNELS_HOST_SCALED_H
#define NARROW_KERNELS_HOST_SCALED_H

namespace narrow::host {

// Params: nw_conv2d_params and its like, whose output.multiplier and output.shift are not read. Real: float or double.
template <class Params, class Real>
struct Scaled : Params {
  const Real* scale;  // one per output channel
};

}  // namespace narrow::host

#endif
