// Work: a long call of the library, made on a thread of its own while Python's thread looks after signals and progress.
#pragma once

#include <nanobind/nanobind.h>
#include <narrow/progress.h>

#include <atomic>
#include <functional>
#include <optional>

namespace narrow::python {

class Work {
 public:
  /// `told` is None, or is called with samples done and their number (0: not known), a few times a second.
  explicit Work(nanobind::object told) : told_(std::move(told)) {}

  Progress progress;
  std::atomic<bool> cancel{false};

  /// What `call` returns. The GIL is not held meanwhile. Where a signal handler or `told` raises, such as
  /// KeyboardInterrupt, `cancel` is set, and the exception goes on once the call has ended.
  template <class Call>
  auto run(Call&& call) {
    std::optional<decltype(call())> out;
    wait([&] { out.emplace(call()); });
    return std::move(*out);
  }

  /// An exception of Python's, raised on another thread by what the call asks for: it ends the call, and goes on.
  void raise_later(nanobind::python_error error);

 private:
  void wait(const std::function<void()>& call);
  void look();

  nanobind::object told_;
  std::optional<nanobind::python_error> raised_;
};

}  // namespace narrow::python
