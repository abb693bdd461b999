// Model: graphs of ops over tensors, float or quantized; reading and writing it.
#pragma once

#include <narrow/result.h>
#include <narrow/visibility.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace narrow {

/// Opaque, and never changed once made: any number of threads may use one. `inspect` says what is in it.
struct Model;
using ModelPtr = std::shared_ptr<const Model>;

/// The shape of one input, given by the name of its tensor or what a signature calls it.
struct InputShape {
  std::string input;
  std::vector<int32_t> dims;  // at least 1 each, in the order of the file whatever the layout after reading
};

/// Sizes for dimensions of inputs that a file leaves free. A dimension given a size is free no longer: files written
/// from the model have it, too. Other free dimensions stay free in such files; narrow runs the model with the sizes
/// that samples have, and a first dimension that samples do not have is 1.
struct LoadOptions {
  std::vector<InputShape> shape = {};
  std::optional<int64_t> batch = {};  // of every input whose first dimension is free
  // Inputs and outputs keep the layout of the file, channels before height and width; without it a model of such a file
  // takes and gives channels last.
  bool keep_layout = false;
  // Loops over the steps of a recurrent layer, and steps that a file has one by one, stay as they are; without it the
  // float LSTM, GRU and RNN among them become one op each.
  bool keep_loops = false;
  // Tensors, or the ops that compute them, that become the inputs or outputs of the model; what only leads to such an
  // input, or only comes after such an output, is left out. Empty: those of the file.
  std::vector<std::string> inputs = {};
  std::vector<std::string> outputs = {};
};

/// Reads and validates a model file; the format is recognised by content. Errors: io, bad_file, unsupported,
/// limit_exceeded, all of which name the file; bad_option where a size is given to a dimension that has another one, or
/// to an input that is not there.
NARROW_API Result<ModelPtr> load(const std::string& path, const LoadOptions& options = {});

/// The same from bytes, which are copied; `name` stands for the file in messages and reports.
NARROW_API Result<ModelPtr> load(std::span<const std::byte> bytes, const std::string& name,
                                 const LoadOptions& options = {});

/// What reading a model changed or left out (its layout, a front end for audio), and what narrow does to the form in
/// which it stores its values before it computes with it (sparse constants, integers of 4 bits, uint8): a sentence for
/// each kind of change, none for most models. Errors: bad_file, limit_exceeded.
NARROW_API Result<std::vector<std::string>> stored_forms(const Model& model);

/// Writes a .tflite file, whole or not at all; its size in bytes.
/// Errors: io, unsupported (an op that the format cannot spell), limit_exceeded.
NARROW_API Result<int64_t> save(const Model& model, const std::string& path);

/// The bytes of that file. Errors: unsupported, limit_exceeded.
NARROW_API Result<std::vector<std::byte>> to_bytes(const Model& model);

}  // namespace narrow
