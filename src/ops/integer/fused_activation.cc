#include "ops/integer/fused_activation.h"

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

/// The activation among the attributes where they are one of the given structs; null where they are not.
template <class... Structs>
Activation* find(Attributes& attributes) {
  Activation* found = nullptr;
  auto look = [&](auto* a) {
    if (a) found = &a->activation;
  };
  (look(attributes.edit<Structs>()), ...);
  return found;
}

template <class... Structs>
const Activation* find(const Attributes& attributes) {
  const Activation* found = nullptr;
  auto look = [&](const auto* a) {
    if (a) found = &a->activation;
  };
  (look(attributes.get_if<Structs>()), ...);
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
