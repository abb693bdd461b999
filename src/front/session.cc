// Session of the public interface: a Runner for one sample.
#include "base/guarded.h"
#include "narrow/narrow.h"
#include "program/runner.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

size_t bytes_of(const Tensor& t) {
  return static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
}

}  // namespace

struct Session::State {
  explicit State(Program program) : runner(std::move(program)) {}

  Runner runner;
};

Result<Session> Session::create(const ModelPtr& model, const std::string& profile) {
  return guarded([&]() -> Result<Session> {
    const Profile* const chosen = find_profile(profile);
    if (!chosen) return fail(ErrorKind::bad_option, "there is no profile '" + profile + "'");
    NARROW_TRY(Model folded, fold_constants(*model));
    NARROW_TRY(Program program, lower(std::make_shared<const Model>(std::move(folded)), LowerContext{*chosen}));
    return Session(std::make_unique<State>(std::move(program)));
  });
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&& other) noexcept = default;
Session& Session::operator=(Session&& other) noexcept = default;
Session::~Session() = default;

std::span<std::byte> Session::input(size_t i) {
  const Graph& graph = state_->runner.program().graph();
  return {state_->runner.input(i), bytes_of(graph.tensor(graph.inputs[i]))};
}

std::span<const std::byte> Session::output(size_t i) const {
  const Graph& graph = state_->runner.program().graph();
  return {state_->runner.output(i), bytes_of(graph.tensor(graph.outputs[i]))};
}

Status Session::run() {
  return guarded([&] { return state_->runner.run(1); });
}

}  // namespace narrow
