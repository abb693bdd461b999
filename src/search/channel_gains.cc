#include "search/channel_gains.h"

#include <algorithm>

#include "base/batches.h"
#include "graph/real_values.h"
#include "program/run_samples.h"

namespace narrow {
namespace {

constexpr double kExplained = 0.9;  // share of a tensor's error that factors have to make up
constexpr int64_t kMostGainChannels = 4096;

/// Of one channel, f being the float model's values and q the other's.
struct GainSums {
  double ff = 0, fq = 0, qq = 0;
};
using TensorSums = std::vector<GainSums>;  // by channel

size_t channels_of(const Tensor& t) {
  int64_t const last = t.shape.rank() > 0 ? t.shape.back() : 1;
  return last >= 1 && last <= kMostGainChannels ? static_cast<size_t>(last) : 0;
}

void add_sums(std::span<const float> f, std::span<const float> q, TensorSums& out) {
  size_t const channels = out.size();
  for (size_t i = 0; i < f.size(); ++i) {
    GainSums& s = out[i % channels];
    double const a = static_cast<double>(f[i]), b = static_cast<double>(q[i]);
    s.ff += a * a;
    s.fq += a * b;
    s.qq += b * b;
  }
}

/// The factors of a tensor; empty where they do not explain its error.
std::vector<float> gains_of(const TensorSums& sums) {
  double plain = 0, corrected = 0;
  std::vector<float> out;
  for (const GainSums& s : sums) {
    double const gain = s.ff > 0 ? s.fq / s.ff : 1;
    plain += s.qq - 2 * s.fq + s.ff;
    corrected += s.qq - 2 * gain * s.fq + gain * gain * s.ff;
    out.push_back(static_cast<float>(gain));
  }
  bool const all_positive = std::ranges::all_of(out, [](float g) { return g > 0; });
  return plain > 0 && all_positive && corrected < (1 - kExplained) * plain ? out : std::vector<float>();
}

}  // namespace

Result<std::vector<std::vector<float>>> channel_gains(const Candidate& reference, const Candidate& quantized,
                                                      const LayerErrorOptions& options) {
  const Graph& f_graph = reference.graph();
  const Graph& q_graph = quantized.graph();
  std::vector<TensorTwin> const twins = tensor_twins(f_graph, q_graph);
  // Of the tensors that stand for one of the float graph, the first is compared.
  std::vector<int> twin_of(q_graph.tensors.size(), kNoTensor);
  std::vector<bool> wanted(f_graph.tensors.size(), false);
  for (const TensorTwin& t : twins) {
    if (wanted[static_cast<size_t>(t.reference)] || channels_of(f_graph.tensor(t.reference)) == 0 ||
        f_graph.tensor(t.reference).dtype != DType::float32)
      continue;
    wanted[static_cast<size_t>(t.reference)] = true;
    twin_of[static_cast<size_t>(t.tensor)] = t.reference;
  }
  NARROW_TRY(Program f_program, lower(reference.model, {all_profiles().front(), 1}, reference.entry));
  NARROW_TRY(Program q_program, lower(quantized.model, {*options.profile, 1}, quantized.entry));
  Runner f_runner(std::move(f_program)), q_runner(std::move(q_program));
  std::vector<std::vector<float>> reals(f_graph.tensors.size());
  std::vector<TensorSums> sums(f_graph.tensors.size());
  for (size_t t = 0; t < sums.size(); ++t)
    if (wanted[t]) sums[t].resize(channels_of(f_graph.tensors[t]));
  std::vector<float> buffer;
  for (int64_t k = 0; k < options.samples; ++k) {
    NARROW_CHECK(read_inputs(*reference.data, k, 1, f_runner));
    NARROW_CHECK(f_runner.run(1, [&](TensorRef t, const std::byte* values, int, int) {
      auto const at = static_cast<size_t>(t.tensor);
      if (t.graph != reference.entry || !wanted[at]) return;
      reals[at].resize(static_cast<size_t>(f_graph.tensors[at].elements()));
      real_values(f_graph.tensors[at], values, reals[at]);
    }));
    NARROW_CHECK(read_inputs(*quantized.data, k, 1, q_runner));
    NARROW_CHECK(q_runner.run(1, [&](TensorRef t, const std::byte* values, int, int) {
      if (t.graph != quantized.entry || twin_of[static_cast<size_t>(t.tensor)] == kNoTensor) return;
      auto const at = static_cast<size_t>(twin_of[static_cast<size_t>(t.tensor)]);
      buffer.resize(reals[at].size());
      real_values(q_graph.tensor(t.tensor), values, buffer);
      add_sums(reals[at], buffer, sums[at]);
    }));
  }
  std::vector<std::vector<float>> out;
  for (const TensorSums& s : sums) out.push_back(s.empty() ? std::vector<float>() : gains_of(s));
  return out;
}

}  // namespace narrow
