// Constants in other memory than the rest, as in RAM that is faster than flash.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "emit/c/c_program.h"
#include "narrow/compile.h"

namespace narrow {

/// Puts constants into pools, one pool after the other: those of steps whose name the pool's pattern matches, steps
/// with most products for each byte of their constants first, each step's as a whole and as long as they fit. Sets
/// CArray::pool. bad_option (names `place`) where a pool's name, pattern or size is none, or nothing fits it.
Result<std::vector<PlacedPool>> place_constants(CProgram& program, std::span<const ConstantPool> pools);

}  // namespace narrow
