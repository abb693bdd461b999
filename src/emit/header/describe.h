// Comments of a header: what arrays, ops and the whole file are.
#pragma once

#include <string>

#include "emit/constants/constants.h"
#include "emit/header/op_facts.h"
#include "emit/header/plan.h"

namespace narrow {

/// What the file says before anything else: how values, layers and kernels are computed.
std::string file_comment(const Model& model, const HeaderPlan& plan);

/// An op's place, type and name, its computed operands and results, and its notes.
std::string op_comment(const Model& model, size_t graph, size_t op, const OpFacts& facts);

/// Name, shape, layout, type, scales and zero points of a constant; why there are no values where there are none.
std::string constant_comment(const Constant& constant);

}  // namespace narrow
