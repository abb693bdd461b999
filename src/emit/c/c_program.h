// CProgram: a lowered model as what its C source says, before any of it is text.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "emit/c/target_chip.h"
#include "ops/def/element_dtype.h"
#include "program/plan_arena.h"

namespace narrow {

/// A constant array.
struct CArray {
  std::string name;  // a C identifier
  DType dtype = DType::int8;
  std::vector<std::byte> bytes;
  Holds holds = Holds::anything;  // what all arguments that point to it do
  std::string pool = {};          // ConstantPool::name; empty: where all constants are
};

/// A constant parameter struct of a kernel.
struct CParams {
  std::string name;
  KernelCall call;                                            // its parameters, as the plan sets them
  std::vector<std::pair<const ParamField*, size_t>> pointed;  // pointers in it, and the arrays they point to
};

/// A pointer of a call.
struct CPointer {
  enum class Source : uint8_t { null, arena, array, list, state };
  Source source = Source::null;
  ElementType type = ElementType::untyped;
  bool written = false;
  int64_t offset = 0;               // in the arena, or elements into the array
  size_t index = 0;                 // in CProgram::arrays, or in CProgram::state
  std::vector<CPointer> list = {};  // what the elements of a list point to
};

struct CCall {
  const Kernel* kernel = nullptr;
  size_t params = 0;  // CProgram::params
  std::vector<CPointer> pointers;
};

/// Values that move from one place to another.
struct CCopy {
  CPointer to, from;
  int64_t bytes = 0;
  int fill = -1;  // where it is not negative, all bytes become this, and there is no `from`
};

/// What a step does with graphs and variables. Handles of variables are resolved: nothing is left of those.
struct CControl {
  ControlFlow::Kind kind = ControlFlow::Kind::none;
  std::vector<size_t> graphs;               // of ControlFlow::graphs, in CProgram::graphs
  CPointer condition;                       // branch: of one truth value; loop: what graphs[0] gives
  size_t field = 0;                         // call_once: of CProgram::state, whether it has been
  std::vector<CCopy> before;                // first of all
  std::vector<std::vector<CCopy>> in, out;  // by graph
};

/// What one op became.
struct CStep {
  size_t op = 0;     // in the graph
  std::string name;  // short, unique in the program
  std::vector<CCall> calls;
  CControl control;  // where there are no calls
  std::string
      memory;  // on where its result lies, and why a portable kernel computes it; empty where there is nothing to say
};

/// A graph of the model as a function.
struct CGraph {
  int index = 0;         // in the model
  std::string function;  // its name in C
  ArenaPlan plan;
  int64_t base = 0;  // where its part of the arena begins: behind the parts of all graphs that run it
  std::vector<CStep> steps;
};

/// A value that a program keeps from one run to the next.
struct CField {
  std::string name;
  DType dtype = DType::int8;
  int64_t elements = 0;
  int first = 0;  // what each element is to begin with
};

struct CProgram {
  std::string name;  // what files and functions begin with
  std::shared_ptr<const Model> model;
  std::vector<CGraph> graphs;  // each behind those that it runs; the last is the program
  std::vector<CArray> arrays;  // no two are equal
  std::vector<CParams> params;
  std::vector<CField> state;
  int64_t arena_bytes = 0;
  int char_bits = 8;  // of TargetChip

  const CGraph& entry() const { return graphs.back(); }
  const Graph& graph_of(const CGraph& g) const { return model->graphs[static_cast<size_t>(g.index)]; }
  const Graph& graph() const { return graph_of(entry()); }
  /// Where an input or output of the entry lies in the arena.
  int64_t place(int tensor) const { return entry().base + entry().plan.offsets[static_cast<size_t>(tensor)]; }
  /// Whether two bytes are stored in a unit of 16 bits, the first one in its lower half.
  bool paired(const CArray& array) const;
  /// Bytes of a constant array and of all, and units of the state.
  int64_t array_bytes(const CArray& array) const;
  int64_t array_bytes() const;
  int64_t state_bytes() const;
  /// The modelled work of a call; the products of a step, and of all.
  KernelCost cost(const CCall& call) const { return call.kernel->cost(params[call.params].call.params.data()); }
  int64_t macs(const CStep& step) const;
  int64_t macs() const;
  /// Whether it copies or clears values itself, beside calling kernels.
  bool moves_memory() const;
};

/// Graph `entry` of a model, and those that it runs, in C, with the kernels that suit the chip. unsupported where a
/// step has no form in C; names the op.
Result<CProgram> make_c_program(const std::shared_ptr<const Model>& model, int entry, const std::string& name,
                                const TargetChip& chip = {});

/// The same of programs that are lowered: `entry` and all graphs that it runs, by their indices in the model.
Result<CProgram> c_program_of(const std::map<int, Program>& programs, int entry, const std::string& name,
                              const TargetChip& chip = {});

/// The functions that a step calls, each once: "nw_copy_blocks, nw_add_i8".
std::string kernel_names(const CStep& step);

/// The C type of a tensor's elements: "nw_i8".
const char* c_element(DType dtype);

}  // namespace narrow
