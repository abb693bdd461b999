// What builds an emitted program, shows how to call it, and tells a person about it.
#pragma once

#include <string>
#include <vector>

#include "emit/c/c_program.h"

namespace narrow {

std::string makefile(const CProgram& program, const std::vector<std::string>& sources);
std::string cmake_lists(const CProgram& program, const std::vector<std::string>& sources);
std::string example_source(const CProgram& program);

/// The same for Arduino, where it prints the class.
std::string example_sketch(const CProgram& program);

/// Sizes, how to call it, and what lies where in the arena while it runs. `measured` (may be empty): lines of the list
/// of sizes.
std::string readme(const CProgram& program, const std::string& measured = {});

}  // namespace narrow
