// NAME.c and NAME.h: the program itself, and what a caller needs of it.
#pragma once

#include <string>

#include "emit/c/c_program.h"

namespace narrow {

/// Constants, parameters, and a function that makes the calls in order.
std::string model_source(const CProgram& program);

/// The functions, and macros with the sizes, scales and zero points of inputs and outputs.
std::string model_header(const CProgram& program);

/// Functions for callers who hold floats: quantize an input, dequantize an output, find the largest value of one.
std::string float_header(const CProgram& program);

/// "int8 [1, 49, 10, 1]"
std::string type_text(const Tensor& tensor);

}  // namespace narrow
