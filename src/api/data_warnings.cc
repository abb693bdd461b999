#include "api/data_warnings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

#include "api/data.h"
#include "ops/def/attributes.h"
#include "tflite/normalization.h"

namespace narrow {
namespace {

constexpr int64_t kMostSamples = 32;      // looked at
constexpr int64_t kMostValues = 1 << 20;  // but for at least one sample
constexpr double kFewOutside = 0.05;      // ranges that leave out the rarest values leave out fewer

std::string text_of(double v) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.4g", v);
  return out.data();
}

/// What an input takes, and why that is known.
struct Expected {
  double lo = 0;
  double hi = 0;
  double step = 0;  // what may be beyond
  const char* why = "";
};

/// By its integers, or by the normalization that the file's metadata give; nothing where neither says anything.
std::optional<Expected> expected_of(const Model& model, int entry, size_t input) {
  const Graph& graph = model.graphs[static_cast<size_t>(entry)];
  const Tensor& t = graph.tensor(graph.inputs[input]);
  if (!t.is_float() && t.quantization.present()) {
    IntegerInterval const q = integer_range(t.dtype);
    auto const step = static_cast<double>(t.quantization.scale());
    int64_t const zero_point = t.quantization.zero_point();
    return Expected{static_cast<double>(q.lo - zero_point) * step, static_cast<double>(q.hi - zero_point) * step, step,
                    "its integers can hold"};
  }
  auto const pixels = t.dtype == DType::float32 ? normalized_pixels(model, entry, input) : std::nullopt;
  if (!pixels) return std::nullopt;
  return Expected{pixels->lo, pixels->hi, (pixels->hi - pixels->lo) / 255, "the metadata of the file give for pixels"};
}

/// The values looked at, beside what is expected.
struct Fit {
  double least = INFINITY;
  double most = -INFINITY;
  int64_t values = 0;
  int64_t outside = 0;

  void add(std::span<const float> v, const Expected& expected) {
    for (float const value : v) {
      auto const x = static_cast<double>(value);
      least = std::min(least, x);
      most = std::max(most, x);
      outside += x < expected.lo - expected.step || x > expected.hi + expected.step ? 1 : 0;
    }
    values += std::ssize(v);
  }

  bool good() const { return static_cast<double>(outside) <= kFewOutside * static_cast<double>(values); }

  std::string warning(const std::string& name, const Expected& expected) const {
    auto const percent = std::llround(100 * static_cast<double>(outside) / static_cast<double>(values));
    return std::to_string(percent) + " % of the values for input '" + readable(name) + "' are outside of " +
           text_of(expected.lo) + " to " + text_of(expected.hi) + ", which " + expected.why + "; the data reach from " +
           text_of(least) + " to " + text_of(most) +
           ": `data.scale` and `data.offset` turn them into what the model was trained on";
  }
};

}  // namespace

Result<std::vector<std::string>> data_warnings(const Model& model, int entry, const DataSource& source) {
  std::vector<std::string> out;
  if (source.reader.read || source.is_quantized) return out;
  const Graph& graph = model.graphs[static_cast<size_t>(entry)];
  std::shared_ptr<const Samples> data;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    auto const expected = expected_of(model, entry, i);
    auto const each = graph.tensor(graph.inputs[i]).elements();
    if (!expected || each == 0) continue;
    if (!data) {
      NARROW_TRY(data, open_real_data(model, source, entry));
    }
    NARROW_TRY(int64_t const samples, sample_count(source, *data));
    Fit fit;
    std::vector<float> values(static_cast<size_t>(each));
    int64_t const looked_at = std::clamp<int64_t>(kMostValues / each, 1, std::min(samples, kMostSamples));
    for (int64_t k = 0; k < looked_at; ++k) {
      NARROW_CHECK(data->read(k * samples / looked_at, 1, i, reinterpret_cast<std::byte*>(values.data())));
      fit.add(values, *expected);
    }
    if (!fit.good()) out.push_back(fit.warning(graph.tensor(graph.inputs[i]).name, *expected));
  }
  return out;
}

}  // namespace narrow
