#include "emit/c/c_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/unique_names.h"
#include "emit/constants/op_names.h"
#include "emit/constants/c_text.h"

namespace narrow {
namespace {

DType dtype_of(ElementType type) {
  switch (type) {
    case ElementType::i8:
      return DType::int8;
    case ElementType::i16:
      return DType::int16;
    case ElementType::u16:
      return DType::uint16;
    case ElementType::i32:
      return DType::int32;
    case ElementType::u32:
      return DType::uint32;
    case ElementType::i64:
      return DType::int64;
    case ElementType::f32:
      return DType::float32;
    case ElementType::f64:
      return DType::float64;
    default:
      return DType::uint8;
  }
}

/// What a constant operand is called behind the name of its op.
std::string operand_name(const OpView& op, size_t operand) {
  Role const role = op.op.def ? op.op.def->quant.role(operand) : Role::activation;
  if (role == Role::weight) return "weights";
  if (role == Role::bias) return "bias";
  return fmt::format("operand_{}", operand);
}

class Maker {
 public:
  Maker(const Program& program, CProgram& out) : program_(program), out_(out) {
    for (size_t i = 0; i < out.plan.overlaps.size(); ++i) overlap_of_[out.plan.overlaps[i].step] = i;
  }

  Status add(size_t index, const std::string& name) {
    const ProgramStep& step = program_.steps[index];
    const Step& plain = step.prepared.step();
    NARROW_CHECK(check(step, plain));
    CStep s{step.op, name, {}, {}};
    const PlannedOverlap* overlap = nullptr;
    if (auto const found = overlap_of_.find(index); found != overlap_of_.end())
      overlap = &out_.plan.overlaps[found->second];
    if (overlap) s.memory = memory_text(*overlap);
    if (!overlap || overlap->needs_call)
      for (const KernelCall& call : plain.calls) s.calls.push_back(made(call, step, name, overlap));
    out_.steps.push_back(std::move(s));
    return {};
  }

 private:
  Status check(const ProgramStep& step, const Step& plain) const {
    const Op& op = program_.graph().ops[step.op];
    auto const refused = [&](const std::string& why, const char* remedy) -> Status {
      return fail(ErrorKind::unsupported, why, op_label(program_.graph(), step.op) + ", " + program_.model->source,
                  remedy);
    };
    if (plain.host_only)
      return refused("it computes with floats, or has no integer kernel in C",
                     "quantize the model so that every op is integer: `narrow inspect` names the ops that are not");
    if (!plain.checked.empty())
      return refused("its indices are computed, and must be checked while the program runs, which emitted C does not",
                     "take indices that are constants");
    if (plain.calls.empty() && (!op.graphs.empty() || variable_use(op) != VariableUse::none))
      return refused("control flow and variables have no form in C yet", "unroll the loop, or leave the op out");
    for (const KernelCall& call : plain.calls)
      if (call.kernel->host_only())
        return refused(std::string("kernel ") + call.kernel->name + " exists on the host only", "");
    return {};
  }

  static std::string memory_text(const PlannedOverlap& o) {
    if (!o.needs_call) return "the result is the operand as it is, so nothing is done";
    if (o.in_place) return "in place";
    if (o.from_end)
      return fmt::format(
          "the result begins {} bytes behind the operand's beginning ({} would do) and is written from "
          "its end, over what has been read",
          o.distance, o.backwards);
    return fmt::format(
        "the result begins {} bytes before the operand's beginning ({} would do) and is written over "
        "what has been read",
        -o.distance, o.forwards);
  }

  /// The index of the array of these elements, which is named so if it is new.
  size_t array(const std::string& name, DType dtype, std::span<const std::byte> bytes) {
    auto key = std::pair(dtype, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    auto const [found, is_new] = arrays_.try_emplace(std::move(key), out_.arrays.size());
    if (is_new) out_.arrays.push_back({names_.take(name), dtype, {bytes.begin(), bytes.end()}});
    return found->second;
  }

  CCall made(const KernelCall& given, const ProgramStep& step, const std::string& name, const PlannedOverlap* overlap) {
    KernelCall call = given;
    if (overlap && overlap->from_end)
      for (const Overlap& o : call.kernel->overlaps)
        if (o.argument == overlap->argument) {
          int32_t const one = 1;
          std::memcpy(call.params.data() + call.kernel->params->find(o.backwards)->offset, &one, sizeof one);
        }
    CCall out{call.kernel, 0, {}};
    CParams params{{}, call, {}};
    for (auto [field, index] : call.pointed) {
      const ConstantArray& a = call.arrays[index];
      params.pointed.emplace_back(field, array(name + "_" + a.name, dtype_of(a.type), a.bytes));
    }
    for (size_t i = 0; i < call.arguments.size(); ++i)
      out.pointers.push_back(pointer(call, call.arguments[i], call.kernel->arguments[i], step, name));
    out.params = params_index(std::move(params), name);
    return out;
  }

  size_t params_index(CParams params, const std::string& name) {
    params.name = names_.take(name + "_params");
    out_.params.push_back(std::move(params));
    return out_.params.size() - 1;
  }

  CPointer pointer(const KernelCall& call, const CallArgument& a, const KernelArgument& type, const ProgramStep& step,
                   const std::string& name) {
    using From = CallArgument::Source;
    CPointer out{CPointer::Source::null, type.type, type.written};
    auto const index = static_cast<size_t>(a.index);
    switch (a.source) {
      case From::absent:
      case From::scratch:  // of variants for the host
        return out;
      case From::array: {
        const ConstantArray& values = call.arrays[index];
        out.source = CPointer::Source::array;
        out.array = array(name + "_" + values.name, dtype_of(values.type), values.bytes);
        return out;
      }
      case From::operand:
        return tensor(step.inputs[index], a.offset, type, step, name, index);
      case From::result:
        return tensor(step.outputs[index], a.offset, type, step, name, index);
      case From::operands:
        out.source = CPointer::Source::list;
        for (size_t i = index; i < index + static_cast<size_t>(a.count); ++i)
          out.list.push_back(tensor(step.inputs[i], 0, type, step, name, i));
        return out;
    }
    return out;
  }

  CPointer tensor(int t, int64_t offset, const KernelArgument& type, const ProgramStep& step, const std::string& name,
                  size_t operand) {
    CPointer out{CPointer::Source::null, type.type, type.written};
    if (t == kNoTensor) return out;
    const Graph& graph = program_.graph();
    const Tensor& x = graph.tensor(t);
    if (x.constant) {
      if (x.data.bytes().empty()) return out;
      out.source = CPointer::Source::array;
      out.offset = offset / static_cast<int64_t>(element_bytes(x.dtype));
      std::string const what = operand_name({graph, graph.ops[step.op]}, operand);
      out.array = array(name + "_" + what, x.dtype, x.data.bytes());
    } else {
      out.source = CPointer::Source::arena;
      out.offset = out_.plan.offsets[static_cast<size_t>(t)] + offset;
    }
    return out;
  }

  const Program& program_;
  CProgram& out_;
  std::map<size_t, size_t> overlap_of_;  // by step
  UniqueNames names_;
  std::map<std::pair<DType, std::string>, size_t> arrays_;
};

}  // namespace

int64_t CProgram::array_bytes() const {
  int64_t sum = 0;
  for (const CArray& a : arrays) sum += static_cast<int64_t>(a.bytes.size());
  return sum;
}

ElementType element_type(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return ElementType::i8;
    case DType::int16:
      return ElementType::i16;
    case DType::uint16:
    case DType::float16:
      return ElementType::u16;
    case DType::int32:
      return ElementType::i32;
    case DType::uint32:
      return ElementType::u32;
    case DType::int64:
      return ElementType::i64;
    case DType::float32:
      return ElementType::f32;
    case DType::float64:
      return ElementType::f64;
    default:
      return ElementType::u8;
  }
}

const char* c_element(DType dtype) {
  return c_type(element_type(dtype));
}

Result<CProgram> make_c_program(const Program& program, ArenaPlan plan, const std::string& name) {
  constexpr size_t kMostName = 24;
  CProgram out;
  out.name = name;
  out.model = program.model;
  out.graph_index = program.graph_index;
  out.plan = std::move(plan);
  auto const names = short_op_names(*program.model, kMostName)[static_cast<size_t>(program.graph_index)];
  Maker maker(program, out);
  for (size_t i = 0; i < program.steps.size(); ++i) NARROW_CHECK(maker.add(i, lower(names[program.steps[i].op])));
  return out;
}

}  // namespace narrow
