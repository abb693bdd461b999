// The release of the runtime that a .tflite file needs.
#pragma once

#include <string>

#include "graph/model.h"

namespace narrow {

/// Name of the metadata entry that holds it: 16 bytes, padded with zeros.
inline constexpr const char* kRuntimeVersionName = "min_runtime_version";

/// The first release ("2.3.0") that has the version of every op that narrow knows, and at least the release that the
/// model's metadata state. Source: the table of op versions in TensorFlow Lite's versioning tools.
std::string min_runtime_version(const Model& model);

/// The entry's 16 bytes.
Bytes runtime_version_bytes(const std::string& version);

}  // namespace narrow
