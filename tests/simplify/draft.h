// Models for tests of simplify, put together op by op, and what they compute.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "ops/build/graph_builder.h"
#include "ops/check/validate.h"
#include "program/runner.h"
#include "simplify/passes.h"
#include "simplify/simplify.h"

namespace narrow {

/// A GraphBuilder for small float models.
class Draft : public GraphBuilder {
 public:
  using GraphBuilder::GraphBuilder;

  int input(const Shape& shape) { return GraphBuilder::input({.shape = shape}); }
  template <class T>
  int constant(const Shape& shape, const std::vector<T>& values, DType dtype) {
    return GraphBuilder::constant({.dtype = dtype, .shape = shape}, values);
  }
  int floats(const Shape& shape, const std::vector<float>& values) { return constant(shape, values, DType::float32); }
  /// The op's result, of the shape that it infers; kNoTensor, and no op, where the operands do not fit or the result
  /// is large.
  int op(const OpDef& def, Attributes attributes, std::vector<int> inputs, DType result = DType::float32) {
    auto const made = infer_op(def, std::move(attributes), std::move(inputs), {.dtype = result, .shape = {}});
    if (!made) return kNoTensor;
    if (shape(*made).elements() <= 5000) return *made;
    graph().ops.pop_back();
    graph().tensors.pop_back();
    return kNoTensor;
  }
  /// The same, with a shape that the op does not infer.
  int op_of_shape(const OpDef& def, Attributes attributes, std::vector<int> inputs, const Shape& shape) {
    int const result = tensor({.shape = shape});
    GraphBuilder::op(def, std::move(attributes), std::move(inputs), {result});
    return result;
  }
  /// An op that runs graphs; its results are of the shape given.
  std::vector<int> run(const OpDef& def, std::vector<int> graphs, std::vector<int> inputs, size_t results,
                       const Shape& shape) {
    std::vector<int> out;
    for (size_t i = 0; i < results; ++i) out.push_back(tensor({.shape = shape}));
    GraphBuilder::op(def, {}, std::move(inputs), out, std::move(graphs));
    return out;
  }
};

/// Float outputs over inputs of a fixed pattern, and the largest value that was computed on the way.
struct Outcome {
  std::vector<std::vector<float>> outputs;
  float largest = 0;
};

inline Outcome run(const Model& model) {
  Outcome out;
  auto program = lower(std::make_shared<const Model>(model), {.profile = all_profiles().front()});
  EXPECT_TRUE(program.has_value()) << program.error().where << ": " << program.error().what;
  if (!program) return out;
  Runner runner(std::move(*program));
  const Graph& graph = model.main();
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    for (int64_t k = 0; k < graph.tensor(graph.inputs[i]).elements(); ++k)
      reinterpret_cast<float*>(runner.input(i))[k] = static_cast<float>(k * 37 % 101) / 50 - 1;
  auto const done = runner.run(1, [&](TensorRef ref, const std::byte* values, int, int) {
    const Tensor& t = model.graphs[static_cast<size_t>(ref.graph)].tensor(ref.tensor);
    for (int64_t k = 0; t.dtype == DType::float32 && k < t.elements(); ++k)
      out.largest = std::max(out.largest, std::abs(reinterpret_cast<const float*>(values)[k]));
  });
  EXPECT_TRUE(done.has_value());
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    auto const* const values = reinterpret_cast<const float*>(runner.output(i));
    out.outputs.emplace_back(values, values + graph.tensor(graph.outputs[i]).elements());
  }
  return out;
}

inline std::vector<std::string> output_names(const Model& model) {
  std::vector<std::string> out;
  for (int t : model.main().outputs) out.push_back(model.main().tensor(t).name);
  return out;
}

inline std::vector<std::string> op_types(const Model& model) {
  std::vector<std::string> out;
  for (const Op& op : model.main().ops) out.push_back(op.type);
  return out;
}

/// A valid model with the same outputs: to the bit, or near.
inline void expect_same(const Model& before, const Model& after, bool exactly, const std::string& what) {
  SCOPED_TRACE(what);
  auto const valid = validate(after);
  ASSERT_TRUE(valid.has_value()) << valid.error().where << ": " << valid.error().what;
  EXPECT_EQ(output_names(before), output_names(after));
  Outcome const a = run(before), b = run(after);
  ASSERT_EQ(a.outputs.size(), b.outputs.size());
  for (size_t i = 0; i < a.outputs.size(); ++i) {
    ASSERT_EQ(a.outputs[i].size(), b.outputs[i].size());
    if (exactly && !a.outputs[i].empty()) {
      EXPECT_EQ(std::memcmp(a.outputs[i].data(), b.outputs[i].data(), a.outputs[i].size() * 4), 0);
    }
    for (size_t k = 0; k < a.outputs[i].size(); ++k)
      ASSERT_NEAR(a.outputs[i][k], b.outputs[i][k], 1e-5f * a.largest) << "output " << i << ", element " << k;
  }
}

}  // namespace narrow
