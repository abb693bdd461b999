// A C99 project: the program, the kernels it uses, a test of itself, and the files that build it.
#pragma once

#include <string>
#include <vector>

#include "emit/c/c_program.h"
#include "emit/c/golden.h"
#include "narrow/compile.h"

namespace narrow {

/// A file of a project; its name may have folders in front.
struct ProjectFile {
  std::string name;
  std::string text;
};

/// All files: NAME.h, NAME_float.h, NAME.c, kernels/, selftest.c, example/main.c, Makefile, CMakeLists.txt, README.md,
/// and those of the packages.
/// `measured` (may be empty): lines of README.md about what a compiler made of it.
std::vector<ProjectFile> project_files(const CProgram& program, const Golden& golden,
                                       const std::vector<Package>& packages = {}, const std::string& measured = {});

/// The files among them that a compiler needs for the network alone: NAME.h, NAME_float.h, NAME.c and kernels/.
std::vector<ProjectFile> network_files(const CProgram& program);

}  // namespace narrow
