// CProgram: a lowered model as what its C source says, before any of it is text.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "program/plan_arena.h"

namespace narrow {

/// A constant array.
struct CArray {
  std::string name;  // a C identifier
  DType dtype = DType::int8;
  std::vector<std::byte> bytes;
};

/// A constant parameter struct of a kernel.
struct CParams {
  std::string name;
  KernelCall call;                                            // its parameters, as the plan sets them
  std::vector<std::pair<const ParamField*, size_t>> pointed;  // pointers in it, and the arrays they point to
};

/// A pointer of a call.
struct CPointer {
  enum class Source : uint8_t { null, arena, array, list };
  Source source = Source::null;
  ElementType type = ElementType::untyped;
  bool written = false;
  int64_t offset = 0;               // in the arena, or elements into the array
  size_t array = 0;                 // CProgram::arrays
  std::vector<CPointer> list = {};  // what the elements of a list point to
};

struct CCall {
  const Kernel* kernel = nullptr;
  size_t params = 0;  // CProgram::params
  std::vector<CPointer> pointers;
};

/// What one op became.
struct CStep {
  size_t op = 0;     // in the graph
  std::string name;  // short, unique in the program
  std::vector<CCall> calls;
  std::string memory;  // a sentence on where its result lies; empty where there is nothing to say
};

struct CProgram {
  std::string name;  // what files and functions begin with
  std::shared_ptr<const Model> model;
  int graph_index = 0;
  ArenaPlan plan;
  std::vector<CArray> arrays;  // no two are equal
  std::vector<CParams> params;
  std::vector<CStep> steps;

  const Graph& graph() const { return model->graphs[static_cast<size_t>(graph_index)]; }
  /// Bytes of all constant arrays.
  int64_t array_bytes() const;
};

/// The program in C. unsupported where a step has no form in C; names the op.
Result<CProgram> make_c_program(const Program& program, ArenaPlan plan, const std::string& name);

/// The C type of a tensor's elements: "nw_i8".
const char* c_element(DType dtype);

/// The type by which kernels know such elements.
ElementType element_type(DType dtype);

}  // namespace narrow
