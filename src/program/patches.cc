#include "program/patches.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "ops/def/prepared_step.h"

namespace narrow {
namespace {

using Source = CallArgument::Source;

bool is_image(const Tensor& t) {
  return t.shape.rank() == 4 && t.shape[0] == 1 && !t.constant && t.elements() > 0;
}

/// Whether the step is one call that can compute rows of its one result from images.
bool takes_rows(const Program& program, const ProgramStep& step) {
  const Step& plain = step.prepared.step();
  if (plain.calls.size() != 1 || !plain.checked.empty() || !plain.calls[0].kernel->take_rows) return false;
  if (step.outputs.size() != 1 || !is_image(program.graph().tensor(step.outputs[0]))) return false;
  return std::ranges::all_of(plain.calls[0].arguments, [&](const CallArgument& a) {
    if (a.source == Source::result) return a.offset == 0;
    if (a.source == Source::operands) return false;
    if (a.source != Source::operand) return true;
    int const t = step.inputs[static_cast<size_t>(a.index)];
    return t == kNoTensor || program.graph().tensor(t).constant ||
           (is_image(program.graph().tensor(t)) && a.offset == 0);
  });
}

int64_t row_bytes(const Tensor& t) {
  return storage_bytes(t.dtype, t.elements()).value_or(0) / t.shape[1];
}

/// Rows of an image that a patch holds.
struct Held {
  int tensor = kNoTensor;  // in the new graph
  RowRange rows;
};

/// Makes the steps of one program.
class Patches {
 public:
  Patches(const Program& program, const PatchChoice& choice)
      : program_(program), choice_(choice), model_(std::make_shared<Model>(*program.model)) {
    graph().ops.clear();
    input_ = program.graph().inputs[0];
    target_ = program.steps[choice.steps - 1].outputs[0];
  }

  std::optional<Program> made() {
    int32_t const height = program_.graph().tensor(target_).shape[1];
    for (int32_t first = 0; first < height; first += choice_.rows)
      if (!add_patch({first, std::min(first + choice_.rows, height)})) return std::nullopt;
    for (size_t i = choice_.steps; i < program_.steps.size(); ++i) {
      const ProgramStep& s = program_.steps[i];
      if (!add(program_.graph().ops[s.op], s.prepared.step())) return std::nullopt;
    }
    Program out;
    out.model = model_;
    out.graph_index = program_.graph_index;
    for (size_t i = 0; i < steps_.size(); ++i) {
      const Op& op = graph().ops[i];
      auto prepared = prepare(OpView{graph(), op}, std::move(steps_[i]), true);
      if (!prepared) return std::nullopt;
      out.steps.push_back({std::move(*prepared), i, operand_slots(op), op.outputs});
    }
    return out;
  }

 private:
  Graph& graph() { return model_->graphs[static_cast<size_t>(program_.graph_index)]; }
  const ProgramStep& step(size_t i) const { return program_.steps[i]; }

  bool add(const Op& op, Step step) {
    graph().ops.push_back(op);
    steps_.push_back(std::move(step));
    return true;
  }

  /// Computed for each reader anew: a result of the input alone.
  bool computed_again(int tensor) const {
    if (!choice_.recompute) return false;
    int readers = 0;
    bool from_input = false;
    for (size_t i = 0; i < choice_.steps; ++i) {
      readers += static_cast<int>(std::ranges::count(step(i).inputs, tensor));
      if (step(i).outputs[0] == tensor)
        from_input = std::ranges::all_of(step(i).inputs, [&](int t) {
          return t == kNoTensor || t == input_ || program_.graph().tensor(t).constant;
        });
    }
    return from_input && readers > 1;
  }

  /// The rows of operands that step `i` reads for those rows of its result; nothing where it cannot.
  std::optional<RowRange> read_by(size_t i, RowRange wanted) const {
    KernelCall call = step(i).prepared.step().calls[0];
    RowRange read;
    int32_t const height = program_.graph().tensor(step(i).outputs[0]).shape[1];
    if (!call.kernel->take_rows(call.params.data(), height, wanted, read)) return std::nullopt;
    return read;
  }

  /// Adds the steps of one patch, which gives those rows of the target.
  bool add_patch(RowRange rows) {
    std::map<int, RowRange> wanted{{target_, rows}};  // by tensor, of those that are computed once
    for (size_t i = choice_.steps; i-- > 0;) {
      auto const found = wanted.find(step(i).outputs[0]);
      if (found == wanted.end()) continue;
      auto const read = read_by(i, found->second);
      if (!read) return false;
      for (int t : step(i).inputs) {
        if (t == kNoTensor || program_.graph().tensor(t).constant || computed_again(t)) continue;
        auto const [at, is_new] = wanted.emplace(t, *read);
        if (!is_new) at->second = {std::min(at->second.first, read->first), std::max(at->second.end, read->end)};
      }
    }
    std::map<int, Held> held{{input_, {input_, {0, program_.graph().tensor(input_).shape[1]}}}};
    for (size_t i = 0; i < choice_.steps; ++i) {
      int const out = step(i).outputs[0];
      auto const found = wanted.find(out);
      if (found == wanted.end()) continue;
      auto const read = read_by(i, found->second);
      std::set<int> made;  // a tensor that is read twice is computed once
      for (int t : step(i).inputs) {
        if (t == kNoTensor || !computed_again(t) || !made.insert(t).second) continue;
        if (!read_by(maker(t), *read)) return false;
        held[t] = add_part(maker(t), *read, held);
      }
      held[out] = add_part(i, found->second, held);
    }
    return true;
  }

  size_t maker(int tensor) const {
    for (size_t i = 0; i < choice_.steps; ++i)
      if (step(i).outputs[0] == tensor) return i;
    return 0;
  }

  /// Adds the part of step `i` that computes those rows of its result, from what is held.
  Held add_part(size_t i, RowRange wanted, const std::map<int, Held>& held) {
    const Graph& from = program_.graph();
    int const whole = step(i).outputs[0];
    Held out{whole, wanted};
    if (whole != target_) {
      Tensor part = from.tensor(whole);
      std::vector<int32_t> dims(part.shape.dims().begin(), part.shape.dims().end());
      dims[1] = wanted.end - wanted.first;
      part.shape = *Shape::make(dims);
      part.name += "_rows_" + std::to_string(graph().tensors.size());
      out.tensor = static_cast<int>(graph().tensors.size());
      graph().tensors.push_back(std::move(part));
    }
    Op op = from.ops[step(i).op];
    op.outputs = {out.tensor};
    Step made;
    made.calls.push_back(step(i).prepared.step().calls[0]);
    KernelCall& call = made.calls[0];
    RowRange read;
    call.kernel->take_rows(call.params.data(), from.tensor(whole).shape[1], wanted, read);
    for (CallArgument& a : call.arguments) {
      if (a.source == Source::result && whole == target_) a.offset = wanted.first * row_bytes(from.tensor(whole));
      if (a.source != Source::operand) continue;
      int const t = step(i).inputs[static_cast<size_t>(a.index)];
      if (t == kNoTensor || from.tensor(t).constant) continue;
      const Held& h = held.at(t);
      a.offset = (read.first - h.rows.first) * row_bytes(from.tensor(t));
      op.inputs[static_cast<size_t>(a.index)] = h.tensor;
    }
    add(op, std::move(made));
    return out;
  }

  const Program& program_;
  PatchChoice choice_;
  std::shared_ptr<Model> model_;
  int input_ = kNoTensor, target_ = kNoTensor;
  std::vector<Step> steps_;
};

/// Whether nothing but the result of the last of the first `steps` steps, and the input, is read behind them.
bool stands_alone(const Program& program, size_t steps) {
  const Graph& graph = program.graph();
  std::vector<bool> inside(graph.tensors.size(), false);
  for (size_t i = 0; i + 1 < steps; ++i) inside[static_cast<size_t>(program.steps[i].outputs[0])] = true;
  for (size_t i = steps; i < program.steps.size(); ++i)
    for (int t : program.steps[i].inputs)
      if (t != kNoTensor && inside[static_cast<size_t>(t)]) return false;
  return std::ranges::none_of(graph.outputs, [&](int t) { return inside[static_cast<size_t>(t)]; });
}

}  // namespace

std::optional<Program> in_patches(const Program& program, const PatchChoice& choice) {
  return Patches(program, choice).made();
}

std::vector<PatchChoice> patch_choices(const Program& program) {
  std::vector<PatchChoice> out;
  const Graph& graph = program.graph();
  if (program.one_by_one || graph.inputs.size() != 1 || !is_image(graph.tensor(graph.inputs[0]))) return out;
  for (size_t steps = 2; steps <= program.steps.size() && takes_rows(program, program.steps[steps - 1]); ++steps) {
    if (!takes_rows(program, program.steps[0]) || !stands_alone(program, steps)) continue;
    int32_t const height = graph.tensor(program.steps[steps - 1].outputs[0]).shape[1];
    for (int32_t rows : {1, 2, 4, 8})
      for (bool const recompute : {false, true})
        if (rows * 2 <= height) out.push_back({steps, rows, recompute});
  }
  return out;
}

}  // namespace narrow
