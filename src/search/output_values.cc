#include "search/output_values.h"

#include <numeric>

#include "graph/real_values.h"

namespace narrow {

int64_t OutputValues::each() const {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t{0});
}

std::span<const float> OutputValues::of(int64_t sample, size_t output) const {
  int64_t const before = std::accumulate(sizes.begin(), sizes.begin() + static_cast<int64_t>(output), int64_t{0});
  return {values.data() + sample * each() + before, static_cast<size_t>(sizes[output])};
}

Result<OutputValues> output_values(const std::shared_ptr<const Model>& model, const Samples& data,
                                   const RunOptions& options) {
  const Graph& graph = model->graphs[static_cast<size_t>(options.entry)];
  OutputValues out;
  out.samples = options.samples;
  for (int t : graph.outputs) out.sizes.push_back(graph.tensor(t).elements());
  int64_t const each = out.each();
  out.values.resize(static_cast<size_t>(each * out.samples));
  RunVisitor visitor;
  visitor.batch = [&](const Runner& runner, int64_t first, int count) -> Status {
    int64_t before = 0;
    for (size_t i = 0; i < graph.outputs.size(); ++i) {
      const Tensor& tensor = graph.tensor(graph.outputs[i]);
      auto const size = static_cast<size_t>(out.sizes[i]);
      int64_t const bytes = storage_bytes(tensor.dtype, tensor.elements()).value_or(0);
      for (int s = 0; s < count; ++s)
        real_values(tensor, runner.output(i) + s * bytes, {out.values.data() + (first + s) * each + before, size});
      before += out.sizes[i];
    }
    return {};
  };
  NARROW_CHECK(run_samples(model, data, options, visitor));
  return out;
}

OutputError output_error(const OutputValues& a, const OutputValues& b, size_t output) {
  OutputError sums;
  for (int64_t s = 0; s < a.samples; ++s) {
    auto const x = a.of(s, output), y = b.of(s, output);
    for (size_t i = 0; i < x.size(); ++i) {
      double const off = static_cast<double>(x[i]) - static_cast<double>(y[i]);
      sums.signal += static_cast<double>(x[i]) * static_cast<double>(x[i]);
      sums.noise += off * off;
    }
  }
  return sums;
}

}  // namespace narrow
