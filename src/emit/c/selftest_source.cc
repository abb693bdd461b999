#include "emit/c/selftest_source.h"

#include <fmt/format.h>

#include "emit/constants/c_text.h"

namespace narrow {
namespace {

std::string array_text(const std::string& name, DType dtype, const std::vector<std::byte>& bytes,
                       const std::string& comment_text) {
  return "\n" + comment({comment_text}) +
         fmt::format("static const NW_FLASH {} {}[{}] = {{\n{}}};\n", c_element(dtype), name,
                     bytes.size() / element_bytes(dtype), literal_list(dtype, bytes, ""));
}

/// A function that says which element differs.
constexpr const char* kReport = R"(
static int wrong(int output, int sample, long element, long is, long should_be) {
#ifdef SELFTEST_SILENT
  (void)output;
  (void)sample;
  (void)element;
  (void)is;
  (void)should_be;
#else
  printf("output %d of sample %d is wrong first at element %ld: %ld instead of %ld\n", output, sample, element, is,
         should_be);
#endif
  return 1;
}
)";

/// A function that says whether the arena is where kernels may load words from. What a compiler aligns numbers of 64
/// bits to is enough on every processor.
constexpr const char* kAlignment = R"(
static int unaligned(void) {
  struct next_to_byte {
    nw_char byte;
    nw_i64 number;
  };
  if ((uintptr_t)arena % offsetof(struct next_to_byte, number) == 0) return 0;
#ifndef SELFTEST_SILENT
  printf("the arena does not begin at a multiple of %d\n", (int)offsetof(struct next_to_byte, number));
#endif
  return 1;
}
)";

}  // namespace

std::string selftest_source(const CProgram& program, const Golden& golden) {
  std::string const macro = upper(program.name), &name = program.name;
  const Graph& graph = program.graph();
  std::string out = comment(
      {fmt::format("Runs {} over {} and compares each element of the outputs with what the simulator on the host "
                   "computed. Returns 0 if all are equal, and 1 if not.",
                   name, golden.samples == 1 ? "a stored sample" : fmt::format("{} stored samples", golden.samples)),
       "-DSELFTEST_REPEAT=n repeats each inference n times, for measurements; -DSELFTEST_SILENT does without printf; "
       "-DSELFTEST_ARENA=name takes the array of bytes of that name, defined elsewhere, as the arena."});
  out += fmt::format(
      "#include \"{}.h\"\n\n#include <stddef.h>\n#ifndef SELFTEST_SILENT\n#include <stdio.h>\n#endif\n\n", name);
  out += "#ifndef SELFTEST_REPEAT\n#define SELFTEST_REPEAT 1\n#endif\n\n";
  out += fmt::format("#define SAMPLES {}\n", golden.samples);
  out += fmt::format(
      "\n#ifdef SELFTEST_ARENA\nextern nw_char SELFTEST_ARENA[];\n#define arena SELFTEST_ARENA\n#else\n"
      "static nw_i64 arena[({}_ARENA_BYTES + sizeof(nw_i64) - 1) / sizeof(nw_i64)];\n#endif\n",
      macro);
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    out += array_text(fmt::format("input_{}", i), graph.tensor(graph.inputs[i]).dtype, golden.inputs[i],
                      fmt::format("Input {}, one sample behind the other.", i));
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    out += array_text(fmt::format("expected_{}", i), graph.tensor(graph.outputs[i]).dtype, golden.outputs[i],
                      fmt::format("What output {} has to be.", i));
  out += kReport;
  out += kAlignment;
  bool const stateful = !program.state.empty();
  if (stateful) out += fmt::format("\nstatic {}_state state, before;\n", name);
  out += "\nint main(void) {\n  int sample, repeat;\n  nw_i32 i;\n";
  out += "  if (unaligned()) return 1;\n";
  if (stateful) out += fmt::format("  {}_reset(&state);\n", name);
  out += "  for (sample = 0; sample < SAMPLES; ++sample) {\n";
  if (stateful && golden.sequence > 0)
    out += fmt::format("    if (sample % {} == 0) {}_reset(&state);\n", golden.sequence, name);
  if (stateful) out += "    before = state;\n";
  out += "    for (repeat = 0; repeat < SELFTEST_REPEAT; ++repeat) {\n";
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    out += fmt::format(
        "      for (i = 0; i < {0}_INPUT_{1}_LENGTH; ++i)\n"
        "        (({0}_INPUT_{1}_TYPE *){2}_input(arena, {1}))[i] = input_{1}[(nw_i32)sample * {0}_INPUT_{1}_LENGTH + "
        "i];\n",
        macro, i, name);
  if (stateful) out += "      state = before; /* so that each repetition gives the same */\n";
  out += fmt::format("      {}_run(arena{});\n    }}\n", name, stateful ? ", &state" : "");
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    out += fmt::format(
        "    for (i = 0; i < {0}_OUTPUT_{1}_LENGTH; ++i) {{\n"
        "      long const is = (long)((const {0}_OUTPUT_{1}_TYPE *){2}_output(arena, {1}))[i];\n"
        "      long const should_be = (long)expected_{1}[(nw_i32)sample * {0}_OUTPUT_{1}_LENGTH + i];\n"
        "      if (is != should_be) return wrong({1}, sample, (long)i, is, should_be);\n"
        "    }}\n",
        macro, i, name);
  return out + "  }\n  return 0;\n}\n";
}

}  // namespace narrow
