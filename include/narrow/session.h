// Session: a model made ready to run, with its inputs and outputs in memory.
//
//   NARROW_TRY(Session session, Session::create(model, {.max_batch = 8}));
//   std::memcpy(session.input(0).data(), samples, session.input(0).size());
//   NARROW_CHECK(session.run(8));
#pragma once

#include <narrow/model.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace narrow {

struct SessionOptions {
  Profile profile = Profile::narrow;
  std::string signature = {};  // whose graph to run; the first graph where empty
  int max_batch = 1;           // samples that one run can take, at least 1
};

/// For one thread at a time. The state that a model keeps in variables stays from sample to sample and from run to run,
/// until `restart`.
class NARROW_API Session {
 public:
  /// Errors: bad_option (names the field), unsupported (names the first op without a kernel), limit_exceeded.
  static Result<Session> create(const ModelPtr& model, const SessionOptions& options = {});
  Session(Session&& other) noexcept;
  Session& operator=(Session&& other) noexcept;
  ~Session();

  size_t inputs() const;
  size_t outputs() const;
  int max_batch() const;

  /// Where samples of input i go before `run`: max_batch of them, one behind the other, dense, in the tensor's own
  /// type. Empty where i is not below inputs().
  std::span<std::byte> input(size_t i);
  /// The same of output i of the last run; valid until the next. Empty where i is not below outputs().
  std::span<const std::byte> output(size_t i) const;
  /// Runs the first `batch` samples, 1 <= batch <= max_batch. Errors: bad_option (the batch), bad_data (an operand
  /// turns out not to fit), limit_exceeded (a loop without an end); the latter two name the op.
  [[nodiscard]] Status run(int batch = 1);
  /// The state that the model keeps begins anew: the next sample is the first of a sequence.
  void restart();

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace narrow
