#include "ops/integer/fused_activation.h"

#include <type_traits>

#include "ops/arithmetic/add.h"
#include "ops/arithmetic/div.h"
#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/sub.h"
#include "ops/layers/conv_2d.h"
#include "ops/layers/depthwise_conv_2d.h"
#include "ops/layers/fully_connected.h"
#include "ops/layers/transpose_conv.h"
#include "ops/layout/concatenation.h"
#include "ops/windows/pool_2d.h"

namespace narrow {
namespace {

/// The activation among `attributes` where they are one of the given structs. `Any` is std::any, const or not.
template <class... Attributes, class Any>
auto* find(Any& attributes) {
  std::conditional_t<std::is_const_v<Any>, const Activation, Activation>* found = nullptr;
  auto look = [&](auto* a) {
    if (a) found = &a->activation;
  };
  (look(std::any_cast<Attributes>(&attributes)), ...);
  return found;
}

}  // namespace

// CONCATENATION has the attribute, and runtimes refuse it; TRANSPOSE_CONV's is newer than many runtimes.
Activation* fused_activation(Op& op) {
  return find<AddAttributes, Conv2dAttributes, DepthwiseConv2dAttributes, FullyConnectedAttributes, MulAttributes,
              Pool2dAttributes, SubAttributes>(op.attributes);
}

Activation stated_activation(const Op& op) {
  const Activation* const found =
      find<AddAttributes, ConcatenationAttributes, Conv2dAttributes, DepthwiseConv2dAttributes, DivAttributes,
           FullyConnectedAttributes, MulAttributes, Pool2dAttributes, SubAttributes, TransposeConvAttributes>(
          op.attributes);
  return found ? *found : Activation::none;
}

}  // namespace narrow
