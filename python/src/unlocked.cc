#include "unlocked.h"

#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <set>
#include <thread>

namespace nb = nanobind;

namespace narrow::python {
namespace {

/// Read and written with the lock held.
struct Threads {
  bool ending = false;
  std::thread::id ender;  // ends the interpreter; it may still work, in other handlers of atexit
  int unlocked = 0;
  std::set<std::atomic<bool>*> flags;
};

Threads& threads() {
  static auto* const all = new Threads;  // never destroyed: threads may outlive the module
  return *all;
}

/// Keeps a thread, which holds the lock, from going on once the end has begun.
void stop_at_end() {
  if (!threads().ending || threads().ender == std::this_thread::get_id()) return;
  PyEval_SaveThread();
  for (;;) pause();
}

/// A child of `fork` has the thread that called it, which holds the lock, and no other.
void forget_threads() {
  threads().unlocked = 0;
  threads().flags.clear();
}

void end_threads() {
  constexpr auto kLook = std::chrono::milliseconds(1);
  constexpr auto kLongest = std::chrono::seconds(10);  // samples may be asked of what never answers
  auto const begin = std::chrono::steady_clock::now();
  threads().ending = true;
  threads().ender = std::this_thread::get_id();
  for (std::atomic<bool>* const flag : threads().flags) *flag = true;
  while (threads().unlocked > 0 && std::chrono::steady_clock::now() - begin < kLongest) {
    nb::gil_scoped_release const release;
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

Unlocked::Unlocked() {
  stop_at_end();
  ++threads().unlocked;
  state_ = PyEval_SaveThread();
}

Unlocked::~Unlocked() {
  PyEval_RestoreThread(state_);
  --threads().unlocked;
  stop_at_end();
}

CancelledAtExit::CancelledAtExit(std::atomic<bool>* flag) : flag_(flag) {
  threads().flags.insert(flag);
}

CancelledAtExit::~CancelledAtExit() {
  threads().flags.erase(flag_);
}

void watch_exit(nb::module_& m) {
  pthread_atfork(nullptr, nullptr, &forget_threads);
  m.def("_end_threads", &end_threads);
  nb::module_::import_("atexit").attr("register")(m.attr("_end_threads"));
}

}  // namespace narrow::python
