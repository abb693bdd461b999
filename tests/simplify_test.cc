#include "simplify/simplify.h"

#include <gtest/gtest.h>

#include "ops/validate.h"
#include "program/runner.h"
#include "read/read.h"
#include "shared_models.h"

namespace narrow {
namespace {

/// Outputs of one run over inputs of a fixed pattern.
std::vector<std::vector<std::byte>> outputs_of(const Model& model) {
  auto program = lower(std::make_shared<const Model>(model), {.profile = all_profiles().front()});
  EXPECT_TRUE(program.has_value()) << program.error().where << ": " << program.error().what;
  if (!program) return {};
  Runner runner(std::move(*program));
  const Graph& graph = model.main();
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    for (int64_t k = 0; k < graph.tensor(graph.inputs[i]).elements(); ++k)
      reinterpret_cast<float*>(runner.input(i))[k] = static_cast<float>(k * 37 % 101) / 50 - 1;
  runner.run(1);
  std::vector<std::vector<std::byte>> out;
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    const Tensor& t = graph.tensor(graph.outputs[i]);
    out.emplace_back(runner.output(i), runner.output(i) + *storage_bytes(t.dtype, t.elements()));
  }
  return out;
}

TEST(Simplify, ComputedShapesBecomeConstant) {
  std::string const path = shared_folder() + "/data/models/seed_cnn/float.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no shared data";
  auto const model = read_model(path);
  ASSERT_TRUE(model.has_value()) << model.error().what;
  auto const simple = simplify(*model);
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  ASSERT_TRUE(validate(*simple).has_value());
  for (const Op& op : simple->main().ops)
    EXPECT_TRUE(op.type != "SHAPE" && op.type != "STRIDED_SLICE" && op.type != "PACK") << op.type;
  EXPECT_EQ(outputs_of(*model), outputs_of(*simple));
  EXPECT_EQ(outputs_of(*model), outputs_of(*fold_constants(*model)));
}

}  // namespace
}  // namespace narrow
