// The program in C that a compile request leads to, and what it costs, before anything is written.
#pragma once

#include <memory>
#include <string>

#include "emit/c/c_program.h"
#include "narrow/compile.h"

namespace narrow {

struct PreparedProgram {
  int entry = 0;                        // the graph to run
  std::shared_ptr<const Model> folded;  // the integer model behind it, weights not packed
  CProgram program;
  CompileResult described;  // with warnings, notes and what is over budget; by `cc` where that is given
};

/// unsupported where weights become floats when the model runs.
Status check_numbers(const Model& model);

/// `name` is what names in C begin with. Errors: bad_option, unsupported (what has no form in integer C), and those of
/// reading samples.
Result<PreparedProgram> prepare_program(const ModelPtr& model, const CompileRequest& request, const std::string& name);

}  // namespace narrow
