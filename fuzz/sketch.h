// Models put together op by op for seeds.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/edit.h"
#include "ops/arithmetic/add.h"
#include "ops/control/variable.h"
#include "ops/def/op_def.h"

namespace narrow {

/// What tensors have where nothing else is said.
inline const Shape kSmallShape = Shape::of({2, 3});

template <class T>
[[gnu::noinline]]  // GCC 12 misjudges the memory of the copy where it is inlined
SharedBytes
stored(const std::vector<T>& values) {
  return SharedBytes::copy_of(std::span<const T>(values));
}

/// A model in the making; what is added goes to one of its graphs.
class Sketch {
 public:
  explicit Sketch(size_t graphs) { model_.graphs.resize(graphs); }

  Sketch& in(size_t g) {
    at_ = g;
    return *this;
  }
  int tensor(DType dtype = DType::float32, const Shape& shape = kSmallShape) {
    Tensor t;
    t.name = "t" + std::to_string(at_) + "_" + std::to_string(graph().tensors.size());
    t.dtype = dtype;
    t.shape = shape;
    return add_tensor(graph(), std::move(t));
  }
  int input(DType dtype = DType::float32, const Shape& shape = kSmallShape) {
    graph().inputs.push_back(tensor(dtype, shape));
    return graph().inputs.back();
  }
  template <class T>
  int constant(DType dtype, const Shape& shape, T value) {
    std::vector<T> const values(static_cast<size_t>(shape.elements()), value);
    int const t = tensor(dtype, shape);
    graph().tensor(t).constant = true;
    graph().tensor(t).data = stored(values);
    return t;
  }
  int floats(float value) { return constant(DType::float32, kSmallShape, value); }
  int op(const OpDef& def, std::vector<int> inputs, int result, Attributes attributes = {},
         std::vector<int> graphs = {}) {
    Op op;
    op.def = &def;
    op.type = def.name;
    op.attributes = std::move(attributes);
    op.inputs = std::move(inputs);
    if (result != kNoTensor) op.outputs = {result};
    op.graphs = std::move(graphs);
    graph().ops.push_back(std::move(op));
    return result;
  }
  /// A constant of 32-bit numbers, of one dimension.
  int list(const std::vector<int32_t>& values) {
    int const t = tensor(DType::int32, Shape::of({static_cast<int32_t>(values.size())}));
    graph().tensor(t).constant = true;
    graph().tensor(t).data = stored(values);
    return t;
  }
  int scalar(int32_t value) { return constant(DType::int32, Shape(), value); }
  int sum(int a, int b) { return op(kAdd, {a, b}, tensor(), AddAttributes{}); }
  int handle() {
    return op(kVarHandle, {}, tensor(DType::resource, Shape()),
              VarHandleAttributes{.container = "", .shared_name = "v"});
  }
  int read() { return op(kReadVariable, {handle()}, tensor()); }
  void assign(int value) { op(kAssignVariable, {handle(), value}, kNoTensor); }
  void outputs(std::vector<int> list) { graph().outputs = std::move(list); }
  void signature(const std::string& key) { model_.signatures.push_back({key, static_cast<int>(at_), {}, {}}); }
  Graph& graph() { return model_.graphs[at_]; }
  Model take() { return std::move(model_); }

 private:
  Model model_;
  size_t at_ = 0;
};

}  // namespace narrow
