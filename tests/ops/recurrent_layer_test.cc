// Recurrent layers against their equations, written anew in float64, from weights in the order and layout of each
// format.
#include "ops/build/recurrent_layer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>

#include "ops/control/state.h"
#include "program/runner.h"
#include "random.h"
#include "tflite/format.h"
#include "tflite/read.h"
#include "tflite/write.h"

namespace narrow {
namespace {

using Function = std::function<double(double)>;
using Matrix = std::vector<float>;

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}
double hyperbolic(double x) {
  return std::tanh(x);
}

/// A layer's weights, gate by gate.
struct Case {
  int batch = 2, time = 5, in = 3, units = 4, gates = 4;
  std::vector<Matrix> kernel, recurrent, bias, recurrent_bias, peephole;  // [units][in], [units][units], [units]...
  std::vector<float> x;

  Case(Random& random, int gate_count, int batches = 2) : batch(batches), gates(gate_count) {
    auto const values = [&](int n) {
      std::vector<float> out(static_cast<size_t>(n));
      for (float& v : out) v = static_cast<float>(random.real(-1, 1));
      return out;
    };
    for (int g = 0; g < gates; ++g) {
      kernel.push_back(values(units * in));
      recurrent.push_back(values(units * units));
      bias.push_back(values(units));
      recurrent_bias.push_back(values(units));
      peephole.push_back(values(units));
    }
    x = values(batch * time * in);
  }

  /// Sums of one gate: what data and hidden state give, apart.
  double of_data(int g, int b, int t, int u) const {
    double sum = bias[at(g)][at(u)];
    for (int i = 0; i < in; ++i) sum += double{kernel[at(g)][at(u * in + i)]} * double{x[at((b * time + t) * in + i)]};
    return sum;
  }
  double of_hidden(int g, const std::vector<double>& h, int u) const {
    double sum = 0;
    for (int i = 0; i < units; ++i) sum += double{recurrent[at(g)][at(u * units + i)]} * h[at(i)];
    return sum;
  }
  static size_t at(int i) { return static_cast<size_t>(i); }
};

/// The gates' matrices one behind the other in this order, turned round for a format that has them so.
std::vector<float> joined(const std::vector<Matrix>& parts, const std::vector<int>& order, int units, bool transposed) {
  std::vector<float> out;
  for (int g : order) out.insert(out.end(), parts[Case::at(g)].begin(), parts[Case::at(g)].end());
  if (!transposed) return out;
  size_t const rows = order.size() * Case::at(units), columns = out.size() / rows;
  std::vector<float> turned(out.size());
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < columns; ++c) turned[c * rows + r] = out[r * columns + c];
  return turned;
}

/// A layer in the form of a format, with the arrays that it refers to.
struct Stored {
  std::vector<float> kernel, recurrent, bias, recurrent_bias, peephole;
  RecurrentLayer layer;

  Stored(const Case& c, const std::vector<int>& order, const char* gates, bool transposed)
      : kernel(joined(c.kernel, order, c.units, transposed)),
        recurrent(joined(c.recurrent, order, c.units, transposed)),
        bias(joined(c.bias, order, c.units, false)),
        recurrent_bias(joined(c.recurrent_bias, order, c.units, false)) {
    layer.weights = {.gates = gates,
                     .transposed = transposed,
                     .kernel = kernel,
                     .recurrent = recurrent,
                     .bias = bias,
                     .recurrent_bias = recurrent_bias};
    layer.units = c.units;
    layer.name = "layer";
  }
  Stored(const Stored&) = delete;
};

using Add = Result<RecurrentResults> (*)(GraphBuilder&, int, const RecurrentLayer&);

/// Adds the layer, and gives what was asked for, one result behind the other, for each of the samples.
std::vector<std::vector<float>> run(Add add, const Case& c, RecurrentLayer layer, const char* op,
                                    const std::vector<float>& hidden = {}, const std::vector<float>& cell = {},
                                    int samples = 1) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({c.batch, c.time, c.in}), .name = "x"});
  Shape const states = Shape::of({c.batch, c.units});
  if (!hidden.empty()) layer.initial_hidden = b.constant({.shape = states}, hidden);
  if (!cell.empty()) layer.initial_cell = b.constant({.shape = states}, cell);
  auto const added = add(b, x, layer);
  EXPECT_TRUE(added.has_value()) << added.error().what;
  if (!added) return {};
  std::vector<int> outputs;
  for (int t : {added->sequence, added->hidden, added->cell})
    if (t != kNoTensor) outputs.push_back(t);
  b.outputs(outputs);
  auto model = b.finish();
  EXPECT_TRUE(model.has_value()) << model.error().what;
  if (!model) return {};
  EXPECT_TRUE(std::any_of(model->main().ops.begin(), model->main().ops.end(), [&](const Op& o) {
    return o.type == op;
  })) << op;
  auto program = lower(std::make_shared<const Model>(std::move(*model)), {.profile = *find_profile("narrow")});
  EXPECT_TRUE(program.has_value()) << program.error().what;
  if (!program) return {};
  Runner runner(std::move(*program));
  runner.restart();
  std::vector<std::vector<float>> out;
  for (int s = 0; s < samples; ++s) {
    std::memcpy(runner.input(0), c.x.data(), c.x.size() * sizeof(float));
    EXPECT_TRUE(runner.run(1).has_value());
    std::vector<float> all;
    for (size_t i = 0; i < outputs.size(); ++i) {
      auto const* y = reinterpret_cast<const float*>(runner.output(i));
      all.insert(all.end(), y, y + runner.program().graph().tensor(outputs[i]).elements());
    }
    out.push_back(all);
  }
  return out;
}

void expect_near(const std::vector<float>& got, const std::vector<double>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(double{got[i]}, want[i], 2e-6) << i;
}

/// States of a layer at its beginning and its end, and all hidden states on the way.
struct History {
  std::vector<double> hidden, cell;  // [batch][units]
  std::vector<double> sequence;      // [batch][time][units]

  std::vector<double> all(bool with_cell) const {
    std::vector<double> out = sequence;
    out.insert(out.end(), hidden.begin(), hidden.end());
    if (with_cell) out.insert(out.end(), cell.begin(), cell.end());
    return out;
  }
};

History beginning(const Case& c) {
  History r;
  r.hidden.resize(Case::at(c.batch * c.units));
  r.cell = r.hidden;
  r.sequence.resize(Case::at(c.batch * c.time * c.units));
  return r;
}

/// Runs `step`, which makes the next hidden state of unit u from the old ones `h`, forwards or backwards.
void each_step(const Case& c, History& r, bool reverse,
               const std::function<double(int b, int t, int u, const std::vector<double>& h, double& cell)>& step) {
  for (int b = 0; b < c.batch; ++b)
    for (int s = 0; s < c.time; ++s) {
      int const t = reverse ? c.time - 1 - s : s;
      auto const from = r.hidden.begin() + b * c.units;
      std::vector<double> const h(from, from + c.units);
      for (int u = 0; u < c.units; ++u) {
        double const next = step(b, t, u, h, r.cell[Case::at(b * c.units + u)]);
        r.hidden[Case::at(b * c.units + u)] = next;
        r.sequence[Case::at((b * c.time + t) * c.units + u)] = next;
      }
    }
}

struct LstmDefinition {
  Function gate = logistic, candidate = hyperbolic, output = hyperbolic;
  bool peephole = false;
  double clip = 0;
  bool reverse = false;

  /// Gates in the order input, forget, cell, output.
  void operator()(const Case& c, History& r) const {
    auto const bounded = [&](double v) { return clip > 0 ? std::clamp(v, -clip, clip) : v; };
    each_step(c, r, reverse, [&](int b, int t, int u, const std::vector<double>& h, double& cell) {
      auto const sum = [&](int g, double seen) {
        double const look = peephole && g != 2 ? double{c.peephole[Case::at(g)][Case::at(u)]} * seen : 0;
        return bounded(c.of_data(g, b, t, u) + c.of_hidden(g, h, u) +
                       double{c.recurrent_bias[Case::at(g)][Case::at(u)]} + look);
      };
      double const before = cell;
      cell = gate(sum(1, before)) * before + gate(sum(0, before)) * candidate(sum(2, 0));
      return gate(sum(3, cell)) * output(cell);
    });
  }
};

TEST(RecurrentLayer, LstmOfKeras) {
  Random random;
  Case const c(random, 4);
  Stored const stored(c, {0, 1, 2, 3}, "ifco", true);
  RecurrentLayer layer = stored.layer;
  layer.wants = {.sequence = true, .hidden = true};
  History r = beginning(c);
  LstmDefinition{}(c, r);
  auto const got = run(add_lstm, c, layer, "UNIDIRECTIONAL_SEQUENCE_LSTM", {}, {}, 2);
  ASSERT_EQ(got.size(), 2U);
  expect_near(got[0], r.all(false));
  EXPECT_EQ(got[1], got[0]) << "each sample begins with zeros";
  layer.wants.cell = true;
  expect_near(run(add_lstm, c, layer, "LSTM_SEQUENCE")[0], r.all(true));
}

TEST(RecurrentLayer, LstmOfOnnx) {
  Random random;
  Case const c(random, 4);
  Stored const stored(c, {0, 3, 1, 2}, "iofc", false);
  RecurrentLayer layer = stored.layer;
  std::vector<float> peephole;
  for (int g : {0, 3, 1})
    peephole.insert(peephole.end(), c.peephole[Case::at(g)].begin(), c.peephole[Case::at(g)].end());
  layer.weights.peephole = peephole;
  layer.reverse = true;
  layer.wants = {.sequence = true, .hidden = true};
  History r = beginning(c);
  LstmDefinition{.peephole = true, .reverse = true}(c, r);
  expect_near(run(add_lstm, c, layer, "UNIDIRECTIONAL_SEQUENCE_LSTM")[0], r.all(false));

  std::vector<float> const hidden(8, 0.25F), cell(8, -0.5F);
  std::fill(r.hidden.begin(), r.hidden.end(), 0.25);
  std::fill(r.cell.begin(), r.cell.end(), -0.5);
  layer.gate = {CellFunction::hard_sigmoid, 0.2F, 0.5F};
  layer.output = {CellFunction::softsign};
  layer.clip = 0.75F;
  layer.wants.cell = true;
  LstmDefinition{[](double v) { return std::clamp(0.2 * v + 0.5, 0.0, 1.0); },
                 hyperbolic,
                 [](double v) { return v / (1 + std::fabs(v)); },
                 true,
                 0.75,
                 true}(c, r);
  expect_near(run(add_lstm, c, layer, "LSTM_SEQUENCE", hidden, cell)[0], r.all(true));
}

TEST(RecurrentLayer, StatelessLstmStaysSoInFiles) {
  Random random;
  Case const c(random, 4, 1);
  Stored const stored(c, {0, 1, 2, 3}, "ifco", true);
  GraphBuilder b;
  auto const added = add_lstm(b, b.input({.shape = Shape::of({1, c.time, c.in})}), stored.layer);
  ASSERT_TRUE(added);
  b.outputs({added->sequence});
  auto const written = write_tflite(*b.finish());
  ASSERT_TRUE(written) << written.error().what;

  format::ModelT m;
  format::GetModel(written->data())->UnPackTo(&m);
  const format::SubGraphT& g = *m.subgraphs[0];
  ASSERT_EQ(g.operators[0]->inputs.size(), 24U);
  for (size_t i : {18U, 19U}) {
    const format::TensorT& state = *g.tensors[Case::at(g.operators[0]->inputs[i])];
    EXPECT_TRUE(state.is_variable);
    EXPECT_EQ(state.shape, (std::vector<int32_t>{1, c.units}));
  }

  auto const again = read_tflite(SharedBytes(*written), "lstm");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_FALSE(keeps_state(*again, 0));
  EXPECT_EQ(*write_tflite(*again), *written);

  std::string const text(reinterpret_cast<const char*>(written->data()), written->size());
  std::string const listed = "[0,0,18]";
  size_t const at = text.find(listed);
  ASSERT_NE(at, std::string::npos);
  for (const auto& [instead, what] : {std::pair{"[0,0,17]", "operand 17 of op 0 is no variable"},
                                      std::pair{"[0,9,18]", "it names an op that is not there"},
                                      std::pair{"[0,\"\",1]", "an operand is not a list of graph, op and place"}}) {
    std::string damaged = text;
    damaged.replace(at, listed.size(), instead);
    auto const bytes = std::as_bytes(std::span(damaged));
    auto const refused = read_tflite(SharedBytes(Bytes(bytes.begin(), bytes.end())), "lstm");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, "its metadata 'narrow.stateless': " + std::string(what));
  }
}

TEST(RecurrentLayer, StatefulLstmGoesOn) {
  Random random;
  Case const c(random, 4, 1);
  Stored const stored(c, {0, 1, 2, 3}, "ifco", true);
  RecurrentLayer layer = stored.layer;
  layer.stateful = true;
  History r = beginning(c);
  auto const got = run(add_lstm, c, layer, "UNIDIRECTIONAL_SEQUENCE_LSTM", {}, {}, 3);
  for (const auto& sample : got) {
    LstmDefinition{}(c, r);
    expect_near(sample, r.sequence);
  }
}

/// Gates in the order update, reset, candidate.
void gru(const Case& c, History& r, bool reset_after) {
  each_step(c, r, false, [&](int b, int t, int u, const std::vector<double>& h, double&) {
    auto const gate = [&](int g, int unit) {
      return logistic(c.of_data(g, b, t, unit) + c.of_hidden(g, h, unit) +
                      double{c.recurrent_bias[Case::at(g)][Case::at(unit)]});
    };
    double const rest = double{c.recurrent_bias[2][Case::at(u)]};
    std::vector<double> reset(h);
    for (int i = 0; i < c.units; ++i) reset[Case::at(i)] *= gate(1, i);
    double const candidate = std::tanh(c.of_data(2, b, t, u) + (reset_after ? gate(1, u) * (c.of_hidden(2, h, u) + rest)
                                                                            : c.of_hidden(2, reset, u) + rest));
    double const update = gate(0, u);
    return (1 - update) * candidate + update * h[Case::at(u)];
  });
}

TEST(RecurrentLayer, GruResetsBeforeAndAfter) {
  Random random;
  for (bool reset_after : {false, true})
    for (bool transposed : {false, true}) {
      Case const c(random, 3);
      Stored const stored(c, {0, 1, 2}, "zrh", transposed);
      RecurrentLayer layer = stored.layer;
      layer.reset_after = reset_after;
      layer.wants = {.sequence = true, .hidden = true};
      History r = beginning(c);
      gru(c, r, reset_after);
      auto const got = run(add_gru, c, layer, "GRU_SEQUENCE", {}, {}, 2);
      expect_near(got[0], r.all(false));
      EXPECT_EQ(got[1], got[0]);
      layer.stateful = true;
      gru(c, r, reset_after);
      expect_near(run(add_gru, c, layer, "GRU_SEQUENCE", {}, {}, 2)[1], r.all(false));
    }
}

TEST(RecurrentLayer, RnnWithAnyFunction) {
  Random random;
  struct {
    CellActivation activation;
    Function function;
  } const functions[] = {
      {{CellFunction::linear}, [](double v) { return v; }},
      {{CellFunction::relu}, [](double v) { return std::max(v, 0.0); }},
      {{CellFunction::relu6}, [](double v) { return std::clamp(v, 0.0, 6.0); }},
      {{CellFunction::relu_n1_to_1}, [](double v) { return std::clamp(v, -1.0, 1.0); }},
      {{CellFunction::leaky_relu, 0.125F}, [](double v) { return v < 0 ? 0.125 * v : v; }},
      {{CellFunction::thresholded_relu, 0.5F}, [](double v) { return v > 0.5 ? v : 0; }},
      {{CellFunction::tanh}, hyperbolic},
      {{CellFunction::scaled_tanh, 0.5F, 2}, [](double v) { return 0.5 * std::tanh(2 * v); }},
      {{CellFunction::sigmoid}, logistic},
      {{CellFunction::hard_sigmoid, 0.25F, 0.5F}, [](double v) { return std::clamp(0.25 * v + 0.5, 0.0, 1.0); }},
      {{CellFunction::affine, 0.5F, 0.25F}, [](double v) { return 0.5 * v + 0.25; }},
      {{CellFunction::softsign}, [](double v) { return v / (1 + std::fabs(v)); }},
      {{CellFunction::softplus}, [](double v) { return std::log1p(std::exp(v)); }},
      {{CellFunction::elu, 0.5F}, [](double v) { return v < 0 ? 0.5 * std::expm1(v) : v; }},
      {{CellFunction::selu},
       [](double v) { return 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * std::expm1(v) : v); }},
      {{CellFunction::silu}, [](double v) { return v * logistic(v); }},
      {{CellFunction::gelu}, [](double v) { return v * (1 + std::erf(v / std::sqrt(2))) / 2; }},
      {{CellFunction::gelu_tanh},
       [](double v) { return v * (1 + std::tanh(std::sqrt(2 / std::acos(-1)) * (v + 0.044715 * v * v * v))) / 2; }},
      {{CellFunction::exponential}, [](double v) { return std::exp(v); }},
  };
  for (const auto& [activation, function] : functions) {
    Case c(random, 1);
    for (auto* weights : {&c.kernel, &c.recurrent, &c.bias, &c.recurrent_bias})
      for (float& v : weights->front()) v /= 4;  // so that what grows without bounds stays small
    Stored const stored(c, {0}, "", false);
    RecurrentLayer layer = stored.layer;
    layer.candidate = activation;
    layer.wants = {.sequence = true, .hidden = true};
    History r = beginning(c);
    each_step(c, r, false, [&, f = function](int b, int t, int u, const std::vector<double>& h, double&) {
      return f(c.of_data(0, b, t, u) + c.of_hidden(0, h, u) + double{c.recurrent_bias[0][Case::at(u)]});
    });
    SCOPED_TRACE(EnumNames<CellFunction>::kNames[static_cast<size_t>(activation.function)]);
    expect_near(run(add_rnn, c, layer, "RNN_SEQUENCE")[0], r.all(false));
  }
}

TEST(RecurrentLayer, OrderOfReversedSequences) {
  Random random;
  Case const c(random, 1, 1);
  Stored const stored(c, {0}, "", true);
  RecurrentLayer layer = stored.layer;
  layer.reverse = true;
  auto const in_order = run(add_rnn, c, layer, "RNN_SEQUENCE")[0];
  layer.keep_reversed = true;
  auto const kept = run(add_rnn, c, layer, "RNN_SEQUENCE")[0];
  for (int t = 0; t < c.time; ++t)
    for (int u = 0; u < c.units; ++u)
      EXPECT_EQ(in_order[Case::at(t * c.units + u)], kept[Case::at((c.time - 1 - t) * c.units + u)]);
}

TEST(RecurrentLayer, RefusesWhatDoesNotFit) {
  Random random;
  Case const c(random, 4);
  Stored const stored(c, {0, 1, 2, 3}, "ifco", true);
  auto const refusal = [&](RecurrentLayer layer) {
    GraphBuilder b;
    auto const added = add_lstm(b, b.input({.shape = Shape::of({c.batch, c.time, c.in})}), layer);
    return added ? std::string() : added.error().what;
  };
  RecurrentLayer layer = stored.layer;
  layer.units = 5;
  EXPECT_EQ(refusal(layer), "its weights do not fit 5 units over 3 features");
  layer = stored.layer;
  layer.weights.bias = layer.weights.bias.first(3);
  EXPECT_EQ(refusal(layer), "its weights do not fit 4 units over 3 features");
  layer = stored.layer;
  layer.stateful = layer.reverse = true;
  EXPECT_NE(refusal(layer).find("keeps its state"), std::string::npos);
  EXPECT_EQ(refusal(stored.layer), "");
}

}  // namespace
}  // namespace narrow
