#include "graph_seeds.h"

#include "graph/edit.h"
#include "ops/add.h"
#include "ops/call.h"
#include "ops/call_once.h"
#include "ops/if.h"
#include "ops/relu6.h"
#include "ops/tanh.h"
#include "ops/variable.h"

namespace narrow {
namespace {

const Shape kShape = Shape::of({2, 3});

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
  int tensor(DType dtype = DType::float32, const Shape& shape = kShape) {
    Tensor t;
    t.name = "t" + std::to_string(at_) + "_" + std::to_string(graph().tensors.size());
    t.dtype = dtype;
    t.shape = shape;
    return add_tensor(graph(), std::move(t));
  }
  int input(DType dtype = DType::float32, const Shape& shape = kShape) {
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
  int floats(float value) { return constant(DType::float32, kShape, value); }
  int op(const OpDef& def, std::vector<int> inputs, int result, std::any attributes = {},
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

/// Branches on an input and on a constant, and a call of one of the branches.
Model branches() {
  Sketch s(3);
  int const p = s.input(DType::boolean, Shape()), x = s.input();
  int const a = s.op(kIf, {p, x}, s.tensor(), {}, {1, 2}), b = s.op(kCall, {a}, s.tensor(), {}, {2});
  int const yes = s.constant<uint8_t>(DType::boolean, Shape(), 1);
  s.outputs({b, s.op(kIf, {yes, b}, s.tensor(), {}, {1, 2})});
  s.in(1);
  s.outputs({s.sum(s.input(), s.floats(0.5F))});
  s.in(2);
  s.outputs({s.op(kRelu6, {s.op(kTanh, {s.input()}, s.tensor())}, s.tensor())});
  return s.take();
}

/// A running sum, by two signatures.
Model variables() {
  Sketch s(3);
  for (size_t g : {0, 1}) {
    s.in(g);
    int const x = s.input();
    s.op(kCallOnce, {}, kNoTensor, {}, {2});
    s.assign(s.sum(s.read(), x));
    s.outputs({s.op(kTanh, {s.read()}, s.tensor())});
    s.signature(g == 0 ? "first" : "second");
  }
  s.in(2);
  s.assign(s.floats(0.25F));
  return s.take();
}

}  // namespace

std::vector<Model> graph_seeds() {
  std::vector<Model> out;
  out.push_back(branches());
  out.push_back(variables());
  return out;
}

}  // namespace narrow
