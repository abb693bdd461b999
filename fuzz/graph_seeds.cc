#include "graph_seeds.h"

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/control/control.h"
#include "ops/layers/layers.h"
#include "sketch.h"

namespace narrow {
namespace {

/// Branches on an input and on a constant, a call of one of the branches, and a composite that is the other.
Model branches() {
  Sketch s(3);
  int const p = s.input(DType::boolean, Shape()), x = s.input();
  int const a = s.op(kIf, {p, x}, s.tensor(), {}, {1, 2}), b = s.op(kCall, {a}, s.tensor(), {}, {2});
  int const yes = s.constant<uint8_t>(DType::boolean, Shape(), 1);
  int const c = s.op(kStablehloComposite, {b}, s.tensor(), {}, {1});
  s.outputs({b, s.op(kIf, {yes, c}, s.tensor(), {}, {1, 2})});
  s.in(1);
  s.outputs({s.sum(s.input(), s.floats(0.5F))});
  s.in(2);
  s.outputs({s.op(kRelu6, {s.op(kTanh, {s.input()}, s.tensor())}, s.tensor())});
  return s.take();
}

/// Three turns, each of which adds to a tensor and counts.
Model loop() {
  auto number = [](Sketch& s) { return s.tensor(DType::int32, Shape()); };
  Sketch s(3);
  int const x = s.input(), turns = number(s), sum = s.tensor();
  s.op(kWhile, {s.scalar(0), x}, turns, {}, {1, 2});
  s.graph().ops.back().outputs.push_back(sum);
  s.outputs({turns, sum});
  s.in(1);
  int const turn = s.input(DType::int32, Shape());
  s.input();
  s.outputs({s.op(kLess, {turn, s.scalar(3)}, s.tensor(DType::boolean, Shape()))});
  s.in(2);
  int const before = s.input(DType::int32, Shape());
  int const next = s.op(kAdd, {before, s.scalar(1)}, number(s), AddAttributes{});
  s.outputs({next, s.op(kTanh, {s.sum(s.input(), s.floats(0.5F))}, s.tensor())});
  return s.take();
}

/// A running sum, by two signatures.
Model variables() {
  Sketch s(3);
  for (size_t g = 0; g < 2; ++g) {
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

/// Three steps of a recurrent layer, which are recognised.
Model steps() {
  Sketch s(1);
  int hidden = s.floats(0);
  for (int t = 0; t < 3; ++t) {
    int const x = s.input();
    auto const weighted = [&](int data) {
      int const weights = s.constant<float>(DType::float32, Shape::of({3, 3}), data == hidden ? 0.25F : 0.5F);
      return s.op(kFullyConnected, {data, weights, kNoTensor}, s.tensor(), FullyConnectedAttributes{});
    };
    hidden = s.op(kTanh, {s.sum(weighted(x), weighted(hidden))}, s.tensor());
  }
  s.outputs({hidden});
  return s.take();
}

}  // namespace

std::vector<Model> graph_seeds() {
  std::vector<Model> out;
  out.push_back(branches());
  out.push_back(loop());
  out.push_back(variables());
  out.push_back(steps());
  return out;
}

}  // namespace narrow
