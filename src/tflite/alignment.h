// Alignment of 8-byte numbers. FlatBuffers' verifier checks that of a vector's length only.
#pragma once

#include <cstdint>

#include "tflite/format.h"

namespace narrow {

/// Whether the elements of all these vectors (null ones count) lie where their type may be read.
template <class... Elements>
bool aligned(const flatbuffers::Vector<Elements>*... vectors) {
  return ((!vectors || reinterpret_cast<uintptr_t>(vectors->Data()) % alignof(Elements) == 0) && ...);
}

/// The same for all vectors in an op's options; the second options alone have vectors of 8-byte numbers.
bool aligned_options(const format::Operator& op);

}  // namespace narrow
