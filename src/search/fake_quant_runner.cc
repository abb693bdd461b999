#include "search/fake_quant_runner.h"

#include <algorithm>

#include "graph/real_values.h"
#include "ops/def/attributes.h"

namespace narrow {

void fake_quantize(std::span<float> values, const QuantParams& params) {
  IntegerInterval const q = integer_range(params.dtype);
  auto const lo = static_cast<float>(q.lo - params.zero_point), hi = static_cast<float>(q.hi - params.zero_point);
  // Adding and taking away 1.5 * 2^23 rounds to nearest, ties to even, for magnitudes under 2^22.
  constexpr float kRound = 12582912.0F;
  for (float& v : values) {
    float const steps = std::min(std::max(v / params.scale, lo), hi);
    v = ((steps + kRound) - kRound) * params.scale;
  }
}

std::span<std::byte> FakeQuantRunner::bytes(int tensor, int count) {
  const Tensor& t = runner_.program().graph().tensor(tensor);
  int64_t const each = storage_bytes(t.dtype, t.elements()).value_or(0);
  return {runner_.values(tensor), static_cast<size_t>(each * count)};
}

void FakeQuantRunner::load(const Frontier& frontier, int count) {
  const std::byte* from = frontier.values.data();
  for (int t : liveness_->after(frontier.position)) {
    std::span<std::byte> const to = bytes(t, count);
    std::copy_n(from, to.size(), to.data());
    from += to.size();
  }
}

void FakeQuantRunner::save(size_t position, int count, Frontier& frontier) {
  frontier.position = position;
  frontier.values.clear();
  frontier.values.resize(static_cast<size_t>(liveness_->bytes_after(position) * count));
  std::byte* to = frontier.values.data();
  for (int t : liveness_->after(position)) {
    std::span<std::byte> const from = bytes(t, count);
    to = std::copy(from.begin(), from.end(), to);
  }
}

void FakeQuantRunner::fake_quantize_at(size_t position, int count, const ParamsByTensor& params) {
  const Graph& graph = runner_.program().graph();
  for (int t : position == 0 ? graph.inputs : graph.ops[position - 1].outputs) {
    if (t == kNoTensor || !params[static_cast<size_t>(t)]) continue;
    std::span<std::byte> const values = bytes(t, count);
    fake_quantize({reinterpret_cast<float*>(values.data()), values.size() / sizeof(float)},
                  *params[static_cast<size_t>(t)]);
  }
}

Status FakeQuantRunner::advance(size_t from, size_t to, int count, const ParamsByTensor& params) {
  fake_quantize_at(from, count, params);
  for (size_t i = from; i < to; ++i) {
    NARROW_CHECK(runner_.run_steps(i, i + 1, count));
    fake_quantize_at(i + 1, count, params);
  }
  return {};
}

void FakeQuantRunner::outputs(int count, std::vector<float>& out) {
  out.clear();
  const Graph& graph = runner_.program().graph();
  for (size_t o = 0; o < graph.outputs.size(); ++o) {
    const Tensor& t = graph.tensor(graph.outputs[o]);
    size_t const at = out.size();
    out.resize(at + static_cast<size_t>(t.elements() * count));
    real_values(t, runner_.output(o), std::span(out).subspan(at));
  }
}

}  // namespace narrow
