// selftest.c: a program that runs the network over stored inputs and compares every byte of the outputs.
#pragma once

#include <string>

#include "emit/c/c_program.h"
#include "emit/c/golden.h"

namespace narrow {

/// Its exit code is 0, or 1 after it has said which output is wrong first. SELFTEST_REPEAT repeats each inference so
/// many times; with SELFTEST_SILENT it says nothing and needs no <stdio.h>. The expected outputs are its last arrays.
std::string selftest_source(const CProgram& program, const Golden& golden);

}  // namespace narrow
