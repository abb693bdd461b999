// Models for tests of simplify, put together op by op, and what they compute.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "graph/edit.h"
#include "ops/check/validate.h"
#include "ops/def/op_def.h"
#include "program/runner.h"
#include "simplify/passes.h"
#include "simplify/simplify.h"

namespace narrow {

/// A model that is put together op by op.
class Draft {
 public:
  explicit Draft(size_t graphs = 1) { model_.graphs.resize(graphs); }

  const Model& model() const { return model_; }
  /// What is added goes to graph g from now on.
  void go_to(size_t g) { at_ = g; }
  Graph& graph() { return model_.graphs[at_]; }
  const Shape& shape(int t) { return graph().tensor(t).shape; }

  int input(const Shape& shape) {
    graph().inputs.push_back(add(DType::float32, shape));
    return graph().inputs.back();
  }
  template <class T>
  [[gnu::noinline]]  // GCC 12 misjudges the memory of the copy where it is inlined
  int constant(const Shape& shape, const std::vector<T>& values, DType dtype) {
    int const t = add(dtype, shape);
    graph().tensor(t).constant = true;
    graph().tensor(t).data = SharedBytes::copy_of(std::span<const T>(values));
    return t;
  }
  int floats(const Shape& shape, const std::vector<float>& values) { return constant(shape, values, DType::float32); }
  int ints(const std::vector<int32_t>& values) {
    return constant(Shape::of({static_cast<int32_t>(values.size())}), values, DType::int32);
  }
  /// The op's result, of the shape that it infers; kNoTensor, and no op, where the operands do not fit.
  int op(const OpDef& def, Attributes attributes, std::vector<int> inputs, DType result = DType::float32) {
    Op op;
    op.def = &def;
    op.type = def.name;
    op.attributes = std::move(attributes);
    op.inputs = std::move(inputs);
    auto const shapes = def.infer(OpView{graph(), op});
    if (!shapes || shapes->front().elements() > 5000) return kNoTensor;
    op.outputs = {add(result, shapes->front())};
    graph().ops.push_back(op);
    return op.outputs[0];
  }
  /// An op that runs graphs; its results are of the shape given.
  std::vector<int> run(const OpDef& def, std::vector<int> graphs, std::vector<int> inputs, size_t results,
                       const Shape& shape) {
    Op op;
    op.def = &def;
    op.type = def.name;
    op.graphs = std::move(graphs);
    op.inputs = std::move(inputs);
    for (size_t i = 0; i < results; ++i) op.outputs.push_back(add(DType::float32, shape));
    graph().ops.push_back(op);
    return op.outputs;
  }
  /// The same, with a shape that the op does not infer.
  int op_of_shape(const OpDef& def, Attributes attributes, std::vector<int> inputs, const Shape& shape) {
    Op op;
    op.def = &def;
    op.type = def.name;
    op.attributes = std::move(attributes);
    op.inputs = std::move(inputs);
    op.outputs = {add(DType::float32, shape)};
    graph().ops.push_back(op);
    return op.outputs[0];
  }

 private:
  int add(DType dtype, const Shape& shape) {
    Tensor t;
    t.name = "t" + std::to_string(graph().tensors.size());
    t.dtype = dtype;
    t.shape = shape;
    return add_tensor(graph(), std::move(t));
  }

  Model model_;
  size_t at_ = 0;
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
