// How far results of a quantized model are from those of the float model, over samples.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "ops/check/validate.h"
#include "program/runner.h"
#include "quantize/quantize.h"
#include "verify/runtime.h"
#include "verify/verify.h"

namespace narrow {

/// Float values of inputs or outputs, each with all samples one behind the other.
using Values = std::vector<std::vector<float>>;

struct ModelRun {
  Values outputs;
  std::map<TensorRef, Range> ranges;  // of the float tensors, widened to hold zero
};

/// Runs a model with float inputs and outputs.
inline ModelRun run_model(const Model& model, const Values& inputs, int samples) {
  ModelRun out;
  auto program = lower(std::make_shared<const Model>(model), {.profile = all_profiles().front(), .max_batch = samples});
  EXPECT_TRUE(program.has_value()) << program.error().where << ": " << program.error().what;
  if (!program) return out;
  Runner runner(std::move(*program));
  for (size_t i = 0; i < inputs.size(); ++i)
    std::memcpy(runner.input(i), inputs[i].data(), inputs[i].size() * sizeof(float));
  auto const done = runner.run(samples, [&](TensorRef ref, const std::byte* values, int, int count) {
    const Tensor& t = model.graphs[static_cast<size_t>(ref.graph)].tensor(ref.tensor);
    if (t.dtype != DType::float32) return;
    Range& r = out.ranges[ref];
    for (int64_t k = 0; k < t.elements() * count; ++k) {
      float const v = reinterpret_cast<const float*>(values)[k];
      r = {std::min(r.lo, v), std::max(r.hi, v)};
    }
  });
  EXPECT_TRUE(done.has_value()) << done.error().what;
  const Graph& graph = model.main();
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    auto const* const values = reinterpret_cast<const float*>(runner.output(i));
    out.outputs.emplace_back(values, values + graph.tensor(graph.outputs[i]).elements() * samples);
  }
  return out;
}

/// Every op is of a version that has the kernel it asks for.
inline void expect_versions(const Model& model) {
  for (const Graph& g : model.graphs)
    for (const Op& op : g.ops) {
      if (!op.def) continue;
      int least = least_version({g, op});
      DType const from = g.tensor(op.inputs[0]).dtype, to = g.tensor(op.outputs[0]).dtype;
      if (op.type == "QUANTIZE") least = from != DType::float32 || to == DType::int16 ? 2 : 1;
      if (op.type == "DEQUANTIZE") least = from == DType::int8 ? 2 : 3;
      EXPECT_GE(op.version, least) << op.type << " of " << to_string(from) << " to " << to_string(to);
    }
}

/// LiteRT, or TFLM where that alone has a kernel, takes what is quantized for it, of a model that LiteRT takes.
inline void expect_taken(const Model& model, const Model& quantized, const std::string& scheme) {
  if (scheme != "int8" && scheme != "int16x8" && scheme != "float16") return;
  auto const findings = verify(quantized, kLiteRt);
  if (findings.empty() || !verify(model, kLiteRt).empty() || verify(quantized, kTflm).empty()) return;
  ADD_FAILURE() << scheme << ": " << findings[0].type << ": " << findings[0].what;
}

/// The model quantized with the ranges that its values have.
inline Result<QuantizedModel> quantize_as_measured(const Model& model, const ModelRun& measured, const char* scheme,
                                                   bool allow_float = false) {
  EXPECT_TRUE(validate(model)) << validate(model).error().what;
  QuantizeOptions options;
  options.scheme = find_scheme(scheme);
  options.recipe = recipe_of(*options.scheme);
  options.allow_float = allow_float;
  options.io = DType::float32;
  auto quantized = quantize(
      model, [&](TensorRef t, const std::string&, int) -> Result<Range> { return measured.ranges.at(t); }, options);
  if (quantized) expect_versions(quantized->model);
  if (quantized) expect_taken(model, quantized->model, scheme);
  return quantized;
}

/// The error's root mean square beside that of the values, or beside `least` where that is more, in dB; 200 where there
/// is no error.
inline double sqnr(const std::vector<float>& values, const std::vector<float>& others, double least = 0) {
  EXPECT_EQ(values.size(), others.size());
  double power = 0, noise = 0;
  for (size_t i = 0; i < values.size() && i < others.size(); ++i) {
    double const v = static_cast<double>(values[i]), e = v - static_cast<double>(others[i]);
    power += v * v;
    noise += e * e;
  }
  power = std::max(power, least * least * static_cast<double>(values.size()));
  return noise == 0 ? 200 : 10 * std::log10(power / noise);
}

/// The worst SQNR among the outputs of a model quantized by a scheme. Outputs much smaller than what they are computed
/// of (differences of near values) count as a fiftieth of it.
inline double accuracy(const Model& model, const Values& inputs, int samples, const char* scheme) {
  ModelRun const measured = run_model(model, inputs, samples);
  auto const quantized = quantize_as_measured(model, measured, scheme, true);
  EXPECT_TRUE(quantized.has_value()) << quantized.error().where << ": " << quantized.error().what;
  if (!quantized) return -200;
  ModelRun const got = run_model(quantized->model, inputs, samples);
  float largest = 0;
  for (const auto& [tensor, range] : measured.ranges) largest = std::max({largest, -range.lo, range.hi});
  double worst = 200;
  for (size_t i = 0; i < measured.outputs.size() && i < got.outputs.size(); ++i)
    worst = std::min(worst, sqnr(measured.outputs[i], got.outputs[i], static_cast<double>(largest) / 50));
  return worst;
}

}  // namespace narrow
