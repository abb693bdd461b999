#include "simplify/recurrent/chains.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace narrow {
namespace {

constexpr float kBiasTolerance = 1e-5F;  // of constants that a converter may have added up in another order

struct FoundStep {
  CellStep step;
  int projection = -1;  // the expression that projects the former step's result to `former_hidden`
  const FoundStep* former = nullptr;
};

struct Extracted {
  CellWeights weights;
  std::vector<Columns> data;
  int in = 0;
};

size_t total(const std::vector<Columns>& columns) {
  size_t n = 0;
  for (const Columns& c : columns) n += static_cast<size_t>(c.size);
  return n;
}

std::vector<Columns> data_of(const Sum& gate, const Columns& former_hidden) {
  std::vector<Columns> out;
  for (const Sum::Weighted& w : gate.weighted)
    if (w.of != former_hidden) out.push_back(w.of);
  return out;
}

/// Appends a gate's weights of the data, row by row; false where it lacks some.
bool append_kernel(const Sum& gate, const std::vector<Columns>& data, std::vector<float>& to) {
  std::vector<const std::vector<float>*> parts;
  for (const Columns& c : data) {
    parts.push_back(gate.weights_of(c));
    if (!parts.back()) return false;
  }
  for (size_t r = 0; r < gate.bias.size(); ++r)
    for (size_t p = 0; p < parts.size(); ++p) {
      auto const width = static_cast<std::ptrdiff_t>(data[p].size);
      auto const row = parts[p]->begin() + static_cast<std::ptrdiff_t>(r) * width;
      to.insert(to.end(), row, row + width);
    }
  return true;
}

/// The peepholes of an LSTM's step; those that it lacks, as it begins with zeros, are zeros.
std::vector<float> peepholes_of(const CellStep& step) {
  std::vector<float> out;
  if (step.kind != CellKind::lstm) return out;
  bool any = false;
  for (size_t g : {0U, 1U, 3U}) {
    bool const has = step.has_gate[g] && !step.gates[g].scaled.empty();
    std::vector<float> const zeros(static_cast<size_t>(step.units()));
    std::vector<float> const& factors = has ? step.gates[g].scaled[0].factors : zeros;
    out.insert(out.end(), factors.begin(), factors.end());
    any = any || has;
  }
  return any ? out : std::vector<float>();
}

/// The weights of a step that does not begin with zeros.
std::optional<Extracted> extract(const Expressions& e, const FoundStep& found) {
  const CellStep& step = found.step;
  Extracted out;
  out.data = data_of(step.gates[0], step.former_hidden);
  out.in = static_cast<int>(total(out.data));
  for (size_t g = 0; g < step.gates.size(); ++g) {
    const Sum& gate = step.gates[g];
    const std::vector<float>* recurrent = gate.weights_of(step.former_hidden);
    if (!step.has_gate[g] || !recurrent || gate.size() != step.units()) return std::nullopt;
    if (gate.weighted.size() != out.data.size() + 1 || !append_kernel(gate, out.data, out.weights.kernel))
      return std::nullopt;
    out.weights.recurrent.insert(out.weights.recurrent.end(), recurrent->begin(), recurrent->end());
    out.weights.bias.insert(out.weights.bias.end(), gate.bias.begin(), gate.bias.end());
  }
  out.weights.recurrent_bias = step.recurrent_bias;
  out.weights.peephole = peepholes_of(step);
  if (found.projection >= 0) {
    const Expression& p = e.at(found.projection);
    out.weights.projection = *p.weights;
    if (p.values) out.weights.projection_bias = *p.values;
  }
  if (out.data.empty()) return std::nullopt;
  return out;
}

bool near(std::span<const float> a, std::span<const float> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](float x, float y) { return std::fabs(x - y) <= kBiasTolerance * (1 + std::fabs(x)); });
}

/// Whether a step that begins with zeros is one of the layer with these weights; its data, then.
std::optional<std::vector<Columns>> begins_layer(const CellStep& step, const CellStep& next, const Extracted& layer) {
  if (step.candidate != next.candidate || step.output != next.output || step.units() != next.units())
    return std::nullopt;
  auto const units = static_cast<size_t>(next.units()), in = static_cast<size_t>(layer.in);
  std::vector<Columns> data = data_of(step.gates[0], {});
  if (total(data) != in) return std::nullopt;
  for (size_t g = 0; g < step.gates.size(); ++g) {
    if (!step.has_gate[g]) continue;
    const Sum& gate = step.gates[g];
    std::vector<float> kernel;
    if (gate.size() != next.units() || gate.weighted.size() != data.size() || !append_kernel(gate, data, kernel))
      return std::nullopt;
    auto const first = layer.weights.kernel.begin() + static_cast<std::ptrdiff_t>(g * units * in);
    if (!std::equal(kernel.begin(), kernel.end(), first) ||
        !near(gate.bias, std::span(layer.weights.bias).subspan(g * units, units)))
      return std::nullopt;
  }
  std::vector<float> const zeros(units);
  if (step.kind == CellKind::gru && next.reset_after) {
    std::vector<float> const& own = step.recurrent_bias.empty() ? zeros : step.recurrent_bias;
    if (!near(own, layer.weights.recurrent_bias)) return std::nullopt;
  } else if (!step.recurrent_bias.empty()) {
    return std::nullopt;
  }
  if (step.kind == CellKind::lstm) {
    auto const output_part = [&](const std::vector<float>& all) {
      return all.empty() ? std::span<const float>(zeros) : std::span<const float>(all).subspan(2 * units);
    };
    std::vector<float> const own = peepholes_of(step);
    if (!near(output_part(own), output_part(layer.weights.peephole))) return std::nullopt;
  }
  return data;
}

class ChainFinder {
 public:
  explicit ChainFinder(const Expressions& e) : e_(e) {}

  std::vector<Chain> run() {
    collect();
    for (FoundStep* found : in_order_) find_former(*found);
    for (FoundStep* found : in_order_) extend(*found);
    std::vector<Chain> out;
    for (Chain& chain : chains_)
      if (chain.hidden.size() > 1 && finish(chain)) out.push_back(std::move(chain));
    return out;
  }

 private:
  void collect() {
    for (int i = 0; i < e_.count(); ++i) {
      const Expression& at = e_.at(i);
      if (at.kind == ExpressionKind::linear && at.operands.size() == 1) projections_[at.operands[0]].push_back(i);
      take(lstm_step_at(e_, i));
      take(gru_step_at(e_, i));
      take(rnn_step_at(e_, i));
    }
  }

  void take(std::optional<CellStep> step) {
    if (!step) return;
    auto const kind = static_cast<size_t>(step->kind);
    auto const kept = std::make_shared<FoundStep>(FoundStep{std::move(*step)});
    steps_.push_back(kept);
    auto& by_result = by_result_[kind];
    by_result.emplace(kept->step.result, kept.get());
    if (kept->step.kind == CellKind::lstm) by_cell_.emplace(kept->step.cell, kept.get());
    if (!kept->step.begins) in_order_.push_back(kept.get());
  }

  void find_former(FoundStep& found) {
    CellStep& step = found.step;
    if (step.kind == CellKind::gru) {
      auto const former = by_result_[static_cast<size_t>(CellKind::gru)].find(step.former_hidden);
      if (former != by_result_[static_cast<size_t>(CellKind::gru)].end()) found.former = former->second;
      return;
    }
    if (step.kind == CellKind::rnn) {
      for (const Sum::Weighted& w : step.gates[0].weighted) {
        auto const former = by_result_[static_cast<size_t>(CellKind::rnn)].find(w.of);
        if (former == by_result_[static_cast<size_t>(CellKind::rnn)].end() || w.of.size != step.units()) continue;
        step.former_hidden = w.of;
        found.former = former->second;
        if (follows(found)) return;
        step.former_hidden = {};
        found.former = nullptr;
      }
      return;
    }
    auto const former = by_cell_.find(step.former_cell);
    if (former == by_cell_.end()) return;
    Columns const result = former->second->step.result;
    for (const Sum::Weighted& w : step.gates[0].weighted) {
      const Expression& at = e_.at(w.of.of);
      bool const projected = at.kind == ExpressionKind::linear && at.operands.size() == 1 && at.operands[0] == result &&
                             w.of.size == at.size;
      if (w.of != result && !projected) continue;
      step.former_hidden = w.of;
      found.former = former->second;
      if (projected) found.projection = w.of.of;
      return;
    }
  }

  /// Whether an RNN's step has the weights of the one before it.
  bool follows(const FoundStep& found) const {
    auto const layer = extract(e_, found);
    if (!layer) return false;
    if (found.former->step.begins) return begins_layer(found.former->step, found.step, *layer).has_value();
    return head_of(*found.former, found, *layer).has_value() || extract_equal(*found.former, *layer);
  }

  bool extract_equal(const FoundStep& found, const Extracted& layer) const {
    if (found.step.former_hidden.size == 0) return false;
    auto const own = extract(e_, found);
    return own && own->weights == layer.weights;
  }

  /// A step whose former hidden state was not known, as one of the layer.
  std::optional<FoundStep> head_of(const FoundStep& head, const FoundStep& next, const Extracted& layer) const {
    if (head.step.former_hidden.size != 0) return std::nullopt;
    for (const Sum::Weighted& w : head.step.gates[0].weighted) {
      FoundStep candidate = head;
      candidate.step.former_hidden = w.of;
      candidate.projection = next.projection;
      auto const own = extract(e_, candidate);
      if (own && own->weights == layer.weights) return candidate;
    }
    return std::nullopt;
  }

  static bool same_form(const CellStep& a, const CellStep& b) {
    return a.reset_after == b.reset_after && a.candidate == b.candidate && a.output == b.output;
  }

  void extend(const FoundStep& found) {
    const CellStep& step = found.step;
    if (step.former_hidden.size == 0) return;
    auto layer = extract(e_, found);
    if (!layer) return;
    auto const add = [&](Chain& chain, const CellStep& of, std::vector<Columns> data) {
      chain.data.push_back(std::move(data));
      chain.hidden.push_back(of.result);
      chain.cell.push_back(of.cell);
    };
    if (auto const last = found.former ? last_of_.find(found.former) : last_of_.end(); last != last_of_.end()) {
      Chain& chain = chains_[last->second];
      if (same_form(found.former->step, step) && chain.weights == layer->weights) {
        add(chain, step, std::move(layer->data));
        size_t const index = last->second;
        last_of_.erase(last);
        last_of_.emplace(&found, index);
        return;
      }
    }
    Chain chain{.kind = step.kind,
                .units = step.units(),
                .hidden_size = step.former_hidden.size,
                .in = layer->in,
                .reset_after = step.reset_after,
                .candidate = step.candidate,
                .output = step.output,
                .weights = layer->weights,
                .first_hidden = step.former_hidden,
                .first_cell = step.former_cell};
    if (found.former && found.former->step.begins) {
      if (auto data = begins_layer(found.former->step, step, *layer)) {
        add(chain, found.former->step, std::move(*data));
        chain.first_hidden = chain.first_cell = {};
      }
    } else if (found.former && same_form(found.former->step, step)) {
      if (auto const head = head_of(*found.former, found, *layer)) {
        add(chain, head->step, data_of(head->step.gates[0], head->step.former_hidden));
        chain.first_hidden = head->step.former_hidden;
        chain.first_cell = head->step.former_cell;
      }
    }
    add(chain, step, std::move(layer->data));
    last_of_.emplace(&found, chains_.size());
    chains_.push_back(std::move(chain));
  }

  /// Brings what the steps give to what they give projected; false where some projection is not there.
  bool finish(Chain& chain) const {
    if (chain.weights.projection.empty()) return true;
    for (Columns& hidden : chain.hidden) {
      auto const of = projections_.find(hidden);
      if (of == projections_.end()) return false;
      auto const fits = [&](int i) {
        std::vector<float> const none;
        return *e_.at(i).weights == chain.weights.projection &&
               (e_.at(i).values ? *e_.at(i).values : none) == chain.weights.projection_bias;
      };
      auto const found = std::find_if(of->second.begin(), of->second.end(), fits);
      if (found == of->second.end()) return false;
      hidden = {*found, 0, e_.at(*found).size};
    }
    return true;
  }

  const Expressions& e_;
  std::vector<std::shared_ptr<FoundStep>> steps_;
  std::vector<FoundStep*> in_order_;
  std::map<Columns, FoundStep*> by_result_[3];
  std::map<Columns, FoundStep*> by_cell_;
  std::map<Columns, std::vector<int>> projections_;
  std::map<const FoundStep*, size_t> last_of_;  // the last steps of chains
  std::vector<Chain> chains_;
};

}  // namespace

std::vector<Chain> find_chains(const Expressions& expressions) {
  return ChainFinder(expressions).run();
}

}  // namespace narrow
