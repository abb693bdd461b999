// Session of the public interface: a Runner for a batch of samples.
#include "narrow/session.h"

#include "api/given.h"
#include "base/guarded.h"
#include "graph/entry.h"
#include "program/runner.h"
#include "simplify/simplify.h"

namespace narrow {

struct Session::State {
  explicit State(Program program) : runner(std::move(program)) {}

  const Graph& graph() const { return runner.program().graph(); }
  size_t batch_bytes(int tensor) const {
    const Tensor& t = graph().tensor(tensor);
    return static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0)) *
           static_cast<size_t>(runner.program().max_batch);
  }

  Runner runner;
};

Result<Session> Session::create(const ModelPtr& model, const SessionOptions& options) {
  return guarded([&]() -> Result<Session> {
    NARROW_CHECK(check_given(model));
    if (options.max_batch < 1)
      return refuse("max_batch", "`max_batch=" + std::to_string(options.max_batch) + "` is below 1");
    NARROW_TRY(int const entry, entry_graph(*model, options.signature));
    NARROW_TRY(Model folded, fold_constants(*model));
    LowerContext context{*find_profile(to_string(options.profile))};
    context.max_batch = options.max_batch;
    NARROW_TRY(Program program, lower(std::make_shared<const Model>(std::move(folded)), context, entry));
    return Session(std::make_unique<State>(std::move(program)));
  });
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&& other) noexcept = default;
Session& Session::operator=(Session&& other) noexcept = default;
Session::~Session() = default;

size_t Session::inputs() const {
  return state_->graph().inputs.size();
}

size_t Session::outputs() const {
  return state_->graph().outputs.size();
}

int Session::max_batch() const {
  return state_->runner.program().max_batch;
}

std::span<std::byte> Session::input(size_t i) {
  if (i >= inputs()) return {};
  return {state_->runner.input(i), state_->batch_bytes(state_->graph().inputs[i])};
}

std::span<const std::byte> Session::output(size_t i) const {
  if (i >= outputs()) return {};
  return {state_->runner.output(i), state_->batch_bytes(state_->graph().outputs[i])};
}

void Session::restart() {
  state_->runner.restart();
}

Status Session::run(int batch) {
  return guarded([&]() -> Status {
    if (batch < 1 || batch > max_batch())
      return refuse("batch", "`batch=" + std::to_string(batch) + "` is not in 1.." + std::to_string(max_batch()));
    return state_->runner.run(batch);
  });
}

}  // namespace narrow
