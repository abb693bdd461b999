#include "work.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "unlocked.h"

namespace nb = nanobind;

namespace narrow::python {

void Work::raise_later(nb::python_error error) {
  if (!raised_) raised_.emplace(std::move(error));
  cancel = true;
}

/// Called with the GIL.
void Work::look() {
  try {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!told_.is_none()) told_(progress.done.load(), progress.total.load());
  } catch (nb::python_error& error) {
    raise_later(std::move(error));
  }
}

void Work::wait(const std::function<void()>& call) {
  constexpr auto kLook = std::chrono::milliseconds(50);
  std::mutex mutex;
  std::condition_variable changed;
  bool ended = false;
  std::exception_ptr thrown;
  CancelledAtExit const cancelled(&cancel);
  {
    Unlocked const unlocked;
    std::thread worker([&] {
      try {
        call();
      } catch (...) {
        thrown = std::current_exception();
      }
      std::lock_guard const lock(mutex);
      ended = true;
      changed.notify_one();
    });
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, kLook, [&] { return ended; })) {
      lock.unlock();
      if (!cancel) {
        nb::gil_scoped_acquire const acquire;
        look();
      }
      lock.lock();
    }
    lock.unlock();
    worker.join();
  }
  if (!told_.is_none() && !raised_) look();
  if (raised_) throw std::move(*raised_);
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace narrow::python
