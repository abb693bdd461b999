// Steps of recurrent layers, unrolled and in loops, as different makers write them: recognised, and the same results.
#include <gtest/gtest.h>

#include "draft.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/free_signature.h"
#include "ops/control/control.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "random.h"
#include "simplify/recurrent/recognise.h"

namespace narrow {
namespace {

constexpr int kIn = 3, kUnits = 4, kHidden = 2;  // kHidden: of a projection

/// The ways in which makers write a step.
enum class Maker : uint8_t {
  keras_lstm,     // two layers, added, split
  tf1_lstm,       // one layer over data and state, forget bias of 1
  tf1_lstm_cell,  // peepholes and a projection
  keras_gru,      // resets after
  tf1_gru,        // resets before
  torch_gru,      // (h - n) * z + n
  turned_gru,     // (1 - z) * h + z * n
  keras_rnn,
};
constexpr Maker kMakers[] = {Maker::keras_lstm, Maker::tf1_lstm,  Maker::tf1_lstm_cell, Maker::keras_gru,
                             Maker::tf1_gru,    Maker::torch_gru, Maker::turned_gru,    Maker::keras_rnn};

bool is_lstm(Maker maker) {
  return maker <= Maker::tf1_lstm_cell;
}
int hidden_size(Maker maker) {
  return maker == Maker::tf1_lstm_cell ? kHidden : kUnits;
}
std::string op_of(Maker maker) {
  if (is_lstm(maker)) return "UNIDIRECTIONAL_SEQUENCE_LSTM";
  return maker == Maker::keras_rnn ? "RNN_SEQUENCE" : "GRU_SEQUENCE";
}

struct State {
  int hidden = kNoTensor;
  int cell = kNoTensor;
};

/// Adds steps to a draft; every step of one `Steps` has the same weights, by value.
class Steps {
 public:
  Steps(Maker maker, Random& random) : maker_(maker), random_(random) {}

  State add(Draft& d, int x, State s) {
    next_ = 0;
    switch (maker_) {
      case Maker::keras_lstm: {
        int const sum = add_op(d, layer(d, s.hidden, kUnits, 4 * kUnits, false), layer(d, x, kIn, 4 * kUnits, false));
        return lstm(d, split(d, add_op(d, sum, constant(d, 4 * kUnits)), 4), {0, 1, 2, 3}, s, false);
      }
      case Maker::tf1_lstm:
      case Maker::tf1_lstm_cell: {
        int const size = hidden_size(maker_);
        int const sum = layer(d, concat(d, x, s.hidden, size), kIn + size, 4 * kUnits, true);
        auto parts = split(d, sum, 4);  // input, cell, forget, output
        parts[2] = add_op(d, d.floats(Shape::of({1}), {1}), parts[2]);
        return lstm(d, parts, {0, 2, 1, 3}, s, maker_ == Maker::tf1_lstm_cell);
      }
      case Maker::keras_gru: {
        auto const of_x = split(d, layer(d, x, kIn, 3 * kUnits, true), 3);
        auto const of_h = split(d, layer(d, s.hidden, kUnits, 3 * kUnits, true), 3);
        int const z = d.op(kLogistic, {}, {add_op(d, of_x[0], of_h[0])});
        int const r = d.op(kLogistic, {}, {add_op(d, of_x[1], of_h[1])});
        int const n = d.op(kTanh, {}, {add_op(d, of_x[2], mul(d, r, of_h[2]))});
        return {add_op(d, mul(d, z, s.hidden), mul(d, rest(d, z), n))};
      }
      case Maker::tf1_gru:
      case Maker::turned_gru:
      case Maker::torch_gru: {
        int const gates =
            d.op(kLogistic, {}, {layer(d, concat(d, x, s.hidden, kUnits), kIn + kUnits, 2 * kUnits, true)});
        auto const rz = split(d, gates, 2);
        int const reset = mul(d, rz[0], s.hidden);
        int const n = d.op(kTanh, {}, {layer(d, concat(d, x, reset, kUnits), kIn + kUnits, kUnits, true)});
        if (maker_ == Maker::torch_gru)
          return {add_op(d, mul(d, d.op(kSub, SubAttributes{}, {s.hidden, n}), rz[1]), n)};
        bool const turned = maker_ == Maker::turned_gru;
        return {add_op(d, mul(d, rz[1], turned ? n : s.hidden), mul(d, rest(d, rz[1]), turned ? s.hidden : n))};
      }
      case Maker::keras_rnn:
        return {
            d.op(kTanh, {}, {add_op(d, layer(d, x, kIn, kUnits, true), layer(d, s.hidden, kUnits, kUnits, false))})};
    }
    return {};
  }

  static int mul(Draft& d, int a, int b) { return d.op(kMul, MulAttributes{}, {a, b}); }
  static int add_op(Draft& d, int a, int b) { return d.op(kAdd, AddAttributes{}, {a, b}); }

 private:
  static int rest(Draft& d, int gate) { return d.op(kSub, SubAttributes{}, {d.floats(Shape(), {1}), gate}); }
  static int concat(Draft& d, int a, int b, int) {
    return d.op(kConcatenation, ConcatenationAttributes{.axis = -1}, {a, b});
  }

  State lstm(Draft& d, std::vector<int> parts, std::vector<size_t> order, State s, bool with_peepholes) {
    int i = parts[order[0]], f = parts[order[1]], o = parts[order[3]];
    if (with_peepholes) {
      i = add_op(d, i, mul(d, constant(d, kUnits), s.cell));
      f = add_op(d, f, mul(d, s.cell, constant(d, kUnits)));
    }
    int const candidate = d.op(kTanh, {}, {parts[order[2]]});
    int const cell = add_op(d, mul(d, d.op(kLogistic, {}, {f}), s.cell), mul(d, d.op(kLogistic, {}, {i}), candidate));
    if (with_peepholes) o = add_op(d, o, mul(d, constant(d, kUnits), cell));
    int const given = mul(d, d.op(kLogistic, {}, {o}), d.op(kTanh, {}, {cell}));
    return {with_peepholes ? layer(d, given, kUnits, kHidden, false) : given, cell};
  }

  static std::vector<int> split(Draft& d, int x, int count) {
    std::vector<int> out;
    Shape const part = Shape::of({d.shape(x)[0], d.shape(x)[1] / count});
    for (int i = 0; i < count; ++i) out.push_back(d.tensor({.shape = part}));
    static_cast<GraphBuilder&>(d).op(kSplit, SplitAttributes{.count = count},
                                     {d.constant<int32_t>(Shape(), {1}, DType::int32), x}, out);
    return out;
  }

  int layer(Draft& d, int x, int in, int out, bool bias) {
    int const w = d.floats(Shape::of({out, in}), drawn(out * in));
    return d.op(kFullyConnected, FullyConnectedAttributes{}, {x, w, bias ? constant(d, out) : kNoTensor});
  }
  int constant(Draft& d, int size) { return d.floats(Shape::of({size}), drawn(size)); }

  /// The next constant of a step.
  std::vector<float> drawn(int count) {
    if (next_ == constants_.size()) {
      constants_.emplace_back();
      for (int i = 0; i < count; ++i) constants_.back().push_back(static_cast<float>(random_.real(-1, 1)));
    }
    return constants_[next_++];
  }

  Maker maker_;
  Random& random_;
  std::vector<std::vector<float>> constants_;
  size_t next_ = 0;
};

/// Zeros as states, or inputs of the model.
State first_state(Draft& d, Maker maker, int batch, bool given) {
  auto const make = [&](int size) {
    Shape const shape = Shape::of({batch, size});
    return given ? d.input(shape) : d.floats(shape, std::vector<float>(static_cast<size_t>(batch * size)));
  };
  return {make(hidden_size(maker)), is_lstm(maker) ? make(kUnits) : kNoTensor};
}

std::vector<int> unpacked_steps(Draft& d, int x, int batch, int time, bool backwards) {
  std::vector<int> out;
  for (int t = 0; t < time; ++t) out.push_back(d.tensor({.shape = Shape::of({batch, kIn})}));
  static_cast<GraphBuilder&>(d).op(kUnpack, UnpackAttributes{.count = time, .axis = 1}, {x}, out);
  if (backwards) std::reverse(out.begin(), out.end());
  return out;
}

int packed(Draft& d, const std::vector<int>& steps) {
  return d.op(kPack, PackAttributes{.count = static_cast<int>(steps.size()), .axis = 1}, steps);
}

Model finished(Draft& d) {
  auto model = d.finish();
  EXPECT_TRUE(model.has_value()) << model.error().where << ": " << model.error().what;
  return std::move(*model);
}

size_t count(const Model& model, const std::string& type) {
  auto const types = op_types(model);
  return static_cast<size_t>(std::count(types.begin(), types.end(), type));
}

struct Case {
  Maker maker;
  int batch = 1, time = 5;
  bool backwards = false, given = false, sequence = false;
};

/// A network of unrolled steps, whose last hidden state, or all of them, are the result.
Model unrolled(const Case& c, Random& random) {
  Draft d;
  int const x = d.input(Shape::of({c.batch, c.time, kIn}));
  State s = first_state(d, c.maker, c.batch, c.given);
  Steps steps(c.maker, random);
  std::vector<int> all;
  for (int const step : unpacked_steps(d, x, c.batch, c.time, c.backwards)) {
    s = steps.add(d, step, s);
    all.push_back(s.hidden);
  }
  d.outputs({c.sequence ? packed(d, all) : s.hidden});
  return finished(d);
}

TEST(RecognisedLoops, UnrolledStepsBecomeOneOp) {
  Random random;
  SCOPED_TRACE(random.text());
  for (Maker maker : kMakers)
    for (int form = 0; form < 16; ++form) {
      Case const c{.maker = maker,
                   .batch = 1 + form % 2,
                   .time = 2 + static_cast<int>(random.between(0, 4)),
                   .backwards = (form & 2) != 0,
                   .given = (form & 4) != 0,
                   .sequence = (form & 8) != 0};
      Model const before = unrolled(c, random);
      Model const after = recognise_loops(before);
      std::string const what = "maker " + std::to_string(static_cast<int>(maker)) + ", form " + std::to_string(form);
      SCOPED_TRACE(what);
      // An op for a projection begins with zeros, and one with given states needs two steps to tell them from data.
      if (c.given && maker == Maker::tf1_lstm_cell) {
        EXPECT_EQ(op_types(before), op_types(after));
        continue;
      }
      EXPECT_EQ(count(after, c.given && is_lstm(maker) ? "LSTM_SEQUENCE" : op_of(maker)), 1U);
      EXPECT_EQ(count(after, "FULLY_CONNECTED"), 0U);
      EXPECT_EQ(after.notes.size(), 1U);
      expect_same(before, after, false, what);
    }
}

/// How a loop keeps a hidden state among all of them.
enum class Keeping : uint8_t { update, slices };

/// A row between what comes before and after it, as the TFLite converter writes TensorListSetItem: shapes differ from
/// round to round, and the file leaves them open.
int between_slices(Draft& d, int all, int row, int counter, int time, int size) {
  auto const joined = [&](std::vector<int> parts) {
    return d.op(kConcatenation, ConcatenationAttributes{.axis = 0}, std::move(parts), DType::int32);
  };
  int const one = d.op(kReshape, ReshapeAttributes{.new_shape = {1}}, {counter, d.indices({1})}, DType::int32);
  int const next = d.op(kAdd, AddAttributes{}, {one, d.indices({1})}, DType::int32);
  auto const open = [&](int begin, int lengths) {
    int const part = d.op_of_shape(kSlice, {}, {all, begin, lengths}, Shape::of({1, 1, size}));
    d.at(part).shape_signature = {-1, -1, -1};
    return part;
  };
  int const before = open(d.indices({0, 0, 0}), joined({one, d.indices({-1, -1})}));
  int const after = open(joined({next, d.indices({0, 0})}), d.indices({-1, -1, -1}));
  return d.op_of_shape(kConcatenation, ConcatenationAttributes{.axis = 0}, {before, row, after},
                       Shape::of({time, 1, size}));
}

/// The step as the body of a loop over a sequence [time, 1, in]; states and all hidden states are loop variables.
Model looped(Maker maker, int time, Random& random, bool hoisted_bound, float factor = 1,
             Keeping keeping = Keeping::update) {
  Draft d(3);
  int const x = d.input(Shape::of({1, time, kIn}));
  int const turned = d.op(kReshape, ReshapeAttributes{.new_shape = {time, 1, kIn}}, {x, d.indices({time, 1, kIn})});
  int const size = hidden_size(maker);
  State const s = first_state(d, maker, 1, false);
  int const all = d.floats(Shape::of({time, 1, size}), std::vector<float>(static_cast<size_t>(time * size)));
  int const zero = d.constant<int32_t>(Shape(), {0}, DType::int32);
  std::vector<int> in{zero, all, s.hidden, turned};
  if (is_lstm(maker)) in.push_back(s.cell);
  if (hoisted_bound) in.push_back(d.constant<int32_t>(Shape(), {time}, DType::int32));

  auto const variables = [&](size_t graph) {
    std::vector<int> out;
    for (int t : in) {
      Tensor const like = d.model().main().tensor(t);
      d.in(graph);
      out.push_back(static_cast<GraphBuilder&>(d).input({.dtype = like.dtype, .shape = like.shape}));
    }
    return out;
  };
  auto const condition = variables(1);
  int const bound = hoisted_bound ? condition.back() : d.constant<int32_t>(Shape(), {time}, DType::int32);
  d.outputs({d.op(kLess, {}, {condition[0], bound}, DType::boolean)});

  auto const body = variables(2);
  int const step = d.op(kGather, GatherAttributes{.axis = 0}, {body[3], body[0]});
  Steps steps(maker, random);
  State next = steps.add(d, step, {body[2], is_lstm(maker) ? body[4] : kNoTensor});
  if (factor != 1) next.hidden = Steps::mul(d, next.hidden, d.floats(Shape(), {factor}));
  int const row = d.op(kReshape, ReshapeAttributes{.new_shape = {1, 1, size}}, {next.hidden, d.indices({1, 1, size})});
  int kept = kNoTensor;
  if (keeping == Keeping::slices) {
    kept = between_slices(d, body[1], row, body[0], time, size);
  } else {
    int const first = d.constant<int32_t>(Shape(), {0}, DType::int32);
    int const at = d.op(kPack, PackAttributes{.count = 3, .axis = 0}, {body[0], first, first}, DType::int32);
    kept = d.op(kDynamicUpdateSlice, {}, {body[1], row, at});
  }
  int const counter =
      d.op(kAdd, AddAttributes{}, {body[0], d.constant<int32_t>(Shape(), {1}, DType::int32)}, DType::int32);
  std::vector<int> results{counter, kept, next.hidden, body[3]};
  if (is_lstm(maker)) results.push_back(next.cell);
  if (hoisted_bound) results.push_back(body.back());
  d.outputs(results);

  d.in(0);
  std::vector<int> given;
  for (int t : in) given.push_back(d.tensor({.dtype = d.at(t).dtype, .shape = d.at(t).shape}));
  static_cast<GraphBuilder&>(d).op(kWhile, {}, in, given, {1, 2});
  d.outputs({given[1], given[2]});
  return keeping == Keeping::slices ? d.model() : finished(d);
}

TEST(RecognisedLoops, LoopsBecomeOneOp) {
  Random random;
  SCOPED_TRACE(random.text());
  for (Maker maker : kMakers)
    for (int time : {2, 7}) {
      std::string const what =
          "maker " + std::to_string(static_cast<int>(maker)) + ", " + std::to_string(time) + " steps";
      SCOPED_TRACE(what);
      Model const before = looped(maker, time, random, time == 7);
      Model const after = recognise_loops(before);
      EXPECT_EQ(count(after, "WHILE"), 0U);
      EXPECT_EQ(count(after, op_of(maker)), 1U);
      EXPECT_EQ(after.graphs.size(), 1U);
      expect_same(before, after, false, what);
    }
}

TEST(RecognisedLoops, LoopsWithOpenShapes) {
  for (Maker maker : kMakers) {
    Random random, again;
    SCOPED_TRACE(random.text());
    Model const plain = looped(maker, 5, random, false);
    Model const open = looped(maker, 5, again, false, 1, Keeping::slices);
    Model refused = open;
    ASSERT_FALSE(settle(refused).has_value());
    auto const after = recognise_open_loops(open);
    ASSERT_TRUE(after.has_value()) << static_cast<int>(maker);
    EXPECT_EQ(count(*after, op_of(maker)), 1U);
    EXPECT_EQ(after->graphs.size(), 1U);
    Outcome const a = run(plain), b = run(*after);
    ASSERT_EQ(a.outputs.size(), b.outputs.size());
    for (size_t i = 0; i < a.outputs.size(); ++i)
      for (size_t k = 0; k < a.outputs[i].size(); ++k) ASSERT_NEAR(a.outputs[i][k], b.outputs[i][k], 1e-5F * a.largest);
    EXPECT_FALSE(recognise_open_loops(looped(maker, 5, again, false, 0.5F, Keeping::slices)).has_value());
  }
}

TEST(RecognisedLoops, LoopsOfNoKnownCellStay) {
  Random random;
  SCOPED_TRACE(random.text());
  for (Maker maker : kMakers) {
    Model const before = looped(maker, 4, random, false, 0.5F);
    Model const after = recognise_loops(before);
    EXPECT_EQ(op_types(before), op_types(after));
    EXPECT_TRUE(after.notes.empty());
  }
}

TEST(RecognisedLoops, DataThatIsWeightedBeforeTheSteps) {
  // One layer weights the data of all steps at once.
  Random random;
  SCOPED_TRACE(random.text());
  constexpr int kTime = 4;
  auto const drawn = [&](int count) {
    std::vector<float> out;
    for (int i = 0; i < count; ++i) out.push_back(static_cast<float>(random.real(-1, 1)));
    return out;
  };
  Draft d;
  int const x = d.input(Shape::of({1, kTime, kIn}));
  int const rows = d.op(kReshape, ReshapeAttributes{.new_shape = {kTime, kIn}}, {x, d.indices({kTime, kIn})});
  int const kernel = d.floats(Shape::of({kUnits, kIn}), drawn(kUnits * kIn));
  int const recurrent = d.floats(Shape::of({kUnits, kUnits}), drawn(kUnits * kUnits));
  int const weighted =
      d.op(kFullyConnected, FullyConnectedAttributes{}, {rows, kernel, d.floats(Shape::of({kUnits}), drawn(kUnits))});
  int hidden = d.floats(Shape::of({1, kUnits}), std::vector<float>(kUnits));
  for (int t = 0; t < kTime; ++t) {
    int const of_data = d.op(kSlice, {}, {weighted, d.indices({t, 0}), d.indices({1, kUnits})});
    int const of_state = d.op(kFullyConnected, FullyConnectedAttributes{}, {hidden, recurrent, kNoTensor});
    hidden = d.op(kTanh, {}, {Steps::add_op(d, of_data, of_state)});
  }
  d.outputs({hidden});
  Model const before = finished(d);
  Model const after = recognise_loops(before);
  EXPECT_EQ(op_types(after), std::vector<std::string>{"RNN_SEQUENCE"});
  expect_same(before, after, false, "hoisted");
}

TEST(RecognisedLoops, ALayerUponALayer) {
  Random random;
  SCOPED_TRACE(random.text());
  Draft d;
  Steps first(Maker::keras_lstm, random), second(Maker::keras_gru, random);
  constexpr int kTime = 4;
  int const x = d.input(Shape::of({1, kTime, kIn}));
  State s = first_state(d, Maker::keras_lstm, 1, false), u = first_state(d, Maker::keras_gru, 1, false);
  for (int const step : unpacked_steps(d, x, 1, kTime, false)) {
    s = first.add(d, step, s);
    int const part = d.op(kSlice, {}, {s.hidden, d.indices({0, 0}), d.indices({1, kIn})});
    u = second.add(d, part, u);
  }
  d.outputs({u.hidden});
  Model const before = finished(d);
  Model const after = recognise_loops(before);
  EXPECT_EQ(count(after, "UNIDIRECTIONAL_SEQUENCE_LSTM"), 1U);
  expect_same(before, after, false, "two layers");
}

TEST(RecognisedLoops, TheLastCellStateIsGiven) {
  Random random;
  SCOPED_TRACE(random.text());
  Draft d;
  Steps steps(Maker::tf1_lstm, random);
  int const x = d.input(Shape::of({2, 3, kIn}));
  State s = first_state(d, Maker::tf1_lstm, 2, false);
  for (int const step : unpacked_steps(d, x, 2, 3, false)) s = steps.add(d, step, s);
  d.outputs({s.cell, s.hidden});
  Model const before = finished(d);
  Model const after = recognise_loops(before);
  EXPECT_EQ(count(after, "LSTM_SEQUENCE"), 1U);
  expect_same(before, after, false, "cell state");
}

TEST(RecognisedLoops, WhatIsNeededOfAStepKeepsTheSteps) {
  Random random;
  SCOPED_TRACE(random.text());
  Draft d;
  Steps steps(Maker::keras_lstm, random);
  int const x = d.input(Shape::of({1, 4, kIn}));
  State s = first_state(d, Maker::keras_lstm, 1, false);
  std::vector<int> cells;
  for (int const step : unpacked_steps(d, x, 1, 4, false)) {
    s = steps.add(d, step, s);
    cells.push_back(s.cell);
  }
  d.outputs({packed(d, cells)});
  Model const before = finished(d);
  Model const after = recognise_loops(before);
  EXPECT_EQ(op_types(before), op_types(after));
}

TEST(RecognisedLoops, StepsOfDifferentWeightsAreNoLayer) {
  Random random;
  SCOPED_TRACE(random.text());
  for (Maker maker : kMakers) {
    Draft d;
    int const x = d.input(Shape::of({1, 4, kIn}));
    State s = first_state(d, maker, 1, false);
    for (int const step : unpacked_steps(d, x, 1, 4, false)) {
      Steps steps(maker, random);
      s = steps.add(d, step, s);
    }
    d.outputs({s.hidden});
    Model const before = finished(d);
    EXPECT_EQ(op_types(before), op_types(recognise_loops(before)));
  }
}

TEST(RecognisedLoops, SamplesAreToldApart) {
  // The free first dimension of the steps' data is that of the model; a state that mixes samples is none.
  Random random;
  SCOPED_TRACE(random.text());
  for (bool mixed : {false, true}) {
    Draft d;
    int const x = d.input(Shape::of({1, 3, kIn}));
    d.at(x).shape_signature = {-1, 3, kIn};
    Steps steps(Maker::keras_rnn, random);
    State s{d.op(kMul, MulAttributes{}, {unpacked_steps(d, x, 1, 3, false)[0], d.floats(Shape(), {0})})};
    s.hidden = d.op(kFullyConnected, FullyConnectedAttributes{},
                    {s.hidden, d.floats(Shape::of({kUnits, kIn}), std::vector<float>(kUnits * kIn)), kNoTensor});
    for (int const step : unpacked_steps(d, x, 1, 3, false)) {
      s = steps.add(d, step, s);
      if (mixed) s.hidden = d.op(kReverseV2, {}, {s.hidden, d.indices({0})});
    }
    d.outputs({s.hidden});
    mark_free_dimensions(d.graph(), 0);
    Model const before = finished(d);
    Model const after = recognise_loops(before);
    EXPECT_EQ(count(after, "RNN_SEQUENCE"), mixed ? 0U : 1U);
    expect_same(before, after, false, "free batch");
  }
}

}  // namespace
}  // namespace narrow
