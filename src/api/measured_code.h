// What a C compiler makes of a program, for those who name one.
#pragma once

#include "emit/c/c_program.h"
#include "narrow/compile.h"

namespace narrow {

/// Compiles the network in a private temporary folder, which is removed, and puts what objects and stack frames take in
/// the place of what was modelled. Errors: bad_option where there is no such compiler; unsupported where it fails or
/// takes longer than 120 s in all; cancelled, io.
Status measure_code(const CProgram& program, const CompileRequest& request, CompileResult& result);

/// Lines of the project's README.md about that; empty where nothing was measured.
std::string measured_lines(const CompileResult& result);

}  // namespace narrow
