// The first ops of a network computed in patches of rows, so that no whole image between them has to be held.
#pragma once

#include <functional>
#include <optional>

#include "program/program.h"

namespace narrow {

/// How the beginning of a program is cut.
struct PatchChoice {
  size_t steps = 0;        // so many of the first steps are computed patch by patch
  int32_t rows = 0;        // of the result of the last of them, in each patch
  bool recompute = false;  // what follows from the input alone and is read more than once is computed for each reader
};

/// The program with its first steps cut so: a step for each op and patch, which computes the rows that the patch needs,
/// those that neighbours need too again. The steps call the kernels in C. Nothing where a step is no image operation
/// that can compute single rows, or something between is read elsewhere.
std::optional<Program> in_patches(const Program& program, const PatchChoice& choice);

/// The choices that a program leaves.
std::vector<PatchChoice> patch_choices(const Program& program);

}  // namespace narrow
