// Packages: the files by which an ecosystem's tools take a project for one of its own.
#pragma once

#include <string>
#include <vector>

#include "emit/c/project.h"
#include "narrow/compile.h"

namespace narrow {

/// What a package adds to a project, beside the files that are always there. `sources` are the project's own, without
/// programs: "kws.c", "kernels/pool.c". None of the files makes a library of selftest.c or example/main.c.
std::vector<ProjectFile> package_files(Package package, const CProgram& program,
                                       const std::vector<std::string>& sources);

/// A line of Markdown: what to do with the folder.
std::string package_note(Package package, const CProgram& program);

}  // namespace narrow
