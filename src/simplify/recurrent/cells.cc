#include "simplify/recurrent/cells.h"

#include <algorithm>
#include <utility>

namespace narrow {
namespace {

/// Columns that are a function of others.
struct Applied {
  CellFunction function = CellFunction::linear;
  Columns of;
};

std::optional<Applied> applied(const Expressions& e, const Columns& columns) {
  const Expression& at = e.at(columns.of);
  if (at.kind != ExpressionKind::function) return std::nullopt;
  return Applied{at.function, e.operand(columns, 0)};
}

/// What the columns are the logistic function of.
std::optional<Columns> opened_gate(const Expressions& e, const Columns& columns) {
  auto const a = applied(e, columns);
  if (!a || a->function != CellFunction::sigmoid) return std::nullopt;
  return a->of;
}

/// A function that a cell may have for values that are not gates.
std::optional<Applied> candidate_of(const Expressions& e, const Columns& columns) {
  auto const a = applied(e, columns);
  if (!a || a->function == CellFunction::sigmoid) return std::nullopt;
  return a;
}

/// The two operands of an expression of that kind, in both orders where that does not matter; none where it is another.
std::vector<std::pair<Columns, Columns>> pairs_of(const Expressions& e, const Columns& columns, ExpressionKind kind) {
  if (e.at(columns.of).kind != kind) return {};
  Columns const a = e.operand(columns, 0), b = e.operand(columns, 1);
  if (kind == ExpressionKind::subtract) return {{a, b}};
  return {{a, b}, {b, a}};
}

bool is_all(const Expressions& e, const Columns& columns, float value) {
  if (!e.is_constant(columns.of)) return false;
  std::vector<float> const values = e.values(columns);
  return std::all_of(values.begin(), values.end(), [=](float v) { return v == value; });
}

/// Whether the columns are 1 - gate.
bool is_rest_of(const Expressions& e, const Columns& columns, const Columns& gate) {
  for (auto const& [one, taken] : pairs_of(e, columns, ExpressionKind::subtract))
    if (taken == gate && is_all(e, one, 1)) return true;
  return false;
}

/// Whether nothing but those columns is scaled.
bool scales_only(const Sum& sum, const Columns& columns) {
  return sum.products.empty() &&
         (sum.scaled.empty() || (sum.scaled.size() == 1 && sum.scaled[0].of == columns && columns.size > 0));
}

/// The product of a gate and what it lets pass.
struct Passed {
  Columns gate;  // what the logistic function is applied to
  Columns value;
};

/// The cell state as what input and forget gate let pass; `forget` is missing where the step begins with zeros.
struct CellState {
  Passed input;
  std::optional<Passed> forget;
};

std::vector<Passed> passed_of(const Expressions& e, const Columns& columns) {
  std::vector<Passed> out;
  for (auto const& [gate, value] : pairs_of(e, columns, ExpressionKind::multiply))
    if (auto const open = opened_gate(e, gate)) out.push_back({*open, value});
  return out;
}

std::optional<CellState> cell_state(const Expressions& e, const Columns& columns) {
  for (Passed const& input : passed_of(e, columns))
    if (candidate_of(e, input.value)) return CellState{input, std::nullopt};
  for (auto const& [first, second] : pairs_of(e, columns, ExpressionKind::add))
    for (Passed const& input : passed_of(e, first))
      for (Passed const& forget : passed_of(e, second))
        if (candidate_of(e, input.value)) return CellState{input, forget};
  return std::nullopt;
}

std::optional<CellStep> lstm_step(const Expressions& e, const Columns& result, const Passed& output) {
  auto const state = candidate_of(e, output.value);
  if (!state) return std::nullopt;
  auto const cell = cell_state(e, state->of);
  if (!cell) return std::nullopt;
  auto const candidate = candidate_of(e, cell->input.value);
  CellStep step{.kind = CellKind::lstm,
                .begins = !cell->forget,
                .result = result,
                .cell = state->of,
                .former_cell = cell->forget ? cell->forget->value : Columns(),
                .gates = std::vector<Sum>(4),
                .has_gate = {true, !!cell->forget, true, true},
                .candidate = candidate->function,
                .output = state->function};
  std::optional<Columns> const sums[] = {
      cell->input.gate, cell->forget ? std::optional(cell->forget->gate) : std::nullopt, candidate->of, output.gate};
  for (size_t g = 0; g < 4; ++g) {
    if (!sums[g]) continue;
    auto sum = sum_of(e, *sums[g]);
    if (!sum || !scales_only(*sum, g == 2 ? Columns() : g == 3 ? step.cell : step.former_cell)) return std::nullopt;
    step.gates[g] = std::move(*sum);
  }
  return step;
}

/// The former hidden state and the candidate, blended by the update gate.
struct Blend {
  Columns update;  // what the logistic function is applied to
  Columns candidate;
  std::optional<Columns> former;  // missing where it is zeros
  bool turned = false;            // the gate is the candidate's share, not the former state's
};

/// z * x + (1 - z) * y, x being missing where it is zeros.
struct Mixed {
  Columns gate;
  std::optional<Columns> x;
  std::optional<Columns> y;
};

std::vector<Mixed> mixtures_of(const Expressions& e, const Columns& columns) {
  std::vector<Mixed> out;
  for (auto const& [first, second] : pairs_of(e, columns, ExpressionKind::add)) {
    for (auto const& [gate, x] : pairs_of(e, first, ExpressionKind::multiply)) {
      if (!opened_gate(e, gate)) continue;
      for (auto const& [rest, y] : pairs_of(e, second, ExpressionKind::multiply))
        if (is_rest_of(e, rest, gate)) out.push_back({gate, x, y});
      for (auto const& [x_again, y] : pairs_of(e, x, ExpressionKind::subtract))
        if (y == second) out.push_back({gate, is_all(e, x_again, 0) ? std::nullopt : std::optional(x_again), y});
    }
  }
  for (auto const& [gate, x] : pairs_of(e, columns, ExpressionKind::multiply)) {
    if (opened_gate(e, gate)) out.push_back({gate, x, std::nullopt});
    for (auto const& [one, taken] : pairs_of(e, gate, ExpressionKind::subtract))
      if (is_all(e, one, 1) && opened_gate(e, taken)) out.push_back({taken, std::nullopt, x});
  }
  return out;
}

/// The candidate's sum, and what the reset gate has to do with it. False where it is no candidate's.
bool take_candidate(const Expressions& e, const Columns& columns, CellStep& step) {
  auto sum = sum_of(e, columns);
  if (!sum) return false;
  auto const take_reset = [&](const Columns& gate) {
    auto const open = opened_gate(e, gate);
    auto reset = open ? sum_of(e, *open) : std::nullopt;
    if (!reset || !scales_only(*reset, {})) return false;
    step.gates[1] = std::move(*reset);
    step.has_gate[1] = true;
    return true;
  };
  if (sum->products.size() == 1 && sum->scaled.empty()) {
    const Sum::Product product = sum->products[0];
    for (auto const& [gate, value] : {std::pair(product.a, product.b), std::pair(product.b, product.a)}) {
      auto recurrent = sum_of(e, value);
      if (step.begins || !recurrent || !scales_only(*recurrent, {}) || recurrent->weighted.size() != 1 ||
          recurrent->weighted[0].of != step.former_hidden || sum->weights_of(step.former_hidden) || !take_reset(gate))
        continue;
      sum->products.clear();
      sum->weighted.push_back(std::move(recurrent->weighted[0]));
      step.recurrent_bias = std::move(recurrent->bias);
      step.reset_after = true;
      step.gates[2] = std::move(*sum);
      return true;
    }
    return false;
  }
  if (!sum->products.empty()) return false;
  if (step.begins) {
    if (sum->scaled.size() > 1) return false;
    if (!sum->scaled.empty()) {
      if (!take_reset(sum->scaled[0].of)) return false;
      step.recurrent_bias = std::move(sum->scaled[0].factors);
      step.reset_after = true;
      sum->scaled.clear();
    }
    step.gates[2] = std::move(*sum);
    return true;
  }
  if (!sum->scaled.empty()) return false;
  for (Sum::Weighted& w : sum->weighted)
    for (auto const& [gate, value] : pairs_of(e, w.of, ExpressionKind::multiply)) {
      if (value != step.former_hidden || !take_reset(gate)) continue;
      w.of = step.former_hidden;
      step.gates[2] = std::move(*sum);
      return true;
    }
  return false;
}

std::optional<CellStep> gru_step(const Expressions& e, const Columns& result, const Blend& blend) {
  auto const candidate = candidate_of(e, blend.candidate);
  auto const open = opened_gate(e, blend.update);
  auto update = open ? sum_of(e, *open) : std::nullopt;
  if (!candidate || !update || !scales_only(*update, {})) return std::nullopt;
  if (blend.turned) update->negate();  // 1 - logistic(x) is logistic(-x)
  CellStep step{.kind = CellKind::gru,
                .begins = !blend.former,
                .result = result,
                .former_hidden = blend.former.value_or(Columns()),
                .gates = std::vector<Sum>(3),
                .has_gate = {true, false, true},
                .candidate = candidate->function};
  step.gates[0] = std::move(*update);
  if (!take_candidate(e, candidate->of, step)) return std::nullopt;
  return step;
}

Columns whole(const Expressions& e, int index) {
  return {index, 0, e.at(index).size};
}

}  // namespace

std::optional<CellStep> lstm_step_at(const Expressions& e, int index) {
  for (Passed const& output : passed_of(e, whole(e, index)))
    if (auto step = lstm_step(e, whole(e, index), output)) return step;
  return std::nullopt;
}

std::optional<CellStep> gru_step_at(const Expressions& e, int index) {
  for (Mixed const& mixed : mixtures_of(e, whole(e, index))) {
    if (mixed.y)
      if (auto step = gru_step(e, whole(e, index), {mixed.gate, *mixed.y, mixed.x, false})) return step;
    if (mixed.x)
      if (auto step = gru_step(e, whole(e, index), {mixed.gate, *mixed.x, mixed.y, true})) return step;
  }
  return std::nullopt;
}

std::optional<CellStep> rnn_step_at(const Expressions& e, int index) {
  auto const function = applied(e, whole(e, index));
  if (!function) return std::nullopt;
  auto sum = sum_of(e, function->of);
  if (!sum || !scales_only(*sum, {}) || sum->weighted.empty()) return std::nullopt;
  return CellStep{.kind = CellKind::rnn,
                  .begins = sum->weighted.size() == 1,
                  .result = whole(e, index),
                  .gates = {std::move(*sum)},
                  .has_gate = {true},
                  .candidate = function->function};
}

}  // namespace narrow
