#include "emit/c/model_source.h"

#include <fmt/format.h>

#include <cstring>
#include <set>

#include "emit/c/kernel_files.h"
#include "emit/constants/c_text.h"
#include "narrow/version.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

/// Words in lines of at most kColumns, each line beginning with `indent`.
class Lines {
 public:
  explicit Lines(std::string indent) : indent_(std::move(indent)), line_(indent_) {}
  void word(const std::string& w) {
    if (line_.size() > indent_.size() && line_.size() + 1 + w.size() > kColumns) end();
    line_ += (line_.size() > indent_.size() ? " " : "") + w;
  }
  std::string text() {
    end();
    return out_;
  }

 private:
  void end() {
    if (line_.size() > indent_.size()) out_ += line_ + "\n";
    line_ = indent_;
  }
  std::string indent_, line_, out_;
};

/// A number of a parameter struct, as a C constant.
using Source = CPointer::Source;
using Kind = ControlFlow::Kind;

std::string number_text(const ParamField& field, const std::byte* at) {
  if (field.type == ElementType::f32 || field.type == ElementType::f64)
    return literal(field.type == ElementType::f32 ? DType::float32 : DType::float64, at);
  int64_t const v = integer_at(field.type, at);
  if (v == INT32_MIN) return "-2147483647 - 1";
  if (v == INT64_MIN) return "-9223372036854775807 - 1";
  return std::to_string(v);
}

/// ".window.input_h = 49" and the like.
std::string params_text(const CProgram& program, const CParams& p, const std::string& storage) {
  Lines lines("  ");
  for (const ParamField& f : p.call.kernel->params->fields) {
    std::string value;
    if (f.pointer) {
      for (auto [field, array] : p.pointed)
        if (field == &f) value = program.arrays[array].name;
      if (value.empty()) continue;  // null
    } else {
      for (uint32_t i = 0; i < f.count; ++i)
        value += (i ? ", " : "") + number_text(f, p.call.params.data() + f.offset + i * element_size(f.type));
      if (f.count > 1) value = "{" + value + "}";
    }
    lines.word(fmt::format(".{} = {},", f.name, value));
  }
  return fmt::format("static const NW_FLASH {} {} {} = {{\n{}}};\n", p.call.kernel->params->name, p.name, storage,
                     lines.text());
}

/// Two elements of 8 bits in each unit, the first in the lower half.
std::vector<std::byte> in_pairs(const std::vector<std::byte>& elements) {
  std::vector<std::byte> out = elements;
  out.resize((elements.size() + 1) / 2 * 2);
  return out;
}

std::string array_text(const CProgram& program, const CArray& a, const std::string& storage) {
  bool const nibbles = a.holds == Holds::nibbles;
  if (program.paired(a)) {
    std::string const note = nibbles
                                 ? std::string("The weights, of 4 bits, are four in an element: nw_weights.h.")
                                 : fmt::format("The {} weights are two in an element: nw_weights.h.", a.bytes.size());
    return comment({note}) + array_text(program, {a.name, DType::uint16, in_pairs(a.bytes), Holds::weights}, storage);
  }
  std::string const note = nibbles ? comment({"The weights, of 4 bits, are two in an element: nw_weights.h."}) : "";
  return note + fmt::format("static const {}{} {}[{}] {} = {{\n{}}};\n", a.holds == Holds::anything ? "" : "NW_FLASH ",
                            c_element(a.dtype), a.name, a.bytes.size() / element_bytes(a.dtype), storage,
                            literal_list(a.dtype, a.bytes, ""));
}

std::string pointer_text(const CProgram& program, const CPointer& p) {
  switch (p.source) {
    case Source::array: {
      std::string const& name = program.arrays[p.index].name;
      return p.offset ? fmt::format("{} + {}", name, p.offset) : name;
    }
    case Source::arena:
      return fmt::format("NW_AT({}{}, {})", p.written ? "" : "const ", c_type(p.type), p.offset);
    case Source::state:
      return fmt::format("state->{}", program.state[p.index].name);
    default:
      return "0";
  }
}

/// A call, in braces where a list has to be made for it.
std::string call_text(const CProgram& program, const CCall& call) {
  std::string before;
  Lines lines("      ");
  lines.word(fmt::format("{}(&{},", call.kernel->name, program.params[call.params].name));
  for (size_t i = 0; i < call.pointers.size(); ++i) {
    const CPointer& p = call.pointers[i];
    std::string text = pointer_text(program, p);
    if (p.source == CPointer::Source::list) {
      Lines list("      ");
      for (const CPointer& each : p.list) list.word(pointer_text(program, each) + ",");
      before += fmt::format("    const {} *const list[] = {{\n{}    }};\n", c_type(p.type), list.text());
      text = "list";
    }
    lines.word(text + (i + 1 < call.pointers.size() ? "," : ");"));
  }
  std::string text = lines.text().substr(2);
  return before.empty() ? text.substr(2) : "  {\n" + before + text + "  }\n";
}

std::string copies_text(const CProgram& program, const std::vector<CCopy>& copies, const char* indent) {
  std::string out;
  for (const CCopy& c : copies) {
    bool const filled = c.fill >= 0;
    out += fmt::format("{}{}({}, {}, {});\n", indent, filled ? "nw_memset" : "nw_memcpy", pointer_text(program, c.to),
                       filled ? std::to_string(c.fill) : pointer_text(program, c.from), c.bytes);
  }
  return out;
}

/// What functions of a program take.
std::string arguments_text(const CProgram& program) {
  return program.state.empty() ? "arena" : "arena, state";
}

std::string control_text(const CProgram& program, const CControl& c) {
  std::string const indent = c.graphs.size() > 1 || c.kind == Kind::call_once ? "    " : "  ";
  auto const run = [&](size_t g) {
    return copies_text(program, c.in[g], indent.c_str()) +
           fmt::format("{}{}({});\n", indent, program.graphs[c.graphs[g]].function, arguments_text(program)) +
           copies_text(program, c.out[g], indent.c_str());
  };
  std::string const before = copies_text(program, c.before, "  ");
  switch (c.kind) {
    case Kind::branch:
      return fmt::format("{}  if (*{}) {{\n{}  }} else {{\n{}  }}\n", before, pointer_text(program, c.condition),
                         run(0), run(1));
    case Kind::loop:
      return fmt::format("{}  for (;;) {{\n{}    if (!*{}) break;\n{}  }}\n", before, run(0),
                         pointer_text(program, c.condition), run(1));
    case Kind::call:
      return before + run(0);
    case Kind::call_once: {
      std::string const field = program.state[c.field].name;
      return fmt::format("  if (!state->{0}[0]) {{\n    state->{0}[0] = 1;\n{1}  }}\n", field, run(0));
    }
    default:
      return before;
  }
}

/// "void kws_run(void *arena)".
std::string declaration(const CProgram& program, const CGraph& g) {
  std::string const state = program.state.empty() ? "" : fmt::format(", {}_state *state", program.name);
  return fmt::format("{}void {}(void *arena{})", &g == &program.entry() ? "" : "static ", g.function, state);
}

std::string function_text(const CProgram& program, const CGraph& g) {
  std::string body;
  for (const CStep& s : g.steps) {
    for (const CCall& c : s.calls) body += call_text(program, c);
    body += control_text(program, s.control);
  }
  std::string unused;
  if (body.find("arena") == std::string::npos) unused += "  (void)arena;\n";
  if (!program.state.empty() && body.find("state") == std::string::npos) unused += "  (void)state;\n";
  return "\n" + declaration(program, g) + " {\n" + unused + body + "}\n";
}

/// "CONV_2D: int8 [1, 49, 10, 1] -> int8 [1, 25, 5, 64]".
std::string step_text(const CProgram& program, const CGraph& g, const CStep& step) {
  const Graph& graph = program.graph_of(g);
  const Op& op = graph.ops[step.op];
  std::string out = step.name + ": " + in_comment(op.type) + " of";
  bool first = true;
  for (int t : op.inputs) {
    if (t == kNoTensor || graph.tensor(t).constant) continue;
    out += std::string(first ? " " : ", ") + type_text(graph.tensor(t));
    first = false;
  }
  if (first) out += " constants";
  out += ", gives";
  for (size_t i = 0; i < op.outputs.size(); ++i) out += (i ? ", " : " ") + type_text(graph.tensor(op.outputs[i]));
  if (int64_t const macs = program.macs(step); macs > 0) out += fmt::format("; {} multiply-accumulates", macs);
  out += ".";
  if (!step.memory.empty()) out += " The result lies " + step.memory + ".";
  return out;
}

std::string ends_case(const CProgram& program, const std::vector<int>& tensors, const char* unit) {
  std::string out;
  for (size_t i = 0; i < tensors.size(); ++i) {
    int64_t const offset = program.place(tensors[i]);
    out += fmt::format("    {}: return ({} *)arena + {};\n",
                       i + 1 < tensors.size() ? fmt::format("case {}", i) : "default", unit, offset);
  }
  return out;
}

/// Macros of one input or output.
std::string end_text(const CProgram& program, const char* side, size_t index, int tensor) {
  const Tensor& t = program.graph().tensor(tensor);
  std::string const begin = fmt::format("#define {}_{}_{}_", upper(program.name), side, index);
  std::string out = "\n" + comment({fmt::format("{} {}, {}: {}.", std::strcmp(side, "INPUT") == 0 ? "Input" : "Output",
                                                index, quoted(t.name), type_text(t))});
  out += fmt::format("{}TYPE {}\n{}LENGTH {}\n", begin, c_element(t.dtype), begin, t.elements());
  if (!t.quantization.present() || t.quantization.per_axis()) return out;
  out += fmt::format("{}SCALE {}\n{}ZERO_POINT ({})\n", begin, literal(t.quantization.scale()), begin,
                     t.quantization.zero_point());
  if (auto const n = fraction_bits(t.quantization.scale()); n && t.quantization.zero_point() == 0)
    out += fmt::format("{}FRAC_BITS ({})\n", begin, *n);
  return out;
}

/// The struct of what a program keeps, and how it begins.
std::string state_text(const CProgram& program) {
  if (program.state.empty()) return {};
  std::string fields;
  for (const CField& f : program.state)
    fields += fmt::format("  {} {}[{}];\n", c_element(f.dtype), f.name, std::max<int64_t>(f.elements, 1));
  return "\n" + comment({"What is kept from one run to the next."}) +
         fmt::format("typedef struct {{\n{0}}} {1}_state;\n\n", fields, program.name) +
         comment({"Before the first run of a sequence of inputs."}) +
         fmt::format("void {0}_reset({0}_state *state);\n", program.name);
}

/// The file that a program was made from, without its folders.
std::string source_name(const CProgram& program) {
  std::string const& path = program.model->source;
  return quoted(path.substr(path.rfind('/') + 1));
}

}  // namespace

std::string type_text(const Tensor& tensor) {
  return std::string(to_string(tensor.dtype)) + " " + tensor.shape.text();
}

std::string model_source(const CProgram& program) {
  std::string const macro = upper(program.name), storage = macro + "_CONST";
  std::string out = comment(
      {fmt::format("{}: the network of {} in integers, by narrow {}.", program.name, source_name(program), version()),
       fmt::format("{}.h says how to call it.", program.name)});
  out += fmt::format("#include \"{}.h\"\n\n", program.name);
  std::set<std::string> headers;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      for (const CCall& c : s.calls) headers.insert(kernel_header(*c.kernel));
  if (program.moves_memory()) out += "#include \"kernels/nw_memory.h\"\n";
  for (const std::string& h : headers) out += fmt::format("#include \"kernels/{}\"\n", h);
  out += "\n#include <limits.h>\n\n" + comment({"What sizes and offsets here count."});
  out += fmt::format(
      "#if CHAR_BIT != {0}\n#error \"made for a char of {0} bits: compile the model for this target\"\n#endif\n",
      program.char_bits);
  out += "\n" + comment({"Where constants are to be: an attribute, as of a section."});
  out += fmt::format("#ifndef {0}\n#define {0}\n#endif\n\n", storage);
  std::set<std::string> pools;
  for (const CArray& a : program.arrays)
    if (!a.pool.empty()) pools.insert(fmt::format("{}_IN_{}", macro, a.pool));
  if (!pools.empty()) out += comment({"The same of those that were chosen for other memory."});
  for (const std::string& pool : pools) out += fmt::format("#ifndef {0}\n#define {0} {1}\n#endif\n\n", pool, storage);
  out += comment({"What lies at an offset of the arena."});
  out += "#define NW_AT(type, offset) ((type *)(void *)((nw_char *)arena + (offset)))\n";

  std::vector<bool> written(program.arrays.size(), false);
  auto const write_array = [&](size_t a) {
    const std::string& pool = program.arrays[a].pool;
    if (!written[a])
      out += array_text(program, program.arrays[a], pool.empty() ? storage : fmt::format("{}_IN_{}", macro, pool));
    written[a] = true;
  };
  auto const write_pointed = [&](const CPointer& p, auto&& self) -> void {
    if (p.source == CPointer::Source::array) write_array(p.index);
    for (const CPointer& each : p.list) self(each, self);
  };
  auto const write_copied = [&](const std::vector<CCopy>& copied) {
    for (const CCopy& c : copied) write_pointed(c.from, write_pointed);
  };
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps) {
      write_copied(s.control.before);
      for (auto const& copied : s.control.in) write_copied(copied);
      for (auto const& copied : s.control.out) write_copied(copied);
      write_pointed(s.control.condition, write_pointed);
      if (s.calls.empty()) continue;
      out += "\n" + comment({step_text(program, g, s)});
      for (const CCall& c : s.calls) {
        for (const CPointer& p : c.pointers) write_pointed(p, write_pointed);
        for (auto [field, array] : program.params[c.params].pointed) write_array(array);
        out += params_text(program, program.params[c.params], storage);
      }
    }

  const Graph& graph = program.graph();
  out += fmt::format("\nvoid *{}_input(void *arena, int i) {{\n  switch (i) {{\n{}  }}\n}}\n", program.name,
                     ends_case(program, graph.inputs, "nw_char"));
  out += fmt::format("\nconst void *{}_output(const void *arena, int i) {{\n  switch (i) {{\n{}  }}\n}}\n",
                     program.name, ends_case(program, graph.outputs, "const nw_char"));
  if (!program.state.empty()) {
    out += fmt::format("\nvoid {0}_reset({0}_state *state) {{\n  nw_memset(state, 0, sizeof(*state));\n", program.name);
    for (const CField& f : program.state)
      if (f.first != 0)
        out += fmt::format("  for (nw_i32 i = 0; i < {}; ++i) state->{}[i] = {};\n", f.elements, f.name, f.first);
    out += "}\n";
  }
  for (const CGraph& g : program.graphs) out += function_text(program, g);
  return out;
}

std::string model_header(const CProgram& program) {
  std::string const macro = upper(program.name), &name = program.name;
  const Graph& graph = program.graph();
  std::string out = comment(
      {fmt::format("{}: the network of {} in integers, by narrow {}.", name, source_name(program), version()),
       fmt::format(
           "Give it {0}_ARENA_BYTES of memory, write the inputs to where {1}_input says, call {1}_run, and read "
           "the outputs where {1}_output says.",
           macro, name),
       program.state.empty()
           ? "All state is in that memory: calls with different arenas may run at the same time, and between two runs "
             "the arena may be used for anything else."
           : fmt::format(
                 "What it keeps from one run to the next is in {0}_state: begin with {0}_reset. Between two runs "
                 "the arena may be used for anything else; calls with different arenas and states may run at "
                 "the same time.",
                 name),
       fmt::format("{}_float.h has functions for callers who hold floats.", name)});
  out += fmt::format("#ifndef {0}_H\n#define {0}_H\n\n#include \"kernels/nw_types.h\"\n\n", macro);
  out +=
      comment({"Memory that inputs, outputs and everything between them take, in what sizeof counts, and the "
               "alignment of its beginning."});
  out += fmt::format("#define {0}_ARENA_BYTES {1}\n#define {0}_ARENA_ALIGNMENT 8\n\n", macro, program.arena_bytes);
  out += fmt::format("#define {0}_INPUTS {1}\n#define {0}_OUTPUTS {2}\n", macro, graph.inputs.size(),
                     graph.outputs.size());
  out += "\n" + comment({"Real value = (integer - ZERO_POINT) * SCALE; SCALE = 2^-FRAC_BITS where that is defined. "
                         "Elements are in the order of the model, the last dimension being the innermost."});
  for (size_t i = 0; i < graph.inputs.size(); ++i) out += end_text(program, "INPUT", i, graph.inputs[i]);
  for (size_t i = 0; i < graph.outputs.size(); ++i) out += end_text(program, "OUTPUT", i, graph.outputs[i]);
  out += "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n" + state_text(program);
  out += "\n" + comment({"Where input i goes. A run writes over it."});
  out += fmt::format("void *{}_input(void *arena, int i);\n", name);
  out += "\n" + comment({"Where output i is after a run, until an input is written or the next run begins."});
  out += fmt::format("const void *{}_output(const void *arena, int i);\n", name);
  out += "\n" + comment({"Computes the outputs from the inputs."});
  out += declaration(program, program.entry()) + ";\n";
  return out + "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
}

std::string float_header(const CProgram& program) {
  std::string const macro = upper(program.name), &name = program.name;
  const Graph& graph = program.graph();
  std::string out =
      comment({fmt::format("Floats in and out of {}. Nothing else of the program computes with floats.", name)});
  out += fmt::format("#ifndef {0}_FLOAT_H\n#define {0}_FLOAT_H\n\n#include \"{1}.h\"\n", macro, name);
  auto const scaled = [&](int t) {
    const Tensor& x = graph.tensor(t);
    return x.quantization.present() && !x.quantization.per_axis();
  };
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const Tensor& t = graph.tensor(graph.inputs[i]);
    if (!scaled(graph.inputs[i])) continue;
    std::string const begin = fmt::format("{}_INPUT_{}_", macro, i);
    int const bits = static_cast<int>(element_bytes(t.dtype)) * 8;
    int64_t const low = t.dtype == DType::uint8 ? 0 : -(int64_t{1} << (bits - 1));
    int64_t const high = low + (int64_t{1} << bits) - 1;
    out +=
        "\n" + comment({fmt::format("Writes {}LENGTH real values to input {}: each is divided by the scale, rounded, "
                                    "halves away from zero, and limited to [{}, {}].",
                                    begin, i, low, high)});
    out += fmt::format(
        "static inline void {0}_quantize_input_{1}(void *arena, const float *values) {{\n"
        "  {2}TYPE *const to = ({2}TYPE *){0}_input(arena, {1});\n"
        "  nw_i32 i;\n"
        "  for (i = 0; i < {2}LENGTH; ++i) {{\n"
        "    float v = values[i] / {2}SCALE;\n"
        "    nw_i32 q;\n"
        "    float rest;\n"
        "    if (!(v > {3}.0f)) v = {3}.0f; /* also where it is not a number */\n"
        "    if (v > {4}.0f) v = {4}.0f;\n"
        "    q = (nw_i32)v;\n"
        "    rest = v - (float)q;\n"
        "    if (rest >= 0.5f) q += 1;\n"
        "    if (rest <= -0.5f) q -= 1;\n"
        "    to[i] = ({2}TYPE)nw_clamp(q + {2}ZERO_POINT, {5}, {6});\n"
        "  }}\n"
        "}}\n",
        name, i, begin, -70000, 70000, low, high);
  }
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    std::string const begin = fmt::format("{}_OUTPUT_{}_", macro, i);
    if (scaled(graph.outputs[i])) {
      out += "\n" + comment({fmt::format("Output {} as {}LENGTH real values.", i, begin)});
      out += fmt::format(
          "static inline void {0}_dequantize_output_{1}(const void *arena, float *values) {{\n"
          "  const {2}TYPE *const from = (const {2}TYPE *){0}_output(arena, {1});\n"
          "  nw_i32 i;\n"
          "  for (i = 0; i < {2}LENGTH; ++i)\n"
          "    values[i] = (float)((nw_i32)from[i] - ({2}ZERO_POINT)) * {2}SCALE;\n"
          "}}\n",
          name, i, begin);
    }
    out += "\n" + comment({fmt::format("The index of the largest element of output {}, the first of several.", i)});
    out += fmt::format(
        "static inline nw_i32 {0}_argmax_output_{1}(const void *arena) {{\n"
        "  const {2}TYPE *const from = (const {2}TYPE *){0}_output(arena, {1});\n"
        "  nw_i32 best = 0, i;\n"
        "  for (i = 1; i < {2}LENGTH; ++i)\n"
        "    if (from[i] > from[best]) best = i;\n"
        "  return best;\n"
        "}}\n",
        name, i, begin);
  }
  return out + "\n#endif\n";
}

}  // namespace narrow
