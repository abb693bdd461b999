#include <algorithm>
#include <map>

#include "base/checked.h"
#include "ops/check/validate.h"
#include "ops/control/body.h"
#include "program/program.h"
#include "program/runner.h"

namespace narrow {
namespace {

std::string graph_name(int index) {
  return "graph " + std::to_string(index);
}

/// "800 bytes", "3200 bytes (800 for each of 4 samples at a time)".
std::string activation_bytes(int64_t each, int batch) {
  auto const all = checked_mul(each, batch);
  std::string const total = (all ? std::to_string(*all) : "over 2^63") + " bytes";
  if (batch == 1) return total;
  return total + " (" + std::to_string(each) + " for each of " + std::to_string(batch) + " samples at a time)";
}

class BodyRunner final : public Body {
 public:
  explicit BodyRunner(Program program) : runner_(std::move(program)) {}

  const Graph& graph() const override { return runner_.program().graph(); }
  std::byte* input(size_t i) override { return runner_.input(i); }
  const std::byte* output(size_t i) const override { return runner_.output(i); }
  Status run() override {
    auto done = runner_.run_inside();
    return done ? done : pass(std::move(done), graph_name(runner_.program().graph_index));
  }
  bool host_only() const override {
    auto const& steps = runner_.program().steps;
    return std::any_of(steps.begin(), steps.end(), [](const ProgramStep& s) { return s.prepared.host_only(); });
  }

 private:
  Runner runner_;
};

/// Lowers the graphs of one program. Graphs do not run themselves, so one body each will do.
class Lowering final : public Bodies {
 public:
  Lowering(std::shared_ptr<const Model> model, const LowerContext& context)
      : model_(std::move(model)), context_(context), state_(std::make_shared<RunState>()) {
    context_.bodies = this;
  }

  Result<Program> lower_graph(int index, int max_batch) {
    Program program;
    program.model = model_;
    program.graph_index = index;
    program.max_batch = max_batch;
    program.state = state_;
    program.one_by_one = runs_one_by_one(program.graph());
    LowerContext context = context_;
    context.max_batch = max_batch;
    if (context_.leaves_out && !entered_) program.missing = uncomputable_tensors(program.graph());
    entered_ = true;
    for (size_t i = 0; i < program.graph().ops.size(); ++i) {
      if (left_out(program, program.graph().ops[i])) continue;
      if (auto ok = add_step(program, i, context); !ok) return pass(std::move(ok), op_label(program.graph(), i));
    }
    MemoryPlan plan = plan_memory(program.graph(), false);
    int64_t const most = limits_in_force().arena_bytes;
    if (plan.bytes > (most - arena_bytes_) / max_batch)
      return fail(ErrorKind::limit_exceeded,
                  "the live activations take " + activation_bytes(plan.bytes, max_batch) +
                      (arena_bytes_ > 0 ? ", and those of other graphs " + std::to_string(arena_bytes_) : "") +
                      "; the limit is " + std::to_string(most),
                  model_->source, how_to_raise("arena-bytes"));
    arena_bytes_ += plan.bytes * max_batch;
    program.offsets = std::move(plan.offsets);
    program.arena_bytes = plan.bytes;
    return program;
  }

  Result<std::shared_ptr<Body>> body(int index) override {
    auto& known = bodies_[index];
    if (known) return known;
    auto program = lower_graph(index, 1);
    if (!program) return pass(std::move(program), graph_name(index));
    return known = std::make_shared<BodyRunner>(std::move(*program));
  }

  std::shared_ptr<Variables> variables() override { return {state_, &state_->variables}; }

 private:
  /// Whether an op has nothing but results without values.
  static bool left_out(const Program& program, const Op& op) {
    return !program.missing.empty() && !op.outputs.empty() && std::ranges::all_of(op.outputs, [&](int t) {
      return t == kNoTensor || program.missing[static_cast<size_t>(t)];
    });
  }

  static Status add_step(Program& program, size_t i, const LowerContext& context) {
    const Op& op = program.graph().ops[i];
    NARROW_TRY(PreparedStep prepared, lower_op(program.graph(), op, context));
    program.scratch_bytes = std::max(program.scratch_bytes, static_cast<int64_t>(prepared.scratch_bytes()));
    program.steps.push_back({std::move(prepared), i, operand_slots(op), given_tensors({program.graph(), op})});
    return {};
  }

  std::shared_ptr<const Model> model_;
  LowerContext context_;
  std::shared_ptr<RunState> state_;
  std::map<int, std::shared_ptr<Body>> bodies_;
  int64_t arena_bytes_ = 0;  // of all graphs so far
  bool entered_ = false;     // the entry is being lowered, or has been
};

}  // namespace

Result<PreparedStep> lower_op(const Graph& graph, const Op& op, const LowerContext& context) {
  if (!op.def) return fail(ErrorKind::unsupported, "narrow has no kernel for this op");
  NARROW_CHECK(check_computable(graph, op));
  NARROW_TRY(Step step, op.def->lower(OpView{graph, op}, context));
  return prepare(OpView{graph, op}, std::move(step), context.reference);
}

Result<Program> lower(std::shared_ptr<const Model> model, const LowerContext& context, int entry) {
  return Lowering(std::move(model), context).lower_graph(entry, context.max_batch);
}

}  // namespace narrow
