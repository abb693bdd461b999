#include "tflite/normalization.h"

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "tflite/metadata_generated.h"

namespace narrow {
namespace {

namespace metadata = metadata_format;

constexpr double kLargestPixel = 255;

/// The element of a list, or null where there is none.
template <class T>
const T* at(const flatbuffers::Vector<flatbuffers::Offset<T>>* list, size_t i) {
  return list && i < list->size() ? list->Get(static_cast<flatbuffers::uoffset_t>(i)) : nullptr;
}

/// A copy, whose numbers are aligned; empty where there are none.
Bytes metadata_of(const Model& model) {
  auto const entry = std::find_if(model.metadata.begin(), model.metadata.end(),
                                  [](const auto& m) { return m.first == "TFLITE_METADATA"; });
  if (entry == model.metadata.end()) return {};
  return {entry->second.bytes().begin(), entry->second.bytes().end()};
}

/// Null where the bytes are damaged.
const metadata::ModelMetadata* verified(const Bytes& bytes) {
  const auto* const start = reinterpret_cast<const uint8_t*>(bytes.data());
  flatbuffers::Verifier verifier(start, bytes.size());
  return !bytes.empty() && metadata::VerifyModelMetadataBuffer(verifier) ? metadata::GetModelMetadata(start) : nullptr;
}

std::optional<NormalizedPixels> pixels_of(const metadata::NormalizationOptions& options) {
  const auto* const mean = options.mean();
  const auto* const deviation = options.deviation();
  if (!mean || !deviation || mean->size() != deviation->size() || mean->size() == 0) return std::nullopt;
  NormalizedPixels out{INFINITY, -INFINITY};
  for (flatbuffers::uoffset_t c = 0; c < mean->size(); ++c) {
    double const m = static_cast<double>(mean->Get(c)), d = static_cast<double>(deviation->Get(c));
    out.lo = std::min(out.lo, (0 - m) / d);
    out.hi = std::max(out.hi, (kLargestPixel - m) / d);
  }
  return std::isfinite(out.lo) && std::isfinite(out.hi) && out.lo < out.hi ? std::optional(out) : std::nullopt;
}

}  // namespace

std::optional<NormalizedPixels> normalized_pixels(const Model& model, int graph, size_t input) {
  Bytes const bytes = metadata_of(model);
  const metadata::ModelMetadata* const all = verified(bytes);
  const auto* const entry = all ? at(all->subgraph_metadata(), static_cast<size_t>(graph)) : nullptr;
  const auto* const tensor = entry ? at(entry->input_tensor_metadata(), input) : nullptr;
  for (size_t i = 0; tensor; ++i) {
    const auto* const unit = at(tensor->process_units(), i);
    if (!unit) break;
    if (const auto* const options = unit->options_as_NormalizationOptions()) return pixels_of(*options);
  }
  return std::nullopt;
}

}  // namespace narrow
