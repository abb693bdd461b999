// Writing of .tflite files.
#pragma once

#include "base/bytes.h"
#include "graph/model.h"

namespace narrow {

/// The bytes of a .tflite file that holds a validated model: the same bytes for the same model. Constants of equal
/// bytes share one buffer, aligned to 16; tensors that nothing uses are left out; the lowest release of the runtime
/// that has every op's version is noted in the metadata. States that ops leave out, as they begin with zeros for each
/// sample, become variables where the format demands them, and the metadata say so (stateless.h).
/// Errors: unsupported for an op that the format cannot express, limit_exceeded where the file would pass 2 GiB.
Result<Bytes> write_tflite(const Model& model);

}  // namespace narrow
