#include "api/data.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "api/held_shard.h"
#include "base/checked.h"
#include "base/digest.h"
#include "read/data/dataset.h"
#include "read/data/labels.h"
#include "read/data/part.h"

namespace narrow {
namespace {

constexpr int kMostThreads = 1024;

/// Arrays in memory.
class ArraySamples final : public Samples {
 public:
  ArraySamples(std::unique_ptr<const Part> part, uint64_t fingerprint)
      : part_(std::move(part)), fingerprint_(fingerprint) {}
  int64_t size() const override { return part_->size(); }
  Status read(int64_t first, int count, size_t input, std::byte* out) const override {
    return part_->read(first, count, input, out, 0);
  }
  uint64_t fingerprint() const override { return fingerprint_; }

 private:
  std::unique_ptr<const Part> part_;
  uint64_t fingerprint_;
};

/// Samples that a program makes, converted to the types of inputs.
class ReaderSamples final : public Samples {
 public:
  static Result<std::shared_ptr<const Samples>> create(const SampleReader& reader, std::vector<InputSpec> inputs,
                                                       const DataOptions& options) {
    if (reader.samples < 1) return refuse("data", "`data`: the reader has no samples");
    if (!reader.dtypes.empty() && reader.dtypes.size() != inputs.size())
      return refuse("data", "`data`: the reader gives the types of " + std::to_string(reader.dtypes.size()) +
                                " inputs, the model has " + std::to_string(inputs.size()));
    auto out = std::make_shared<ReaderSamples>(reader);
    for (size_t i = 0; i < inputs.size(); ++i) {
      DType const from = reader.dtypes.empty() ? DType::float32 : reader.dtypes[i];
      NARROW_TRY(Converter converter, Converter::make(from, false, inputs[i], options));
      out->columns_.push_back({converter, std::move(inputs[i])});
    }
    return out;
  }
  explicit ReaderSamples(SampleReader reader) : reader_(std::move(reader)) {}

  int64_t size() const override { return reader_.samples; }
  uint64_t fingerprint() const override { return reader_.fingerprint; }

  Status read(int64_t first, int count, size_t input, std::byte* out) const override {
    const Column& c = columns_[input];
    auto const per_sample = static_cast<size_t>(c.input.shape.elements());
    size_t const n = per_sample * static_cast<size_t>(count);
    Bytes stored(n * c.converter.in_bytes());
    NARROW_CHECK(reader_.read(first, count, input, stored));
    if (auto const bad = c.converter.run(stored.data(), n, out))
      return bad_value(*bad, c.input, first + static_cast<int64_t>(bad->index / per_sample));
    return {};
  }

 private:
  struct Column {
    Converter converter;
    InputSpec input;
  };
  SampleReader reader_;
  std::vector<Column> columns_;
};

Result<NpyArray> array_of(const Array& a) {
  NpyArray out{memory_source(a.values), a.dtype, false, a.shape, 0};
  std::optional<int64_t> bytes = static_cast<int64_t>(element_bytes(a.dtype));
  for (int64_t d : a.shape) bytes = bytes && d >= 0 ? checked_mul(*bytes, d) : std::nullopt;
  if (element_bytes(a.dtype) == 0 || bytes != out.source->size())
    return refuse("data",
                  "`data`: array '" + a.name + "' has " + std::to_string(a.values.size()) + " bytes for " + out.text());
  return out;
}

Result<std::shared_ptr<const Samples>> open_arrays(const std::vector<Array>& given, const DataRequest& request) {
  std::vector<NamedArray> arrays;
  for (const Array& a : given) {
    NARROW_TRY(NpyArray array, array_of(a));
    arrays.push_back({a.name, std::move(array)});
  }
  NARROW_TRY(uint64_t const digest, fingerprint(given));
  NARROW_TRY(auto part, open_part(std::move(arrays), request));
  if (part->size() == 0) return fail(ErrorKind::bad_data, "the arrays hold no samples");
  return std::make_shared<const ArraySamples>(std::move(part), digest);
}

Result<std::shared_ptr<const Samples>> open_for(std::vector<InputSpec> inputs, const DataSource& source,
                                                bool allow_nonfinite) {
  int const kinds = int{!source.path.empty()} + int{!source.arrays.empty()} + int{source.reader.read != nullptr};
  if (kinds == 0) return refuse("data", "`data` is missing");
  if (kinds > 1) return refuse("data", "`data` has samples of several kinds", "give a path, arrays or a reader");
  if (source.held && source.arrays.empty()) return refuse("data.held", "`data.held` is for arrays");
  if (!std::isfinite(source.scale)) return refuse("data.scale", "`data.scale` is not a finite number");
  if (!std::isfinite(source.offset)) return refuse("data.offset", "`data.offset` is not a finite number");
  if (source.is_quantized && (source.scale != 1 || source.offset != 0))
    return refuse("data.is_quantized",
                  std::string("`") + (source.scale != 1 ? "data.scale" : "data.offset") +
                      "` does not go with `data.is_quantized`: stored integers are taken as they are",
                  "give one of them");
  DataOptions const meaning{.scale = source.scale,
                            .offset = source.offset,
                            .quantized = source.is_quantized,
                            .allow_nonfinite = allow_nonfinite};
  if (!source.path.empty()) return open_dataset(source.path, std::move(inputs), meaning);
  if (!source.arrays.empty()) {
    NARROW_TRY(auto samples, open_arrays(source.arrays, {std::move(inputs), meaning}));
    return source.held ? whole_of(std::move(samples), source) : samples;
  }
  return ReaderSamples::create(source.reader, std::move(inputs), meaning);
}

}  // namespace

Result<uint64_t> fingerprint(std::span<const Array> arrays) {
  Digest digest;
  for (const Array& a : arrays) {
    NARROW_TRY(NpyArray const array, array_of(a));
    digest.add(a.name);
    digest.add(array.text());
    digest.add(a.values);
  }
  return digest.value();
}

Result<std::shared_ptr<const Samples>> open_data(const Model& model, const DataSource& source, int graph,
                                                 OnNan on_nan) {
  return open_for(input_specs(model, graph), source, on_nan == OnNan::skip);
}

Result<std::shared_ptr<const Samples>> open_real_data(const Model& model, const DataSource& source, int graph) {
  auto inputs = input_specs(model, graph);
  for (InputSpec& input : inputs)
    if (input.quantization.present()) input.dtype = DType::float32;
  return open_for(std::move(inputs), source, true);
}

Result<int64_t> sample_count(const DataSource& source, const Samples& all) {
  return sample_count(source, all.size());
}

Result<int64_t> sample_count(const DataSource& source, int64_t all) {
  if (!source.samples) return all;
  if (*source.samples >= 1 && *source.samples <= all) return *source.samples;
  return refuse("samples",
                "`samples=" + std::to_string(*source.samples) + "` asks for " +
                    (*source.samples < 1 ? "none of the " : "more than the ") + std::to_string(all) + " there are",
                {}, source.path);
}

Result<int64_t> sequence_samples(const DataSource& source, bool keeps_state) {
  if (!source.sequence) return 0;
  if (*source.sequence < 1) return refuse("sequence", "`sequence=" + std::to_string(*source.sequence) + "` is below 1");
  if (!keeps_state)
    return refuse("sequence",
                  "`sequence` has nothing to set: the model keeps no state, so its samples do not depend on each other",
                  "leave it out");
  return *source.sequence;
}

Result<std::vector<int64_t>> open_labels(const Labels& labels, const Samples& all, int64_t used) {
  if (!labels.path.empty() && !labels.values.empty())
    return refuse("labels", "`labels` are in a file and in memory", "give one of them");
  std::vector<int64_t> out = labels.values;
  if (!labels.path.empty()) {
    NARROW_TRY(out, read_labels(labels.path));
  }
  if (labels.given() && std::ssize(out) != all.size() && std::ssize(out) != used)
    return fail(ErrorKind::bad_data,
                std::to_string(out.size()) + " labels for " + std::to_string(all.size()) + " samples", labels.path,
                "give one label for each sample");
  return out;
}

int thread_count(int threads) {
  return std::clamp(threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency()), 1, kMostThreads);
}

}  // namespace narrow
