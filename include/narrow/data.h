// DataSource: where the samples for a model come from.
#pragma once

#include <narrow/dtype.h>
#include <narrow/result.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace narrow {

/// An array in memory: dense, row-major, in the machine's byte order. The values must stay there for as long as calls
/// use the array.
struct Array {
  std::string name;  // of the input it is for, as the tensor or a signature calls it; may be empty where there is one
  DType dtype = DType::float32;
  std::vector<int64_t> shape;  // [samples, ...]: the dimensions of the input, where ones may be added or left out
  std::span<const std::byte> values;
};

/// Samples that a program makes when they are asked for.
struct SampleReader {
  int64_t samples = 0;        // how many there are
  std::vector<DType> dtypes;  // of each input's values, in order; float32 for all where empty
  uint64_t fingerprint = 0;   // the same for the same samples, another for others: resumed and merged runs compare it
  /// Writes samples [first, first + count) of input `input` to `out`, one behind the other, dense, each in the shape of
  /// the model's input. The range lies in [0, samples). Several threads may call at once; must not throw.
  std::function<Status(int64_t first, int count, size_t input, std::span<std::byte> out)> read = {};
};

/// A shard of the first `DataSource::samples` of a larger data set, where arrays hold no more than that: for
/// `calibrate` samples k with (k / sequence) mod shards == shard, in order; for `evaluate` those from n * shard /
/// shards on. These are given the same shard, and what comes out is what the whole data set gives; other calls do not
/// take it.
struct HeldShard {
  int64_t shard = 0;
  int64_t shards = 1;
  int64_t samples = 0;       // of the whole data set
  uint64_t fingerprint = 0;  // `fingerprint` of the arrays of the whole data set
};

/// What tells apart arrays of other values, types, shapes or names; statistics carry it. Errors: bad_option where an
/// array does not have the bytes of its shape.
NARROW_API Result<uint64_t> fingerprint(std::span<const Array> arrays);

/// Samples for the inputs of a model: exactly one of `path`, `arrays` and `reader` is given. The same source serves
/// models whose inputs have the same shapes and other types: numbers are real values, whatever their type. A float
/// input takes the real value; a quantized one takes clamp(round half away(float32(real / scale)) + zero point); an
/// integer input without a scale, such as one of indices, takes the integer.
struct DataSource {
  std::string path;  // a .npy (first axis counts samples), a .npz (an array per input), a .csv, or a folder of them
  std::vector<Array> arrays;           // one for each input
  std::optional<HeldShard> held = {};  // where the arrays hold one shard of the samples
  SampleReader reader;
  double scale = 1;  // real value = stored number * scale + offset
  double offset = 0;
  bool is_quantized = false;  // integers are the stored ones of quantized inputs, taken as they are; without scale and
                              // offset, and not for float inputs
  std::optional<int64_t> samples;   // the first so many; all where not given
  std::optional<int64_t> sequence;  // for a model that keeps state from one sample to the next, as in variables: it
                                    // begins anew every so many samples, and the last sequence may be shorter; where
                                    // not given, all samples are one sequence in time. bad_option for other models

  /// Whether there are any samples here.
  bool given() const { return !path.empty() || !arrays.empty() || reader.read; }
};

/// The right answer for each sample, as the index of the largest value of a model's first output: in a file or in
/// memory.
struct Labels {
  std::string path;             // a .npy or one-column .csv of integers, one per sample, or a .npy of one-hot rows
  std::vector<int64_t> values;  // or these

  bool given() const { return !path.empty() || !values.empty(); }
};

}  // namespace narrow
