// Model: graphs of ops over tensors, float or quantized; reading and writing it.
#pragma once

#include <narrow/result.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace narrow {

/// Opaque, and never changed once made: any number of threads may use one. `inspect` says what is in it.
struct Model;
using ModelPtr = std::shared_ptr<const Model>;

/// Reads and validates a model file; the format is recognised by content. Dimensions that the file leaves open are
/// taken as 1. Errors: io, bad_file, unsupported, limit_exceeded; all name the file.
Result<ModelPtr> load(const std::string& path);

/// The same from bytes, which are copied; `name` stands for the file in messages and reports.
Result<ModelPtr> load(std::span<const std::byte> bytes, const std::string& name);

/// Writes a .tflite file, whole or not at all; its size in bytes.
/// Errors: io, unsupported (an op that the format cannot spell), limit_exceeded.
Result<int64_t> save(const Model& model, const std::string& path);

/// The bytes of that file. Errors: unsupported, limit_exceeded.
Result<std::vector<std::byte>> to_bytes(const Model& model);

}  // namespace narrow
