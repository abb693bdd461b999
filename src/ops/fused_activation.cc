#include "ops/fused_activation.h"

#include "ops/add.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/mul.h"
#include "ops/pool_2d.h"
#include "ops/sub.h"

namespace narrow {
namespace {

/// The activation among `attributes` where they are one of the given structs.
template <class... Attributes>
Activation* find(std::any& attributes) {
  Activation* found = nullptr;
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

}  // namespace narrow
