#include "base/guarded.h"

#include <exception>
#include <new>
#include <stdexcept>

namespace narrow {
namespace {

/// Its text is short enough to be stored without more memory; the remedy is left out where there is none for it.
Error out_of_memory() noexcept {
  Error error{ErrorKind::limit_exceeded, "out of memory", {}, {}};
  try {
    error.remedy = "fewer `threads` need less";
  } catch (const std::bad_alloc&) {
  }
  return error;
}

Error bug(const char* what) noexcept {
  try {
    return {ErrorKind::internal, what, {}, "this is a bug in narrow; please report it"};
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace

Error error_in_flight() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (const std::length_error&) {  // more elements than any memory holds
    return out_of_memory();
  } catch (const std::exception& e) {
    return bug(e.what());
  } catch (...) {
    return bug("unknown exception");
  }
}

}  // namespace narrow
