#include "ops/build/batch_norm.h"

#include <cmath>

#include "ops/arithmetic/arithmetic.h"

namespace narrow {

Result<int> add_batch_norm(GraphBuilder& builder, int x, const BatchNorm& norm, const std::string& name) {
  const Shape& shape = builder.shape(x);
  size_t const channels = shape.rank() ? static_cast<size_t>(shape.back()) : 0;
  auto const fits = [&](std::span<const float> list, bool may_be_empty) {
    return list.size() == channels || (may_be_empty && list.empty());
  };
  if (!fits(norm.mean, false) || !fits(norm.variance, false) || !fits(norm.gamma, true) || !fits(norm.beta, true))
    return fail(ErrorKind::bad_file, "batch normalization does not have one value for each channel", name);
  std::vector<float> scale(channels), offset(channels);
  for (size_t c = 0; c < channels; ++c) {
    double const variance = double{norm.variance[c]} + double{norm.epsilon};
    if (!(variance > 0))
      return fail(ErrorKind::bad_file, "the variance of a batch normalization is not positive", name);
    double const factor = (norm.gamma.empty() ? 1.0 : double{norm.gamma[c]}) / std::sqrt(variance);
    scale[c] = static_cast<float>(factor);
    offset[c] = static_cast<float>((norm.beta.empty() ? 0.0 : double{norm.beta[c]}) - double{norm.mean[c]} * factor);
  }
  NARROW_TRY(Shape const list, Shape::make(std::vector<int32_t>{shape.back()}));
  int const by = builder.constant({.shape = list, .name = name + "/scale"}, scale);
  int const plus = builder.constant({.shape = list, .name = name + "/offset"}, offset);
  NARROW_TRY(int const scaled, builder.infer_op(kMul, MulAttributes{}, {x, by}, {.name = name + "/scaled"}));
  return builder.infer_op(kAdd, AddAttributes{}, {scaled, plus}, {.name = name});
}

}  // namespace narrow
