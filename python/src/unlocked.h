// Unlocked: Python's lock let go while the library works, in a way that survives the end of the interpreter.
//
// A thread that asks for the lock once the interpreter is being taken down is ended by Python in the midst of C++,
// which ends the process by a signal. So threads that still work then (daemons) are cancelled, waited for, and go no
// further.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>

namespace narrow::python {

/// Lets the lock go for its lifetime.
class Unlocked {
 public:
  Unlocked();
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* state_;
};

/// A flag that the end of the interpreter sets while this lives. Made and destroyed with the lock held.
class CancelledAtExit {
 public:
  explicit CancelledAtExit(std::atomic<bool>* flag);
  ~CancelledAtExit();
  CancelledAtExit(const CancelledAtExit&) = delete;
  CancelledAtExit& operator=(const CancelledAtExit&) = delete;

 private:
  std::atomic<bool>* flag_;
};

/// Has Python wait for threads at its end.
void watch_exit(nanobind::module_& m);

}  // namespace narrow::python
