#include "calibrate/channel_moments.h"

#include <algorithm>
#include <cmath>

#include "program/run_samples.h"

namespace narrow {
namespace {

/// Of one tensor in one sample, by channel.
struct Sums {
  double count = 0;
  std::vector<double> values;
  std::vector<double> squares;
  std::vector<double> largest;

  void add(std::span<const float> v, size_t channels) {
    values.resize(channels);
    squares.resize(channels);
    largest.resize(channels);
    for (size_t i = 0; i < v.size(); i += channels)
      for (size_t c = 0; c < channels; ++c) {
        auto const x = static_cast<double>(v[i + c]);
        values[c] += x;
        squares[c] += x * x;
        largest[c] = std::max(largest[c], std::fabs(x));
      }
    count += static_cast<double>(v.size() / channels);
  }
  void add(const Sums& other) {
    if (other.count == 0) return;
    values.resize(other.values.size());
    squares.resize(other.values.size());
    largest.resize(other.values.size());
    for (size_t c = 0; c < values.size(); ++c) {
      values[c] += other.values[c];
      squares[c] += other.squares[c];
      largest[c] = std::max(largest[c], other.largest[c]);
    }
    count += other.count;
  }
};

ChannelMoments moments_of(const Sums& sums) {
  ChannelMoments out;
  out.largest = sums.largest;
  for (size_t c = 0; c < sums.values.size(); ++c) {
    double const mean = sums.values[c] / sums.count;
    out.mean.push_back(mean);
    out.variance.push_back(std::max(0.0, sums.squares[c] / sums.count - mean * mean));
  }
  return out;
}

bool is_finite(const Sums& s) {
  return std::all_of(s.squares.begin(), s.squares.end(), [](double v) { return std::isfinite(v); });
}

}  // namespace

Result<MomentsByTensor> channel_moments(const std::shared_ptr<const Model>& model, const Samples& data,
                                        const std::set<TensorRef>& tensors, int threads, int64_t sequence) {
  std::vector<std::map<TensorRef, Sums>> seen(static_cast<size_t>(data.size()));  // by sample: added up in their order
  RunVisitor visitor;
  visitor.batch = [](const Runner&, int64_t, int64_t) { return Status(); };
  visitor.tensor = [&](TensorRef t, const std::byte* values, int64_t first, int64_t count) -> Status {
    if (!tensors.contains(t)) return {};
    const Tensor& tensor = model->graphs[static_cast<size_t>(t.graph)].tensor(t.tensor);
    auto const each = static_cast<size_t>(tensor.elements());
    if (each == 0) return {};
    const auto* const v = reinterpret_cast<const float*>(values);
    for (int64_t k = 0; k < count; ++k)
      seen[static_cast<size_t>(first + k)][t].add({v + static_cast<size_t>(k) * each, each},
                                                  static_cast<size_t>(tensor.shape[tensor.shape.rank() - 1]));
    return {};
  };
  NARROW_CHECK(run_samples(model, data, {.samples = data.size(), .threads = threads, .sequence = sequence}, visitor));
  std::map<TensorRef, Sums> sums;
  for (const auto& sample : seen)
    for (const auto& [t, s] : sample)
      if (is_finite(s)) sums[t].add(s);
  MomentsByTensor out;
  for (const auto& [t, s] : sums) out.emplace(t, moments_of(s));
  return out;
}

}  // namespace narrow
