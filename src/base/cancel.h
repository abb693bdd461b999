// Cancelling: a flag that whoever asked for a piece of work may set, and that its loops look at.
#pragma once

#include <atomic>

#include "base/result.h"

namespace narrow {

/// While it lives, `flag` (may be null) is what this thread's work, and that of threads it starts by `run_on_threads`,
/// looks at. Scopes nest: an inner one without a flag leaves the outer one's in force.
class CancelScope {
 public:
  explicit CancelScope(const std::atomic<bool>* flag);
  ~CancelScope();
  CancelScope(const CancelScope&) = delete;
  CancelScope& operator=(const CancelScope&) = delete;

 private:
  const std::atomic<bool>* outer_;
};

/// The flag in force on this thread; null where there is none.
const std::atomic<bool>* cancel_flag();

/// Errors: cancelled, once the flag in force is set. Loops over samples, layers and trials call it.
Status check_cancelled();

}  // namespace narrow
