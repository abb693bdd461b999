// Facts of an op's steps: the parameters of its kernels, under the names that the rows of kernels/rows/ give them.
#pragma once

#include "emit/header/op_facts.h"
#include "ops/def/step.h"

namespace narrow {

/// The most elements of a list that a header states of an op; longer ones are named in a note.
inline constexpr size_t kMostListed = 4096;

/// Adds the members of the parameter struct that have names in headers, what follows from them, and the arrays that the
/// call is given. `number` is put behind the names of all calls of an op but the first, from 1 on.
void add_call(const KernelCall& call, size_t number, OpFacts& facts);

/// Adds which operand a call of several reads, and where in the result it begins to write.
void add_places(const KernelCall& call, size_t number, OpFacts& facts);

/// Adds sizes alone.
void add_sizes(const StepSizes& sizes, OpFacts& facts);

}  // namespace narrow
