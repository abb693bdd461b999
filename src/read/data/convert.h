// Conversion of stored values to the element type of a model's input.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// What a data set has to deliver for one input of a model.
struct InputSpec {
  std::vector<std::string> names;  // tensor name first, then what signatures call it
  Shape shape;                     // of one sample, as in the model
  DType dtype = DType::float32;
  Quantization quantization;
};

/// The inputs of a graph of a model.
std::vector<InputSpec> input_specs(const Model& model, int graph = 0);

/// How stored numbers are meant: real value = stored * scale + offset.
struct DataOptions {
  double scale = 1;
  double offset = 0;
  bool quantized = false;        // integers are those of a quantized input, taken as they are; goes with plain() only
  bool allow_nonfinite = false;  // lets NaN and infinities through to a float input

  bool plain() const { return scale == 1 && offset == 0; }
};

/// Turns elements of one type into those of an input.
/// - A float input takes the real value, rounded to float32 once.
/// - A quantized input takes clamp(round half away(float32(real / scale)) + zero point), whatever the type of the data;
///   or, where the options say so, integers as they are, which must fit.
/// - An integer input without a scale takes integers that fit it.
class Converter {
 public:
  /// bad_data, naming both types, where there is no such conversion; bad_option where `quantized` is said of other data
  /// than integers, or of a float input that gets integers.
  static Result<Converter> make(DType from, bool swapped, const InputSpec& to, const DataOptions& options);

  struct BadValue {
    size_t index = 0;
    const char* what = "";  // "NaN", "an infinite value", "a value out of range"
  };
  /// Converts `n` elements; the first one that cannot be converted, if any. `in` needs no alignment.
  std::optional<BadValue> run(const std::byte* in, size_t n, std::byte* out) const;

  size_t in_bytes() const { return element_bytes(from_); }
  size_t out_bytes() const { return element_bytes(to_); }

 private:
  enum class Meaning { copy, real, quantized, integer };

  /// What becomes of each value of one byte, where all of them can be converted.
  void tabulate();

  DType from_ = DType::float32;
  DType to_ = DType::float32;
  bool swapped_ = false;
  Meaning meaning_ = Meaning::copy;
  DataOptions options_;
  float scale_ = 1;  // of the quantized input
  int32_t zero_point_ = 0;
  std::vector<std::byte> table_;  // of 256 elements; empty where each one is computed
};

}  // namespace narrow
