// Alignment of 8-byte numbers, which FlatBuffers' verifier does not check (it checks that of a vector's length only).
#pragma once

#include <cstdint>

#include "tflite/format.h"

namespace narrow {

/// Whether the elements of all these vectors are aligned for their type; null vectors are.
template <class... Elements>
bool aligned(const flatbuffers::Vector<Elements>*... vectors) {
  return ((!vectors || reinterpret_cast<uintptr_t>(vectors->Data()) % alignof(Elements) == 0) && ...);
}

/// The same for all vectors in an op's options. Only the second options have vectors of 8-byte numbers.
bool aligned_options(const format::Operator& op);

}  // namespace narrow
