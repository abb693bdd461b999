#include "program/plan_arena.h"

#include <algorithm>
#include <optional>

#include "program/place_buffers.h"

namespace narrow {
namespace {

constexpr int64_t kScratchAlignment = 8;

/// What may lie over each other of one step.
struct Permission {
  int operand = kNoTensor, result = kNoTensor;
  PlannedOverlap rule;
  bool shifted = false;  // rule.forwards and rule.backwards hold
};

/// The tensor of which a call's argument is the operand, if no other operand of the op is; kNoTensor where not.
int read_alone(const KernelCall& call, const ProgramStep& step, size_t argument) {
  const CallArgument& a = call.arguments[argument];
  if (a.source != CallArgument::Source::operand) return kNoTensor;
  int const tensor = step.inputs[static_cast<size_t>(a.index)];
  return std::ranges::count(step.inputs, tensor) == 1 ? tensor : kNoTensor;
}

/// The same of an operand that is read from its beginning.
bool reads_alone(const KernelCall& call, const ProgramStep& step, size_t argument) {
  return call.arguments[argument].offset == 0 && read_alone(call, step, argument) != kNoTensor;
}

/// The result that a call writes from its beginning, where it writes nothing else; kNoTensor where not.
int whole_result(const KernelCall& call, const ProgramStep& step) {
  int out = kNoTensor;
  for (const CallArgument& a : call.arguments) {
    if (a.source != CallArgument::Source::result) continue;
    if (out != kNoTensor || a.offset != 0) return kNoTensor;
    out = step.outputs[static_cast<size_t>(a.index)];
  }
  return out;
}

/// Whether the result may begin where the operand that is argument `i` does.
bool may_begin_there(const Kernel& kernel, size_t i, const KernelCall& call, const std::vector<Buffer>& buffers,
                     int operand, int result) {
  int64_t const x = buffers[static_cast<size_t>(operand)].bytes, y = buffers[static_cast<size_t>(result)].bytes;
  return y <= x && kernel.may_overwrite(i, call.params.data(), y < x);
}

/// The scratch memory of each step.
std::vector<Buffer> scratch_of(const Program& program) {
  std::vector<Buffer> out;
  for (const ProgramStep& s : program.steps) {
    int64_t bytes = 0;
    for (const KernelCall& c : s.prepared.step().calls) bytes = std::max(bytes, c.scratch_bytes);
    out.push_back({{static_cast<int>(s.op), static_cast<int>(s.op)}, bytes, kScratchAlignment});
  }
  return out;
}

/// Whether the step is the last that reads the operand, and the first that writes the result.
bool passes_on(const Program& program, const std::vector<Buffer>& buffers, int op, int operand, int result) {
  return !program.graph().tensor(operand).constant && buffers[static_cast<size_t>(operand)].life.last == op &&
         buffers[static_cast<size_t>(result)].life.first == op;
}

/// A call whose result is a part of an operand as it is, or whose operand is to be a part of a result.
std::optional<Permission> copy_permission(const Program& program, const std::vector<Buffer>& buffers, size_t index,
                                          size_t call_index, int char_bits) {
  const ProgramStep& step = program.steps[index];
  const KernelCall& call = step.prepared.step().calls[call_index];
  constexpr size_t kFrom = 0, kTo = 1;
  if (!call.kernel->copied_from || call.arguments[kTo].source != CallArgument::Source::result) return std::nullopt;
  int const operand = read_alone(call, step, kFrom);
  int const result = step.outputs[static_cast<size_t>(call.arguments[kTo].index)];
  if (operand == kNoTensor || !passes_on(program, buffers, static_cast<int>(step.op), operand, result))
    return std::nullopt;
  int64_t const from = call.kernel->copied_from(call.params.data());
  if (from < 0) return std::nullopt;
  DType const type = program.graph().tensor(result).dtype;
  auto const each = static_cast<int64_t>(element_bytes(type));
  if (each == 0 || program.graph().tensor(operand).dtype != type) return std::nullopt;
  int64_t const elements = (call.arguments[kFrom].offset + from - call.arguments[kTo].offset) / each;
  int64_t const distance = sizeof_elements(type, std::abs(elements), char_bits) * (elements < 0 ? -1 : 1);
  Permission p{operand, result, {.step = index, .call = call_index, .argument = kFrom, .distance = distance}};
  p.rule.in_place = distance == 0;
  p.rule.needs_call = false;
  return p;
}

std::vector<Permission> permissions_of(const Program& program, const std::vector<Buffer>& buffers, size_t index,
                                       int char_bits) {
  const ProgramStep& step = program.steps[index];
  const Step& plain = step.prepared.step();
  std::vector<Permission> out;
  if (!plain.checked.empty()) return out;
  for (size_t c = 0; c < plain.calls.size(); ++c)
    if (auto p = copy_permission(program, buffers, index, c, char_bits)) out.push_back(std::move(*p));
  if (plain.calls.size() != 1 || !out.empty()) return out;
  const KernelCall& call = plain.calls[0];
  const Kernel& kernel = *call.kernel;
  int const result = whole_result(call, step);
  if (result == kNoTensor) return out;
  const Tensor& y = program.graph().tensor(result);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (!reads_alone(call, step, i)) continue;
    int const operand = step.inputs[static_cast<size_t>(call.arguments[i].index)];
    const Tensor& x = program.graph().tensor(operand);
    if (!passes_on(program, buffers, static_cast<int>(step.op), operand, result)) continue;
    Permission p{operand, result, {.step = index, .argument = i}};
    if (may_begin_there(kernel, i, call, buffers, operand, result)) {
      p.rule.in_place = true;
      out.push_back(p);
    } else {
      for (const Overlap& o : kernel.overlaps) {
        if (o.argument != i || x.dtype != y.dtype) continue;
        int64_t const element = sizeof_elements(x.dtype, 1, char_bits);
        p.rule.forwards = o.lead(call.params.data(), false) * element;
        p.rule.backwards =
            o.backwards ? o.lead(call.params.data(), true) * element : buffers[static_cast<size_t>(operand)].bytes;
        p.shifted = true;
        out.push_back(p);
      }
    }
  }
  return out;
}

/// Where the difference of the result's and the operand's offsets must not lie.
std::vector<Apart::Interval> forbidden(const Permission& p, int64_t operand_bytes, int64_t result_bytes) {
  if (!p.shifted) return {{-result_bytes, p.rule.distance}, {p.rule.distance, operand_bytes}};
  return {{-std::min(p.rule.forwards, result_bytes), std::min(p.rule.backwards, operand_bytes)}};
}

}  // namespace

int64_t sizeof_elements(DType dtype, int64_t elements, int char_bits) {
  int64_t const bytes = storage_bytes(dtype, elements).value_or(0);
  if (char_bits == 8) return bytes;
  int64_t const each = elements > 0 ? bytes / elements : 0;
  return elements * std::max<int64_t>(1, each * 8 / char_bits);
}

ArenaPlan plan_arena(const Program& program, int char_bits, size_t trials) {
  const Graph& graph = program.graph();
  Liveness const liveness(graph);
  std::vector<Buffer> buffers;  // by tensor, those without a place too
  for (size_t t = 0; t < graph.tensors.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    int64_t const bytes = tensor.constant ? 0 : sizeof_elements(tensor.dtype, tensor.elements(), char_bits);
    buffers.push_back(
        {liveness.of(static_cast<int>(t)), bytes, std::max<int64_t>(1, sizeof_elements(tensor.dtype, 1, char_bits))});
  }
  std::vector<Permission> permissions;
  for (size_t s = 0; s < program.steps.size(); ++s)
    for (Permission& p : permissions_of(program, buffers, s, char_bits)) permissions.push_back(std::move(p));

  std::vector<size_t> placed, place(buffers.size());  // tensors with a place, and which
  for (size_t t = 0; t < buffers.size(); ++t)
    if (buffers[t].life.mentioned() && !graph.tensors[t].constant) {
      place[t] = placed.size();
      placed.push_back(t);
    }
  std::vector<Buffer> alive;
  for (size_t t : placed) alive.push_back(buffers[t]);
  std::vector<Buffer> const scratch = scratch_of(program);
  for (const Buffer& b : scratch)
    if (b.bytes > 0) alive.push_back(b);
  std::vector<Apart> apart;
  for (const Permission& p : permissions) {
    auto const x = static_cast<size_t>(p.operand), y = static_cast<size_t>(p.result);
    apart.push_back({place[x], place[y], forbidden(p, buffers[x].bytes, buffers[y].bytes), std::nullopt});
    if (!p.rule.needs_call) apart.back().wanted = p.rule.distance;
  }
  Placement const found = place_buffers(alive, apart, trials);

  ArenaPlan plan{std::vector<int64_t>(buffers.size(), -1), found.bytes, {}, {}};
  for (size_t i = 0; i < placed.size(); ++i) plan.offsets[placed[i]] = found.offsets[i];
  size_t next = placed.size();
  for (const Buffer& b : scratch) plan.scratch.push_back(b.bytes > 0 ? found.offsets[next++] : -1);
  for (Permission& p : permissions) {
    auto const x = static_cast<size_t>(p.operand), y = static_cast<size_t>(p.result);
    p.rule.distance = plan.offsets[y] - plan.offsets[x];
    bool const over = p.rule.distance < buffers[x].bytes && p.rule.distance > -buffers[y].bytes;
    if (!over) continue;
    p.rule.from_end = p.shifted && p.rule.distance > -p.rule.forwards;
    plan.overlaps.push_back(p.rule);
  }
  return plan;
}

}  // namespace narrow
