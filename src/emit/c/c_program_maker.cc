#include "emit/c/c_program_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "emit/constants/c_text.h"
#include "ops/control/state.h"
#include "ops/def/operand_with.h"

namespace narrow {
namespace {

using Source = CPointer::Source;
using Kind = ControlFlow::Kind;

/// What a constant operand is called behind the name of its op.
std::string operand_name(const Op& op, size_t operand) {
  if (std::string part = part_name(op, operand); !part.empty()) return part == "wt" ? "weights" : part;
  Role const role = op.def ? op.def->quant.role(operand) : Role::activation;
  if (role == Role::weight) return "weights";
  if (role == Role::bias) return "bias";
  return fmt::format("operand_{}", operand);
}

std::string memory_text(const PlannedOverlap& o) {
  if (o.in_place) return "over an operand, in place";
  if (o.from_end)
    return fmt::format("over the operand, {} bytes behind its beginning (at least {}), from the end on", o.distance,
                       o.backwards);
  return fmt::format("over the operand, {} bytes before its beginning (at least {})", -o.distance, o.forwards);
}

/// Of a step whose results lie in its operands, or operands in its result.
std::string memory_text(size_t needless, size_t calls) {
  if (calls == 1) return "where the operand lies, and is the same: nothing is done";
  if (needless == calls) return "where the operands lie, and the same: nothing is done";
  return fmt::format("{} of {} copies lie where they go: they are not made", needless, calls);
}

int64_t bytes_of(const Tensor& t) {
  return storage_bytes(t.dtype, t.elements()).value_or(0);
}

/// What every byte of a constant is; -1 where they differ, and for other tensors.
int same_byte(const Tensor& t) {
  auto const bytes = t.data.bytes();
  if (!t.constant || bytes.empty()) return -1;
  bool const same = std::ranges::all_of(bytes, [&](std::byte b) { return b == bytes[0]; });
  return same ? static_cast<int>(bytes[0]) : -1;
}

}  // namespace

Status CProgramMaker::add_graph(int index, const std::string& function, ArenaPlan plan,
                                const std::vector<std::string>& names) {
  program_ = &programs_.at(index);
  graph_index_ = index;
  place_of_[index] = out_.graphs.size();
  overlaps_of_.clear();
  for (size_t i = 0; i < plan.overlaps.size(); ++i) overlaps_of_.emplace(plan.overlaps[i].step, i);
  out_.graphs.push_back({index, function, std::move(plan), bases_.at(index), {}});
  add_variable_tensors();
  for (size_t i = 0; i < program_->steps.size(); ++i) NARROW_CHECK(add(i, lower(names[program_->steps[i].op])));
  return {};
}

/// Variable tensors that no caller writes are fields of the state.
void CProgramMaker::add_variable_tensors() {
  for (size_t t = 0; t < graph().tensors.size(); ++t) {
    const Tensor& x = graph().tensors[t];
    bool const input = std::ranges::find(graph().inputs, static_cast<int>(t)) != graph().inputs.end();
    if (!x.variable || input || c_graph().plan.offsets[t] < 0) continue;
    field_of_tensor_[here(static_cast<int>(t))] = out_.state.size();
    out_.state.push_back({names_.take(fmt::format("tensor_{}", t)), x.dtype, x.elements(), first_value(x)});
  }
}

Status CProgramMaker::add(size_t index, const std::string& name) {
  const ProgramStep& step = program_->steps[index];
  const Step& plain = step.prepared.step();
  NARROW_CHECK(check(step, plain));
  CStep s;
  s.op = step.op;
  s.name = name;
  std::set<size_t> needless;  // calls
  const PlannedOverlap* overlap = nullptr;
  auto const [first, end] = overlaps_of_.equal_range(index);
  for (auto it = first; it != end; ++it) {
    const PlannedOverlap& o = c_graph().plan.overlaps[it->second];
    if (o.needs_call)
      overlap = &o;
    else
      needless.insert(o.call);
  }
  if (overlap) s.memory = memory_text(*overlap);
  if (!needless.empty()) s.memory = memory_text(needless.size(), plain.calls.size());
  if (!step.declined.empty()) s.memory += (s.memory.empty() ? "" : "; ") + ("portable kernel: " + step.declined);
  for (size_t c = 0; c < plain.calls.size(); ++c)
    if (!needless.contains(c)) s.calls.push_back(call(plain.calls[c], step, name, overlap));
  NARROW_TRY(s.control, control(plain.control, step));
  c_graph().steps.push_back(std::move(s));
  return {};
}

tl::unexpected<Error> CProgramMaker::refused(const ProgramStep& step, const std::string& why,
                                             const char* remedy) const {
  std::string const in_graph = graph_index_ ? fmt::format(", graph {}", graph_index_) : "";
  return fail(ErrorKind::unsupported, why, op_label(graph(), step.op) + in_graph + ", " + program_->model->source,
              remedy);
}

Status CProgramMaker::check(const ProgramStep& step, const Step& plain) const {
  if (plain.host_only && plain.control.kind == Kind::none)
    return refused(step, "it computes with floats, or has no integer kernel in C",
                   "quantize the model so that every op is integer: `narrow inspect` shows the types of all ops");
  for (const KernelCall& c : plain.calls)
    if (c.kernel->host_only())
      return refused(step, std::string("kernel ") + c.kernel->name + " exists on the host only",
                     "leave the op out of the part of the model that goes to the chip");
  return {};
}

size_t CProgramMaker::array(const std::string& name, DType dtype, std::span<const std::byte> bytes, Holds holds) {
  auto key = std::tuple(dtype, holds, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  auto const [found, is_new] = arrays_.try_emplace(std::move(key), out_.arrays.size());
  if (is_new) out_.arrays.push_back({names_.take(name), dtype, {bytes.begin(), bytes.end()}, holds});
  return found->second;
}

CCall CProgramMaker::call(const KernelCall& given, const ProgramStep& step, const std::string& name,
                          const PlannedOverlap* overlap) {
  CParams params{{}, given, {}};
  if (overlap && overlap->from_end)
    for (const Overlap& o : given.kernel->overlaps)
      if (o.argument == overlap->argument) {
        int32_t const one = 1;
        std::memcpy(params.call.params.data() + given.kernel->params->find(o.backwards)->offset, &one, sizeof one);
      }
  if (out_.char_bits != 8) count_chars(params.call, step);
  CCall out{given.kernel, 0, {}};
  for (size_t i = 0; i < given.arguments.size(); ++i) out.pointers.push_back(pointer(given, i, step, name));
  for (auto [field, index] : given.pointed) {
    const ConstantArray& a = given.arrays[index];
    params.pointed.emplace_back(field, array(name + "_" + a.name, dtype_of(a.type), a.bytes, Holds::constants));
  }
  params.name = names_.take(name + "_params");
  out.params = out_.params.size();
  out_.params.push_back(std::move(params));
  return out;
}

/// Sizes and distances that parameters state in bytes become those of the target's units.
void CProgramMaker::count_chars(KernelCall& call, const ProgramStep& step) const {
  const Tensor& data = graph().tensor(step.outputs[0]);
  auto const each = static_cast<int64_t>(element_bytes(data.dtype));
  for (const ParamField& f : call.kernel->params->fields) {
    std::string_view const name = f.name;
    if (f.type != ElementType::i32 || (!name.ends_with("bytes") && !f.in_bytes)) continue;
    for (uint32_t i = 0; i < f.count; ++i) {
      std::byte* const at = call.params.data() + f.offset + i * sizeof(int32_t);
      int32_t value = 0;
      std::memcpy(&value, at, sizeof value);
      bool const index = name.ends_with("index_bytes");
      value = static_cast<int32_t>(index ? value / 2 : sizeof_elements(data.dtype, value / each, out_.char_bits));
      std::memcpy(at, &value, sizeof value);
    }
  }
}

CPointer CProgramMaker::pointer(const KernelCall& call, size_t argument, const ProgramStep& step,
                                const std::string& name) {
  using From = CallArgument::Source;
  const CallArgument& a = call.arguments[argument];
  const KernelArgument& type = call.kernel->arguments[argument];
  const Op& op = graph().ops[step.op];
  auto const index = static_cast<size_t>(a.index);
  CPointer out{Source::null, type.type, type.written};
  switch (a.source) {
    case From::absent:
      return out;
    case From::scratch:
      if (call.scratch_bytes == 0) return out;  // only variants for the host use it
      out.source = Source::arena;
      out.offset = c_graph().base + c_graph().plan.scratch[static_cast<size_t>(&step - program_->steps.data())];
      return out;
    case From::array:
      out.source = Source::array;
      out.index = array(name + "_" + call.arrays[index].name, dtype_of(call.arrays[index].type),
                        call.arrays[index].bytes, type.holds);
      return out;
    case From::operand:
      return operand_or_result(step.inputs[index], a.offset, type, name + "_" + operand_name(op, index));
    case From::result:
      return operand_or_result(step.outputs[index], a.offset, type, name);
    case From::operands:
      out.source = Source::list;
      for (size_t i = index; i < index + static_cast<size_t>(a.count); ++i)
        out.list.push_back(operand_or_result(step.inputs[i], 0, type, name + "_" + operand_name(op, i)));
      return out;
  }
  return out;
}

CPointer CProgramMaker::operand_or_result(int tensor, int64_t offset, const KernelArgument& type,
                                          const std::string& name) {
  CPointer out{Source::null, type.type, type.written};
  if (tensor == kNoTensor) return out;
  const Tensor& x = graph().tensor(tensor);
  if (x.constant) {
    if (x.data.bytes().empty()) return out;
    DType const stored = x.dtype == DType::int4 ? DType::int8 : x.dtype;  // two elements in each
    out.source = Source::array;
    out.offset = offset / static_cast<int64_t>(element_bytes(stored));
    out.index = array(name, stored, x.data.bytes(), type.holds);
    return out;
  }
  out = place(here(tensor), type.written);
  out.type = type.type;
  out.offset += sizeof_elements(x.dtype, offset / static_cast<int64_t>(element_bytes(x.dtype)), out_.char_bits);
  return out;
}

CPointer CProgramMaker::place(TensorRef at, bool written) const {
  const Tensor& x = out_.model->graphs[static_cast<size_t>(at.graph)].tensor(at.tensor);
  CPointer out{Source::arena, element_type(x.dtype), written};
  if (auto const field = field_of_tensor_.find(at); field != field_of_tensor_.end()) {
    out.source = Source::state;
    out.index = field->second;
    return out;
  }
  const CGraph& g = out_.graphs[place_of_.at(at.graph)];
  out.offset = g.base + g.plan.offsets[static_cast<size_t>(at.tensor)];
  return out;
}

CPointer CProgramMaker::values(TensorRef at) {
  const Tensor& x = out_.model->graphs[static_cast<size_t>(at.graph)].tensor(at.tensor);
  if (!x.constant) return place(at, false);
  CPointer out{Source::array, element_type(x.dtype)};
  out.index = array(fmt::format("constant_{}_{}", at.graph, at.tensor), x.dtype, x.data.bytes(), Holds::anything);
  return out;
}

void CProgramMaker::copy(TensorRef to, TensorRef from, std::vector<CCopy>& out) {
  const Tensor& x = out_.model->graphs[static_cast<size_t>(from.graph)].tensor(from.tensor);
  if (x.dtype == DType::resource || bytes_of(x) == 0) return;  // handles are resolved
  CCopy c{place(to, true), values(from), sizeof_elements(x.dtype, x.elements(), out_.char_bits)};
  bool const same = c.from.source == c.to.source && c.from.offset == c.to.offset && c.from.index == c.to.index;
  if (!same) out.push_back(std::move(c));
}

Result<CControl> CProgramMaker::control(const ControlFlow& flow, const ProgramStep& step) {
  if (flow.kind == Kind::read || flow.kind == Kind::assign) return variable_use(flow, step);
  if (flow.graphs().empty()) return CControl{};
  return runs(flow, step);
}

Result<CControl> CProgramMaker::variable_use(const ControlFlow& flow, const ProgramStep& step) {
  bool const reads = flow.kind == Kind::read;
  int const t = reads ? step.outputs[0] : step.inputs[1];
  const Tensor& x = graph().tensor(t);
  auto const variable = handles_.of(here(step.inputs[0]));
  if (!variable)
    return refused(step, "which variable it means depends on what has been run before it",
                   "let the graph name its variables itself");
  auto const [found, is_new] = field_of_variable_.try_emplace(*variable, out_.state.size());
  if (is_new) out_.state.push_back({names_.take(fmt::format("variable_{}", *variable)), x.dtype, x.elements()});
  const CField& field = out_.state[found->second];
  if (field.elements != x.elements() || field.dtype != x.dtype)
    return refused(step, "the variable holds values of several types or sizes", "keep them in variables of their own");
  CPointer kept{Source::state, element_type(x.dtype), !reads};
  kept.index = found->second;
  CControl out;
  out.kind = flow.kind;
  if (bytes_of(x) == 0) return out;
  int64_t const bytes = sizeof_elements(x.dtype, x.elements(), out_.char_bits);
  if (reads)
    out.before.push_back({place(here(t), true), kept, bytes});
  else if (int const fill = out_.char_bits == 8 ? same_byte(x) : -1; fill >= 0)
    out.before.push_back({kept, {}, bytes, fill});
  else
    out.before.push_back({kept, values(here(t)), bytes});
  return out;
}

CControl CProgramMaker::runs(const ControlFlow& flow, const ProgramStep& step) {
  CControl out;
  out.kind = flow.kind;
  bool const loop = flow.kind == Kind::loop;
  size_t const skipped = flow.kind == Kind::branch ? 1 : 0;
  for (int g : flow.graphs()) out.graphs.push_back(place_of_.at(g));
  if (flow.kind == Kind::call_once) {
    out.field = out_.state.size();
    out_.state.push_back({names_.take(fmt::format("entered_{}", flow.graphs()[0])), DType::uint8, 1});
  }
  if (flow.kind == Kind::branch) out.condition = values(here(step.inputs[0]));
  if (loop) {
    for (size_t i = 0; i < step.outputs.size(); ++i) copy(here(step.outputs[i]), here(step.inputs[i]), out.before);
    out.condition = values({flow.graphs()[0], programs_.at(flow.graphs()[0]).graph().outputs[0]});
  }
  for (size_t g = 0; g < flow.graphs().size(); ++g) {
    int const index = flow.graphs()[g];
    const Graph& body = programs_.at(index).graph();
    std::vector<CCopy>& in = out.in.emplace_back();
    std::vector<CCopy>& back = out.out.emplace_back();
    for (size_t i = 0; i < body.inputs.size(); ++i)
      copy({index, body.inputs[i]}, here(loop ? step.outputs[i] : step.inputs[i + skipped]), in);
    if (loop && g == 0) continue;  // the condition
    for (size_t i = 0; i < body.outputs.size() && i < step.outputs.size(); ++i)
      copy(here(step.outputs[i]), {index, body.outputs[i]}, back);
  }
  return out;
}

}  // namespace narrow
