#include "emit/c/build_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "emit/c/model_source.h"
#include "emit/constants/c_text.h"
#include "graph/liveness.h"
#include "narrow/version.h"

namespace narrow {
namespace {

bool takes_floats(const CProgram& program, int tensor) {
  const Tensor& t = program.graph().tensor(tensor);
  return t.quantization.present() && !t.quantization.per_axis();
}

std::string source_file(const CProgram& program) {
  std::string const& path = program.model->source;
  return in_comment(path.substr(path.rfind('/') + 1));
}

/// What lies where, while which op runs: a line for each op, a column for each part of the arena.
std::string timeline(const CProgram& program, const CGraph& g) {
  constexpr int64_t kColumnsOfArena = 64;
  const Graph& graph = program.graph_of(g);
  const ArenaPlan& plan = g.plan;
  Liveness const liveness(graph);
  int64_t const unit = std::max<int64_t>(1, (plan.bytes + kColumnsOfArena - 1) / kColumnsOfArena);
  std::string out =
      fmt::format("One character stands for {} bytes: `#` is read, `o` is written, `%` both, `-` waits.\n\n", unit);
  out += "```\n";
  for (const CStep& s : g.steps) {
    const Op& op = graph.ops[s.op];
    std::string row(static_cast<size_t>((plan.bytes + unit - 1) / unit), ' ');
    auto const paint = [&](int t, char mark) {
      int64_t const at = plan.offsets[static_cast<size_t>(t)];
      const Tensor& x = graph.tensor(t);
      int64_t const bytes = sizeof_elements(x.dtype, x.elements(), program.char_bits);
      if (at < 0 || bytes == 0) return;
      for (int64_t c = at / unit; c <= (at + bytes - 1) / unit; ++c) {
        char& cell = row[static_cast<size_t>(c)];
        cell = cell == ' ' || cell == '-' ? mark : (cell == mark ? mark : '%');
      }
    };
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      Lifetime const life = liveness.of(static_cast<int>(t));
      if (life.mentioned() && life.first < static_cast<int>(s.op) && life.last > static_cast<int>(s.op))
        paint(static_cast<int>(t), '-');
    }
    for (int t : op.inputs)
      if (t != kNoTensor) paint(t, '#');
    for (int t : op.outputs)
      if (t != kNoTensor) paint(t, 'o');
    out += fmt::format("{:<24} |{}|\n", s.name, row);
  }
  return out + "```\n";
}

/// "120 bytes", or "60 words of 16 bits (120 bytes)", of so many of the target's units.
std::string sized(const CProgram& program, int64_t units) {
  if (program.char_bits == 8) return fmt::format("{} bytes", units);
  return fmt::format("{} words of {} bits ({} bytes)", units, program.char_bits, units * (program.char_bits / 8));
}

/// The lines of a caller that run it once.
std::string run_text(const CProgram& program) {
  if (program.state.empty()) return fmt::format("  {}_run(arena);\n", program.name);
  return fmt::format("  {0}_reset(&state); /* before the first run only */\n  {0}_run(arena, &state);\n", program.name);
}

/// What a caller has outside of its functions.
std::string memory_text(const CProgram& program) {
  std::string const macro = upper(program.name);
  const Graph& graph = program.graph();
  std::string out = comment(
      {"Memory for the network, aligned by its type. Put it where you like; other code may use it between runs."});
  out += fmt::format("static nw_i64 arena[({}_ARENA_BYTES + sizeof(nw_i64) - 1) / sizeof(nw_i64)];\n", macro);
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    if (takes_floats(program, graph.inputs[i]))
      out += fmt::format("static float values_{1}[{0}_INPUT_{1}_LENGTH];\n", macro, i);
  if (!program.state.empty()) out += fmt::format("static {}_state state;\n", program.name);
  return out + "\n";
}

/// The lines of a caller that fill the inputs.
std::string inputs_text(const CProgram& program) {
  std::string const macro = upper(program.name), &name = program.name;
  const Graph& graph = program.graph();
  std::string out;
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    if (takes_floats(program, graph.inputs[i])) {
      out += fmt::format("  {0}_quantize_input_{1}(arena, values_{1});\n", name, i);
    } else {
      out += fmt::format(
          "  {{\n    {0}_INPUT_{1}_TYPE *const input = ({0}_INPUT_{1}_TYPE *){2}_input(arena, {1});\n"
          "    nw_i32 i;\n    for (i = 0; i < {0}_INPUT_{1}_LENGTH; ++i) input[i] = 0;\n  }}\n",
          macro, i, name);
    }
  return out;
}

}  // namespace

std::string makefile(const CProgram& program, const std::vector<std::string>& sources) {
  std::string const& name = program.name;
  std::string list;
  for (const std::string& s : sources) list += " \\\n  " + s;
  return fmt::format(
      "# Builds lib{0}.a, its self-test and an example; `make test` runs the self-test. For a chip:\n"
      "#   make lib{0}.a CC=arm-none-eabi-gcc AR=arm-none-eabi-ar CFLAGS=\"-O2 -mcpu=cortex-m4 -mthumb\"\n"
      "CFLAGS ?= -O2\n"
      "NW_FLAGS = -std=c99 -ffunction-sections -fdata-sections\n"
      "SOURCES ={1}\n"
      "OBJECTS = $(SOURCES:.c=.o)\n"
      "\n"
      "all: lib{0}.a selftest example/main\n"
      "\n"
      "lib{0}.a: $(OBJECTS)\n"
      "\t$(AR) rcs $@ $(OBJECTS)\n"
      "\n"
      "%.o: %.c {0}.h\n"
      "\t$(CC) $(NW_FLAGS) $(CFLAGS) -c $< -o $@\n"
      "\n"
      "selftest: selftest.c lib{0}.a\n"
      "\t$(CC) $(NW_FLAGS) $(CFLAGS) $(LDFLAGS) $^ -o $@\n"
      "\n"
      "example/main: example/main.c lib{0}.a\n"
      "\t$(CC) $(NW_FLAGS) $(CFLAGS) $(LDFLAGS) $^ -o $@\n"
      "\n"
      "test: selftest\n"
      "\t./selftest\n"
      "\n"
      "clean:\n"
      "\trm -f $(OBJECTS) lib{0}.a selftest example/main\n"
      "\n"
      ".PHONY: all test clean\n",
      name, list);
}

std::string cmake_lists(const CProgram& program, const std::vector<std::string>& sources) {
  return fmt::format(
      "# The network as library `{0}`: add_subdirectory(this folder), target_link_libraries(firmware {0}).\n"
      "cmake_minimum_required(VERSION 3.13)\n"
      "set({0}_sources\n  {1})\n"
      "\n"
      "if(ESP_PLATFORM) # a component of an ESP-IDF project\n"
      "  idf_component_register(SRCS ${{{0}_sources}} INCLUDE_DIRS .)\n"
      "  return()\n"
      "endif()\n"
      "\n"
      "project({0} C)\n"
      "add_library({0} STATIC ${{{0}_sources}})\n"
      "target_include_directories({0} PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}})\n"
      "set_target_properties({0} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)\n"
      "\n"
      "if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)\n"
      "  enable_testing()\n"
      "  add_executable({0}_selftest selftest.c)\n"
      "  target_link_libraries({0}_selftest {0})\n"
      "  add_test(NAME {0}_selftest COMMAND {0}_selftest)\n"
      "  add_executable({0}_example example/main.c)\n"
      "  target_link_libraries({0}_example {0})\n"
      "endif()\n",
      program.name, fmt::join(sources, "\n  "));
}

std::string example_source(const CProgram& program) {
  std::string const& name = program.name;
  std::string out = comment({fmt::format("A call of {}: replace the zeros by what your sensor gives.", name)});
  out += fmt::format("#include \"../{0}.h\"\n#include \"../{0}_float.h\"\n\n", name);
  out += memory_text(program) + "int main(void) {\n" + inputs_text(program) + run_text(program);
  return out +
         fmt::format("  return (int){}_argmax_output_0(arena); /* the class with the largest output */\n}}\n", name);
}

std::string example_sketch(const CProgram& program) {
  std::string const& name = program.name;
  std::string out = comment(
      {fmt::format("Runs {} once a second and prints its class: replace the zeros by what your sensor gives.", name)});
  out += fmt::format("#include <{0}.h>\n#include <{0}_float.h>\n\n", name);
  out += memory_text(program) + "void setup() {\n  Serial.begin(9600);\n";
  if (!program.state.empty()) out += fmt::format("  {}_reset(&state);\n", name);
  out += "}\n\nvoid loop() {\n" + inputs_text(program);
  out += fmt::format("  {}_run(arena{});\n", name, program.state.empty() ? "" : ", &state");
  return out + fmt::format("  Serial.println((long){}_argmax_output_0(arena));\n  delay(1000);\n}}\n", name);
}

std::string readme(const CProgram& program, const std::string& measured) {
  std::string const macro = upper(program.name), &name = program.name;
  int64_t macs = 0;
  std::string steps = "| step | op | kernel | multiply-accumulates | memory |\n|---|---|---|---:|---|\n";
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps) {
      int64_t const own = program.macs(s);
      macs += own;
      steps += fmt::format("| {} | {} | {} | {} | {} |\n", s.name, in_comment(program.graph_of(g).ops[s.op].type),
                           kernel_names(s), own ? std::to_string(own) : "", s.memory);
    }
  int64_t const unit = program.char_bits / 8;
  std::string out = fmt::format(
      "# {}\n\nThe network of `{}` as C99, made by narrow {}. It computes with integers alone, "
      "bit for bit what narrow's simulator computes.\n\n",
      name, source_file(program), version());
  out += fmt::format(
      "- constants: {}\n- arena (inputs, outputs and everything between them): {}\n"
      "{}{}- multiply-accumulates of an inference: {}\n\n",
      sized(program, program.array_bytes() / unit), sized(program, program.arena_bytes),
      program.state.empty()
          ? ""
          : fmt::format("- state, which is kept from run to run: {}\n", sized(program, program.state_bytes())),
      measured, macs);
  out += fmt::format(
      "## How to call it\n\n```c\n#include \"{0}.h\"\n\nstatic nw_i64 arena[({1}_ARENA_BYTES + sizeof(nw_i64) - 1) / "
      "sizeof(nw_i64)];\n{2}\n{1}_INPUT_0_TYPE *input = {0}_input(arena, 0);   /* {1}_INPUT_0_LENGTH elements */\n"
      "{3}const {1}_OUTPUT_0_TYPE *output = {0}_output(arena, 0);\n```\n\n",
      name, macro, program.state.empty() ? "" : fmt::format("static {}_state state;\n", name),
      program.state.empty() ? fmt::format("{}_run(arena);\n", name)
                            : fmt::format("{0}_reset(&state);   /* before the first input of a sequence only */\n"
                                          "{0}_run(arena, &state);\n",
                                          name));
  out += fmt::format(
      "A run writes over its inputs. `{0}_float.h` converts from and to floats, and `example/main.c` is a whole "
      "program. "
      "Compile `{0}.c` and the files of `kernels/`; no include path and no library is needed. Several networks in one "
      "program may share an arena as large as the largest of theirs, and the files of `kernels/`, which are the same "
      "for "
      "all networks: link the libraries that the Makefiles make, or compile each file of a name once.\n\n"
      "`make test` runs the self-test, which compares each element of the outputs with the simulator's. "
      "`-D{1}_CONST=...` puts an attribute, as of a section, to all constants. "
      "On AVR compile with `-std=gnu99` or later, as Arduino does: then constants stay in flash (`NW_FLASH` in "
      "`kernels/nw_types.h`).\n\n",
      name, macro);
  std::set<std::string> pools;
  for (const CArray& a : program.arrays)
    if (!a.pool.empty()) pools.insert(a.pool);
  for (const std::string& pool : pools)
    out += fmt::format(
        "`-D{0}_IN_{1}=...` does so to those that were chosen for {1}, as "
        "`'-D{0}_IN_{1}=__attribute__((section(\".{1}\"))"
        ")'`: the linker's script and the startup code bring that section there.\n\n",
        macro, pool);
  out += "## Steps\n\n" + steps + "\n## Memory\n\n";
  for (const CGraph& g : program.graphs) {
    if (program.graphs.size() > 1) out += fmt::format("`{}`, from byte {} of the arena on. ", g.function, g.base);
    out += timeline(program, g) + "\n";
  }
  return out;
}

}  // namespace narrow
