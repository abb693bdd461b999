// guarded: the edge of the product, where an exception of the standard library becomes an Error.
#pragma once

#include "narrow/result.h"

namespace narrow {

/// The exception being handled, as an error: limit_exceeded where memory ran out, internal otherwise.
Error error_in_flight() noexcept;

/// What `work` returns, a Result; an error where it throws.
template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    return tl::unexpected<Error>(error_in_flight());
  }
}

}  // namespace narrow
