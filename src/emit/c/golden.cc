#include "emit/c/golden.h"

#include <cstring>

#include "program/run_samples.h"
#include "program/runner.h"

namespace narrow {
namespace {

size_t sample_bytes(const Tensor& t) {
  return static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
}

/// One sample of which every input is made by seeded_values.
class SeededSample final : public Samples {
 public:
  explicit SeededSample(const Graph& graph) : graph_(graph) {}
  int64_t size() const override { return 1; }
  uint64_t fingerprint() const override { return 0; }
  Status read(int64_t, int, size_t input, std::byte* out) const override {
    std::vector<std::byte> const values = seeded_values(graph_.tensor(graph_.inputs[input]));
    std::memcpy(out, values.data(), values.size());
    return {};
  }

 private:
  const Graph& graph_;
};

}  // namespace

Result<Golden> golden_of(const Program& program, const Samples& data, int64_t count, int64_t sequence) {
  Program single = program;
  single.max_batch = 1;
  Runner runner(std::move(single));
  const Graph& graph = program.graph();
  Golden out;
  out.samples = count;
  out.sequence = sequence;
  out.inputs.resize(graph.inputs.size());
  out.outputs.resize(graph.outputs.size());
  runner.restart();
  for (int64_t s = 0; s < count; ++s) {
    if (sequence > 0 && s % sequence == 0) runner.restart();
    NARROW_CHECK(read_inputs(data, s, 1, runner));
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
      const std::byte* const at = runner.input(i);
      out.inputs[i].insert(out.inputs[i].end(), at, at + sample_bytes(graph.tensor(graph.inputs[i])));
    }
    NARROW_CHECK(runner.run(1));
    for (size_t i = 0; i < graph.outputs.size(); ++i) {
      const std::byte* const at = runner.output(i);
      out.outputs[i].insert(out.outputs[i].end(), at, at + sample_bytes(graph.tensor(graph.outputs[i])));
    }
  }
  return out;
}

std::vector<std::byte> seeded_values(const Tensor& input) {
  std::vector<std::byte> out(sample_bytes(input));
  size_t const each = element_bytes(input.dtype);
  uint32_t state = 12345;
  for (size_t at = 0; at + each <= out.size(); at += each) {
    state = state * 1664525U + 1013904223U;
    bool const index = each >= 4 || input.dtype == DType::boolean;
    uint64_t const value = index ? state >> 31 : state >> (32 - 8 * each);
    std::memcpy(&out[at], &value, each);
  }
  return out;
}

Result<Golden> golden_of_seeded(const Program& program) {
  return golden_of(program, SeededSample(program.graph()), 1);
}

}  // namespace narrow
