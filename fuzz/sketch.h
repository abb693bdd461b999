// Models put together op by op for seeds.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "ops/control/control.h"

namespace narrow {

/// What tensors have where nothing else is said.
inline const Shape kSmallShape = Shape::of({2, 3});

/// A GraphBuilder whose tensors are small where nothing else is said.
class Sketch : public GraphBuilder {
 public:
  explicit Sketch(size_t graphs) : GraphBuilder(graphs) {}

  Sketch& in(size_t g) {
    GraphBuilder::in(g);
    at_ = g;
    return *this;
  }
  int tensor(DType dtype = DType::float32, const Shape& shape = kSmallShape) {
    return GraphBuilder::tensor({.dtype = dtype, .shape = shape, .name = next_name()});
  }
  int input(DType dtype = DType::float32, const Shape& shape = kSmallShape) {
    return GraphBuilder::input({.dtype = dtype, .shape = shape, .name = next_name()});
  }
  template <class T>
  int constant(DType dtype, const Shape& shape, T value) {
    std::vector<T> const values(static_cast<size_t>(shape.elements()), value);
    return GraphBuilder::constant({.dtype = dtype, .shape = shape, .name = next_name()}, values);
  }
  int floats(float value) { return constant(DType::float32, kSmallShape, value); }
  int op(const OpDef& def, std::vector<int> inputs, int result, Attributes attributes = {},
         std::vector<int> graphs = {}) {
    std::vector<int> outputs;
    if (result != kNoTensor) outputs.push_back(result);
    GraphBuilder::op(def, std::move(attributes), std::move(inputs), std::move(outputs), std::move(graphs));
    return result;
  }
  /// A constant of 32-bit numbers, of one dimension.
  int list(const std::vector<int32_t>& values) {
    Shape const shape = Shape::of({static_cast<int32_t>(values.size())});
    return GraphBuilder::constant({.dtype = DType::int32, .shape = shape, .name = next_name()}, values);
  }
  int scalar(int32_t value) { return constant(DType::int32, Shape(), value); }
  int sum(int a, int b) { return op(kAdd, {a, b}, tensor(), AddAttributes{}); }
  int handle() {
    return op(kVarHandle, {}, tensor(DType::resource, Shape()),
              VarHandleAttributes{.container = "", .shared_name = "v"});
  }
  int read() { return op(kReadVariable, {handle()}, tensor()); }
  void assign(int value) { op(kAssignVariable, {handle(), value}, kNoTensor); }
  void signature(const std::string& key) { model().signatures.push_back({key, static_cast<int>(at_), {}, {}}); }
  Model take() { return std::move(model()); }

 private:
  std::string next_name() const { return "t" + std::to_string(at_) + "_" + std::to_string(graph().tensors.size()); }

  size_t at_ = 0;
};

}  // namespace narrow
