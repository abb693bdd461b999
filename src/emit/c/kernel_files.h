// The kernel sources that a program ships.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "rows/kernel.h"

namespace narrow {

/// A file of the folder `kernels` of a project.
struct KernelFile {
  std::string name;  // "conv2d_i8_double.c"
  std::string text;
};

/// The sources of these kernels, the headers that they include and that of the types, in order of their names. The
/// folder is flat, and includes are by name alone. A source from which single functions can be made becomes a file for
/// each of them, so that a file of one name is the same in every project, whatever kernels it ships.
/// `moves_memory`: the program itself copies values.
std::vector<KernelFile> kernel_files(const std::set<const Kernel*>& kernels, bool moves_memory);

/// The header that declares a kernel, by its name in the folder: "conv2d.h".
std::string kernel_header(const Kernel& kernel);

}  // namespace narrow
