// Random float graphs of a few ops over images.
#pragma once

#include <cmath>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"
#include "random.h"
#include "simplify/draft.h"

namespace narrow {

/// A graph of a few ops over images, whose values stay of the same order.
class RandomGraph {
 public:
  explicit RandomGraph(Random& r) : r_(r) {
    made_.push_back(draft_.input(Shape::of({1, whole(3, 7), whole(3, 7), whole(1, 6)})));
    for (int steps = whole(1, 7); steps > 0; --steps) {
      int const t = step(r_.chance(0.7) ? made_.back() : any());
      if (t != kNoTensor) made_.push_back(t);
    }
    std::vector<int>& outputs = draft_.graph().outputs;
    outputs.push_back(made_.back());
    for (size_t i = 1; i + 1 < made_.size(); ++i)
      if (r_.chance(0.3)) outputs.push_back(made_[i]);
  }
  const Model& model() const { return draft_.model(); }

 private:
  int whole(int lo, int hi) { return static_cast<int>(r_.between(lo, hi)); }
  int any() { return made_[static_cast<size_t>(r_.between(0, static_cast<int64_t>(made_.size()) - 1))]; }
  Padding padding() { return r_.chance(0.5) ? Padding::same : Padding::valid; }
  Activation activation() {
    constexpr Activation kAll[] = {Activation::none, Activation::none, Activation::relu, Activation::relu6};
    return kAll[whole(0, 3)];
  }
  /// Constants in [-largest, largest].
  int floats(const Shape& shape, double largest) {
    std::vector<float> v(static_cast<size_t>(shape.elements()));
    for (float& x : v) x = static_cast<float>(r_.real(-largest, largest));
    return draft_.floats(shape, v);
  }

  int step(int x) {
    Shape const s = draft_.shape(x);
    switch (whole(0, 11)) {
      case 0:
      case 1:
      case 2:
        return layer(x, s);
      case 3:
        return clamp(x);
      case 4:
        return draft_.op(r_.chance(0.5) ? kLogistic : kTanh, {}, {x});
      case 5:
        return curve(x, s);
      case 6:
      case 7:
        return arithmetic(x, s);
      case 8:
        return draft_.op(kConcatenation, ConcatenationAttributes{.axis = -1},
                         {x, r_.chance(0.3) ? floats(s, 2) : any()});
      case 9:
        return pool(x, s);
      case 10:
        return move(x, s);
      default:
        return s.rank() == 4
                   ? draft_.op(kMean, ReduceAttributes{.keep_dims = r_.chance(0.5)}, {x, draft_.indices({1, 2})})
                   : draft_.op(kSoftmax, SoftmaxAttributes{}, {x});
    }
  }

  int layer(int x, const Shape& s) {
    int const out = whole(1, 6);
    std::vector<int> operands{x};
    auto finish = [&](const OpDef& def, Attributes attributes, const Shape& weights, int taps, int channels) {
      operands.push_back(floats(weights, 3 / std::sqrt(taps)));
      if (r_.chance(0.6)) operands.push_back(floats(Shape::of({channels}), 1));
      return draft_.op(def, std::move(attributes), operands);
    };
    if (s.rank() == 2)
      return finish(kFullyConnected, FullyConnectedAttributes{.activation = activation()}, Shape::of({out, s[1]}), s[1],
                    out);
    if (s.rank() != 4) return kNoTensor;
    int const h = whole(1, 3), w = whole(1, 3), stride = whole(1, 2);
    if (r_.chance(0.3))
      return finish(kDepthwiseConv2d,
                    DepthwiseConv2dAttributes{.padding = padding(), .stride_h = stride, .activation = activation()},
                    Shape::of({1, h, w, s[3] * 2}), h * w, s[3] * 2);
    return finish(kConv2d, Conv2dAttributes{.padding = padding(), .stride_w = stride, .activation = activation()},
                  Shape::of({out, h, w, s[3]}), h * w * s[3], out);
  }
  int clamp(int x) {
    if (r_.chance(0.5)) return draft_.op(r_.chance(0.5) ? kRelu : kRelu6, {}, {x});
    // Now and then a constant that no value comes near, and that the parameters of the values do not hold.
    auto const bound = static_cast<float>(r_.real(0.5, r_.chance(0.5) ? 2 : 50));
    return r_.chance(0.5) ? draft_.op(kMaximum, {}, {x, draft_.floats(Shape(), {-bound})})
                          : draft_.op(kMinimum, {}, {x, draft_.floats(Shape(), {bound})});
  }
  int curve(int x, const Shape& s) {
    if (r_.chance(0.3)) return draft_.op(kHardSwish, {}, {x});
    if (r_.chance(0.5)) return draft_.op(kLeakyRelu, LeakyReluAttributes{.alpha = 0.2f}, {x});
    return s.rank() == 4 ? draft_.op(kPrelu, {}, {x, floats(Shape::of({1, 1, s[3]}), 0.5)}) : kNoTensor;
  }
  int arithmetic(int x, const Shape& s) {
    int const y = r_.chance(0.5) ? any() : floats(r_.chance(0.5) ? Shape() : Shape::of({s.back()}), 2);
    switch (whole(0, 2)) {
      case 0:
        return draft_.op(kAdd, AddAttributes{.activation = activation()}, {x, y});
      case 1:
        return draft_.op(kSub, SubAttributes{.activation = activation()}, {x, y});
      default:
        return draft_.op(kMul, MulAttributes{.activation = activation()}, {x, y});
    }
  }
  int pool(int x, const Shape& s) {
    if (s.rank() != 4) return kNoTensor;
    return draft_.op(r_.chance(0.5) ? kMaxPool2d : kAveragePool2d,
                     Pool2dAttributes{.padding = padding(), .filter_h = whole(1, 2), .filter_w = whole(1, 2)}, {x});
  }
  int move(int x, const Shape& s) {
    if (s.rank() != 4) return kNoTensor;
    switch (whole(0, 2)) {
      case 0:
        return draft_.op(kPad, {},
                         {x, draft_.constant<int32_t>(Shape::of({4, 2}), {0, 0, 1, 0, 0, 1, 0, 0}, DType::int32)});
      case 1:
        return draft_.op(kTranspose, {}, {x, draft_.indices({0, 2, 1, 3})});
      default:
        return draft_.op(kReshape, ReshapeAttributes{.new_shape = {1, -1}}, {x});
    }
  }

  Random& r_;
  Draft draft_;
  std::vector<int> made_;
};

}  // namespace narrow
