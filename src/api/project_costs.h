// What a project costs, for those who ask for one.
#pragma once

#include <string>
#include <vector>

#include "emit/c/c_program.h"
#include "narrow/compile.h"

namespace narrow {

/// All that is known of a program before it is written.
CompileResult described(const CProgram& program, Target target);

/// What the request's budgets leave no room for, with what would help; empty where all fits.
std::vector<std::string> over_budget(const CompileRequest& request, const CompileResult& result);

}  // namespace narrow
