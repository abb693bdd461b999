// The element types of kernels and of tensors, each as the other.
#pragma once

#include "narrow/dtype.h"
#include "rows/kernel.h"

namespace narrow {

/// The element type of tensors that holds what kernels know as `type`; untyped elements are bytes.
DType dtype_of(ElementType type);

/// The type by which kernels know a tensor's elements: float16 by its bits, handles of variables as numbers of 32 bits,
/// and what has no number, such as truth values, as bytes.
ElementType element_type(DType dtype);

}  // namespace narrow
