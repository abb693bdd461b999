// Models with and without their dead channels, run beside one another.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <optional>

#include "one_op.h"
#include "ops/check/validate.h"
#include "simplify/simplify.h"

namespace narrow {

inline Model without_dead_channels(const Model& model) {
  auto out = remove_dead_channels(model);
  EXPECT_TRUE(out.has_value()) << out.error().where << ": " << out.error().what;
  return out ? *out : model;
}

/// Outputs of `samples` random inputs; nothing where the profile has no kernels for the model.
inline std::optional<std::vector<std::byte>> outputs_of(const Model& model, const ProfileDef& profile, Random& random,
                                                        int samples) {
  auto program = lower(std::make_shared<const Model>(model), {.profile = profile});
  if (!program) return std::nullopt;
  Runner runner(std::move(*program));
  const Graph& graph = model.main();
  std::vector<std::byte> out;
  for (int s = 0; s < samples; ++s) {
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
      const Tensor& t = graph.tensor(graph.inputs[i]);
      auto const bytes = random.values<int8_t>(*storage_bytes(t.dtype, t.elements()));
      std::memcpy(runner.input(i), bytes.data(), bytes.size());
    }
    EXPECT_TRUE(runner.run(1).has_value());
    for (size_t i = 0; i < graph.outputs.size(); ++i) {
      const Tensor& t = graph.tensor(graph.outputs[i]);
      out.insert(out.end(), runner.output(i), runner.output(i) + *storage_bytes(t.dtype, t.elements()));
    }
  }
  return out;
}

/// The same outputs, bit for bit, under each profile that computes the model; how many these are.
inline int expect_same_outputs(const Model& before, const Model& after, unsigned seed, int samples = 4) {
  auto const valid = validate(after);
  EXPECT_TRUE(valid.has_value()) << valid.error().where << ": " << valid.error().what;
  int profiles = 0;
  for (const ProfileDef& p : all_profiles()) {
    Random first(seed), second(seed);
    auto const a = outputs_of(before, p, first, samples);
    if (!a) continue;
    auto const b = outputs_of(after, p, second, samples);
    EXPECT_TRUE(b.has_value()) << p.name << " does not compute the smaller model";
    EXPECT_TRUE(a == b) << p.name;
    ++profiles;
  }
  return profiles;
}

}  // namespace narrow
