// Graphs for tests of quantize, put together by hand with the ranges of their tensors.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "ops/check/validate.h"
#include "ops/layout/layout.h"
#include "quantize/quantize.h"

namespace narrow {

/// A GraphBuilder that keeps a range for each tensor; every tensor has shape [1, 4] and, but for ranges given, values
/// in
/// [-1, 1].
class GraphDraft : public GraphBuilder {
 public:
  explicit GraphDraft(int graphs = 1) : GraphBuilder(static_cast<size_t>(graphs)) {}

  GraphDraft& in(int g) {
    GraphBuilder::in(static_cast<size_t>(g));
    at_ = g;
    return *this;
  }
  int tensor(const std::string& name, Range range = {-1, 1}, DType dtype = DType::float32) {
    int const index = GraphBuilder::tensor({.dtype = dtype, .shape = Shape::of({1, 4}), .name = name});
    ranges_[{at_, index}] = range;
    return index;
  }
  int input(const std::string& name, Range range = {-1, 1}) {
    int const t = tensor(name, range);
    graph().inputs.push_back(t);
    return t;
  }
  int constant(const Shape& shape, float value) {
    std::vector<float> const values(static_cast<size_t>(shape.elements()), value);
    int const t =
        GraphBuilder::constant({.shape = shape, .name = "c" + std::to_string(graph().tensors.size())}, values);
    ranges_[{at_, t}] = {-1, 1};
    return t;
  }
  int op(const OpDef& def, std::vector<int> inputs, const std::string& result, Range range = {-1, 1},
         Attributes attributes = {}) {
    int const out = tensor(result, range);
    GraphBuilder::op(def, std::move(attributes), std::move(inputs), {out});
    return out;
  }
  int join(std::vector<int> parts, const std::string& result, Range range = {-1, 1}) {
    int const t = op(kConcatenation, std::move(parts), result, range, ConcatenationAttributes{.axis = 0});
    graph().tensor(t).shape = Shape::of({2, 4});
    return t;
  }
  /// An op that narrow computes in float only.
  int float_only(int from, const std::string& result) { return op(*find_op("SIN"), {from}, result); }
  /// An op that narrow does not know.
  int unknown(int from, const std::string& result) {
    int const t = op(kRelu, {from}, result);
    graph().ops.back().def = nullptr;
    graph().ops.back().type = "STRANGE";
    return t;
  }
  /// An op that runs graphs, with float results.
  std::vector<int> run(const OpDef& def, std::vector<int> graphs, std::vector<int> inputs,
                       const std::vector<std::string>& results, Range range = {-1, 1}) {
    std::vector<int> out;
    for (const std::string& name : results) out.push_back(tensor(name, range));
    GraphBuilder::op(def, {}, std::move(inputs), out, std::move(graphs));
    return out;
  }

  Result<QuantizedModel> quantize(bool allow_float = false, const char* scheme = "int8", DType io = DType::float32,
                                  std::vector<int> entries = {0}) {
    QuantizeOptions options = options_for(scheme, io);
    options.allow_float = allow_float;
    options.entries = std::move(entries);
    return quantize(options);
  }

  /// In int8, with ops float whose names `pattern` is found in.
  Result<QuantizedModel> quantize_keeping(const std::string& pattern) {
    QuantizeOptions options = options_for("int8", DType::float32);
    NARROW_TRY(Rule rule, keep_float_rule(pattern));
    options.recipe.rules.push_back(std::move(rule));
    return quantize(options);
  }

 private:
  static QuantizeOptions options_for(const char* scheme, DType io) {
    QuantizeOptions options;
    options.scheme = find_scheme(scheme);
    options.recipe = recipe_of(*options.scheme);
    options.io = io;
    return options;
  }
  Result<QuantizedModel> quantize(const QuantizeOptions& options) {
    auto range_of = [this](TensorRef t, const std::string&, int) -> Result<Range> { return ranges_.at(t); };
    EXPECT_TRUE(validate(model())) << validate(model()).error().what;
    return narrow::quantize(model(), range_of, options);
  }

  int at_ = 0;
  std::map<TensorRef, Range> ranges_;
};

inline const Tensor& named(const Graph& graph, const std::string& name) {
  static const Tensor kNone;
  for (const Tensor& t : graph.tensors)
    if (t.name == name || t.name == name + "/inner") return t;
  ADD_FAILURE() << "no tensor " << name;
  return kNone;
}

inline int count(const Graph& graph, const std::string& type) {
  return static_cast<int>(
      std::count_if(graph.ops.begin(), graph.ops.end(), [&](const Op& op) { return op.type == type; }));
}

}  // namespace narrow
