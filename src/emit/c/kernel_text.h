// The sources of the portable kernels as text: what emitted programs ship is what the simulator runs.
#pragma once

#include <span>
#include <string_view>

namespace narrow {

/// A file below kernels/ and what it says.
struct KernelText {
  std::string_view path;  // "portable/layers/conv2d.c"
  std::string_view text;
};

/// All of them, in order of their paths. Generated when narrow is built (kernels/embed.cmake).
std::span<const KernelText> kernel_texts();

}  // namespace narrow
