// The steps of graphs as C calls, copies and constants: what make_c_program is made of.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/unique_names.h"
#include "emit/c/c_program.h"
#include "emit/c/handles.h"

namespace narrow {

/// Adds graphs to a CProgram.
class CProgramMaker {
 public:
  /// `programs`: all graphs of the program by their indices in the model; `bases`: where their parts of the arena
  /// begin.
  CProgramMaker(const std::map<int, Program>& programs, std::map<int, int64_t> bases, CProgram& out)
      : programs_(programs), bases_(std::move(bases)), handles_(programs), out_(out) {}

  /// Adds a graph behind those that it runs. `names` are its ops'. Errors: unsupported (names the op).
  Status add_graph(int index, const std::string& function, ArenaPlan plan, const std::vector<std::string>& names);

 private:
  const Graph& graph() const { return program_->graph(); }
  CGraph& c_graph() { return out_.graphs.back(); }
  TensorRef here(int tensor) const { return {graph_index_, tensor}; }

  void add_variable_tensors();
  Status add(size_t index, const std::string& name);
  tl::unexpected<Error> refused(const ProgramStep& step, const std::string& why, const char* remedy) const;
  Status check(const ProgramStep& step, const Step& plain) const;

  CCall call(const KernelCall& given, const ProgramStep& step, const std::string& name, const PlannedOverlap* overlap);
  CPointer pointer(const KernelCall& call, size_t argument, const ProgramStep& step, const std::string& name);
  CPointer operand_or_result(int tensor, int64_t offset, const KernelArgument& type, const std::string& name);
  void count_chars(KernelCall& call, const ProgramStep& step) const;
  size_t array(const std::string& name, DType dtype, std::span<const std::byte> bytes, Holds holds);

  /// Where the values of a computed tensor of any graph that has been added are.
  CPointer place(TensorRef at, bool written) const;
  /// The same, or the array of a constant.
  CPointer values(TensorRef at);
  /// Adds the move from one tensor to another, unless nothing has to move.
  void copy(TensorRef to, TensorRef from, std::vector<CCopy>& out);

  Result<CControl> control(const ControlFlow& flow, const ProgramStep& step);
  Result<CControl> variable_use(const ControlFlow& flow, const ProgramStep& step);
  CControl runs(const ControlFlow& flow, const ProgramStep& step);

  const std::map<int, Program>& programs_;
  std::map<int, int64_t> bases_;
  Handles handles_;
  CProgram& out_;
  UniqueNames names_;
  std::map<std::tuple<DType, Holds, std::string>, size_t> arrays_;  // by all but the name
  std::map<int, size_t> place_of_;                                  // by graph of the model: in out_.graphs
  std::map<TensorRef, size_t> field_of_tensor_;
  std::map<int, size_t> field_of_variable_;
  // Of the graph that is being added:
  const Program* program_ = nullptr;
  int graph_index_ = 0;
  std::multimap<size_t, size_t> overlaps_of_;  // by step
};

}  // namespace narrow
