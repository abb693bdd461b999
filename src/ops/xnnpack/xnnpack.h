// XNNPACK: the float engine under the heavy ops. Why this library: ARCHITECTURE.md.
#pragma once

#include <xnnpack.h>

#include <memory>
#include <type_traits>

#include "base/result.h"

namespace narrow::xnn {

/// A library operator with its packed weights. It is bound to buffers anew before each run, so one thread uses it.
using Operator = std::shared_ptr<xnn_operator>;

/// Starts the library once; unsupported where this processor lacks what it needs.
Status start();

/// What a create function returned: the operator taken over, or an error naming `what`.
Result<Operator> own(xnn_status status, xnn_operator_t op, const char* what);

/// Makes an operator, named `what` in an error: create_function is the library's and takes `arguments` first. Since
/// 2023 the library also asks for caches, which are not used.
template <class Create, class... Arguments>
Result<Operator> create(const char* what, Create create_function, Arguments... arguments) {
  NARROW_CHECK(start());
  xnn_operator_t op = nullptr;
  xnn_status const status = [&] {
    if constexpr (std::is_invocable_v<Create, Arguments..., xnn_operator_t*>)
      return create_function(arguments..., &op);
    else
      return create_function(arguments..., nullptr, nullptr, &op);
  }();
  return own(status, op, what);
}

/// The data of a two-dimensional layer: so many images of height * width pixels.
struct Images {
  int count, height, width;
};

// Each runs an operator on the calling thread, and throws std::bad_alloc where the library gets no memory.

void run_convolution(const Operator& op, const Images& data, const float* x, float* y);
/// `added`: rows and columns that the result has beside those that the data reach.
void run_deconvolution(const Operator& op, const Images& data, uint32_t added_h, uint32_t added_w, const float* x,
                       float* y);
void run_fully_connected(const Operator& op, int64_t rows, const float* x, float* y);

}  // namespace narrow::xnn
