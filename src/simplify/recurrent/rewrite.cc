#include "simplify/recurrent/rewrite.h"

#include <algorithm>
#include <functional>

#include "base/printable.h"
#include "graph/edit.h"
#include "ops/build/free_signature.h"
#include "ops/build/recurrent_layer.h"
#include "ops/check/validate.h"
#include "ops/control/control.h"
#include "ops/recurrent/recurrent.h"
#include "simplify/passes.h"
#include "simplify/recurrent/sources.h"

namespace narrow {
namespace {

/// What is made of a chain.
enum class Form : uint8_t { op, op_with_cell, nothing };

/// One try of a rewriting: each chain in one form.
class Rewriter {
 public:
  Rewriter(const TracedModel& traced, const std::vector<Chain>& chains, const std::vector<Form>& forms)
      : traced_(traced), chains_(chains), forms_(forms), first_new_op_(traced.model.main().ops.size()) {
    builder_.model() = traced.model;
    for (size_t c = 0; c < chains.size(); ++c) {
      if (forms[c] == Form::nothing) continue;
      for (const Columns& h : chains[c].hidden) chain_of_.emplace(h.of, c);
      for (const Columns& cell : chains[c].cell)
        if (cell.size > 0) chain_of_.emplace(cell.of, c);
      any_ = true;
    }
  }

  bool any() const { return any_; }
  size_t failed() const { return failed_; }

  /// The model; nothing where chain failed() cannot become an op in the form that it was to have.
  std::optional<Model> run() {
    std::set<int> inside;
    for (auto const& [expression, chain] : chain_of_) inside.insert(expression);
    Sources sources(traced_, builder_, inside);
    for (size_t c = 0; c < chains_.size(); ++c)
      if (forms_[c] != Form::nothing && !make_op(c, sources)) return fail_with(c);
    find_needed(sources);
    if (failed_ != kNone) return std::nullopt;
    if (auto const c = still_computed()) return fail_with(*c);
    if (!put_in_place()) return fail_with(chain_of_.begin()->second);
    return finished();
  }

 private:
  static constexpr size_t kNone = ~size_t{0};

  std::optional<Model> fail_with(size_t chain) {
    failed_ = chain;
    return std::nullopt;
  }

  const Expressions& e() const { return traced_.trace.expressions; }
  Graph& graph() { return builder_.graph(); }

  /// Columns by sample and step, [rows, time, size]; by sample where there is one step and no time.
  Wanted wanted(const std::vector<std::vector<Columns>>& steps, bool is_sequence) const {
    Wanted out{.rows = e().rows(), .time = is_sequence ? static_cast<int>(steps.size()) : 0, .size = 0};
    for (const Columns& c : steps.front()) out.size += c.size;
    for (int r = 0; r < out.rows; ++r)
      for (const auto& step : steps)
        for (const Columns& c : step)
          for (int i = 0; i < c.size; ++i) out.numbers.push_back(e().number(c, r, i));
    return out;
  }
  Wanted wanted(const Columns& columns) const { return wanted({{columns}}, false); }
  Wanted sequence_of(const std::vector<Columns>& columns) const {
    std::vector<std::vector<Columns>> steps;
    for (const Columns& c : columns) steps.push_back({c});
    return wanted(steps, true);
  }

  /// The name of the last step's hidden state.
  std::string name_of(const Chain& chain) const {
    const Graph& main = traced_.model.main();
    Numbers const last = wanted(chain.hidden.back()).numbers;
    for (const Op& op : main.ops)
      for (int t : op.outputs) {
        auto const& numbers = t == kNoTensor ? nullptr : traced_.trace.tensors[static_cast<size_t>(t)].numbers;
        if (numbers && std::find(numbers->begin(), numbers->end(), last.back()) != numbers->end())
          return op.def == &kWhile ? op_name(main, op) : main.tensor(t).name;
      }
    return "recurrent";
  }

  bool make_op(size_t index, Sources& sources) {
    const Chain& chain = chains_[index];
    auto const x = sources.find(wanted(chain.data, true));
    if (!x) return false;
    const CellWeights& w = chain.weights;
    constexpr std::string_view kGates[] = {"ifco", "zrh", "h"};
    constexpr const char* kNames[] = {"lstm", "gru", "rnn"};
    auto const kind = static_cast<size_t>(chain.kind);
    std::vector<float> recurrent_bias;  // of all gates, though only the candidate has one
    if (!w.recurrent_bias.empty()) {
      recurrent_bias.resize(2 * static_cast<size_t>(chain.units));
      recurrent_bias.insert(recurrent_bias.end(), w.recurrent_bias.begin(), w.recurrent_bias.end());
    }
    RecurrentLayer layer{.weights = {.gates = kGates[kind],
                                     .kernel = w.kernel,
                                     .recurrent = w.recurrent,
                                     .bias = w.bias,
                                     .recurrent_bias = recurrent_bias,
                                     .peephole = w.peephole,
                                     .peepholes = "ifo",
                                     .projection = w.projection,
                                     .projection_bias = w.projection_bias},
                         .units = chain.units,
                         .hidden = w.projection.empty() ? 0 : chain.hidden_size,
                         .candidate = {chain.candidate},
                         .output = {chain.output},
                         .reset_after = chain.reset_after,
                         .wants = {.sequence = true, .hidden = true, .cell = forms_[index] == Form::op_with_cell},
                         .name = name_of(chain) + "/" + kNames[kind]};
    for (auto const& [columns, tensor] :
         {std::pair(chain.first_hidden, &layer.initial_hidden), std::pair(chain.first_cell, &layer.initial_cell)}) {
      if (columns.size == 0) continue;
      auto const state = sources.find(wanted(columns));
      if (!state) return false;
      *tensor = *state;
    }
    size_t const before = graph().ops.size();
    auto const made = chain.kind == CellKind::lstm  ? add_lstm(builder_, *x, layer)
                      : chain.kind == CellKind::gru ? add_gru(builder_, *x, layer)
                                                    : add_rnn(builder_, *x, layer);
    if (!made) return false;
    sources.add(made->sequence, sequence_of(chain.hidden));
    sources.add(made->hidden, wanted(chain.hidden.back()));
    if (made->cell != kNoTensor) sources.add(made->cell, wanted(chain.cell.back()));
    bool const is_lstm_of_runtimes = graph().ops[before].def == &kUnidirectionalSequenceLstm;
    notes_.push_back("the " + std::to_string(chain.hidden.size()) + " steps of '" + readable(name_of(chain)) +
                     "' are one " + graph().ops[before].type + " of " + std::to_string(chain.units) + " units" +
                     (is_lstm_of_runtimes ? "" : ", which narrow and its C run, LiteRT and TFLM do not") +
                     "; the file has them " + (is_loop(chain) ? "in a loop" : "one by one") +
                     ", which `keep_loops` keeps");
    return true;
  }

  /// Whether a loop of the file computes the chain.
  bool is_loop(const Chain& chain) const {
    for (const Op& op : traced_.model.main().ops) {
      if (op.def != &kWhile) continue;
      for (int t : op.outputs)
        if (chain_in(t) && chain_of_.at(*chain_in(t)) == static_cast<size_t>(&chain - chains_.data())) return true;
    }
    return false;
  }

  /// An expression of a chain of which the tensor holds elements.
  std::optional<int> chain_in(int tensor) const {
    if (tensor == kNoTensor || static_cast<size_t>(tensor) >= traced_.trace.tensors.size()) return std::nullopt;
    auto const& numbers = traced_.trace.tensors[static_cast<size_t>(tensor)].numbers;
    if (!numbers) return std::nullopt;
    int last = -1;
    for (int32_t n : *numbers) {
      int const of = e().element(n).of;
      if (of != last && chain_of_.contains(of)) return of;
      last = of;
    }
    return std::nullopt;
  }

  /// Goes from what the model gives to what it needs; tensors that hold what chains give are made of it.
  void find_needed(Sources& sources) {
    needed_.assign(first_new_op_, false);
    std::vector<int> const producer = producers(traced_.model.main());
    std::vector<bool> seen(graph().tensors.size(), false);
    std::vector<int> open = graph().outputs;
    auto const need = [&](size_t op) {
      if (needed_[op]) return;
      needed_[op] = true;
      for (int t : traced_.model.main().ops[op].inputs) open.push_back(t);
    };
    for (size_t i = 0; i < first_new_op_; ++i) {
      const Op& op = graph().ops[i];
      auto const keeps = [&](int t) { return t != kNoTensor && graph().tensor(t).variable; };
      if (!op.def || op.def->has_effects || std::any_of(op.inputs.begin(), op.inputs.end(), keeps)) need(i);
    }
    for (const Signature& s : traced_.model.signatures)
      if (s.graph == 0)
        for (auto const& [name, t] : s.outputs) open.push_back(t);
    size_t looked_at = first_new_op_;
    while (!open.empty() || looked_at < graph().ops.size()) {
      if (open.empty()) {
        open = graph().ops[looked_at++].inputs;
        continue;
      }
      int const t = open.back();
      open.pop_back();
      if (t == kNoTensor || static_cast<size_t>(t) >= producer.size() || producer[static_cast<size_t>(t)] < 0) continue;
      if (seen[static_cast<size_t>(t)]) continue;
      seen[static_cast<size_t>(t)] = true;
      if (chain_in(t))
        if (auto const made = sources.made_like(t)) {
          made_[t] = *made;
          continue;
        }
      need(static_cast<size_t>(producer[static_cast<size_t>(t)]));
    }
  }

  /// A chain whose steps are needed although there is an op for it.
  std::optional<size_t> still_computed() const {
    const Graph& main = traced_.model.main();
    for (size_t i = 0; i < first_new_op_; ++i) {
      if (!needed_[i]) continue;
      const Op& op = main.ops[i];
      for (int t : op.outputs) {
        auto const given = chain_in(t);
        bool const moves =
            std::any_of(op.inputs.begin(), op.inputs.end(), [&](int in) { return chain_in(in).has_value(); });
        if (given && (!moves || op.def == &kWhile)) return chain_of_.at(*given);
      }
    }
    return std::nullopt;
  }

  /// Ops behind what they need; those that nothing needs go away. Tensors of the model that are made of what chains
  /// give keep their names.
  bool put_in_place() {
    std::vector<Op> all = std::move(graph().ops);
    std::map<int, int> now;  // by tensor: what stands for it
    std::set<int> taken;
    for (auto const& [old, made] : made_) {
      bool const is_new = static_cast<size_t>(made) >= traced_.model.main().tensors.size();
      bool const is_output = std::count(graph().outputs.begin(), graph().outputs.end(), old) > 0;
      if (is_new && graph().tensor(made).shape == graph().tensor(old).shape && taken.insert(made).second)
        now[made] = old;
      else if (!is_output)
        now[old] = made;
      else
        return false;
    }
    auto const stands = [&](int t) {
      for (auto i = now.find(t); i != now.end(); i = now.find(t)) t = i->second;
      return t;
    };
    for (size_t i = 0; i < all.size(); ++i) {
      for (int& t : all[i].inputs)
        if (t != kNoTensor) t = stands(t);
      if (i < first_new_op_) continue;
      for (int& t : all[i].outputs)
        if (t != kNoTensor) t = stands(t);
    }
    std::vector<int> producer(graph().tensors.size(), -1);
    for (size_t i = 0; i < all.size(); ++i) {
      if (i < first_new_op_ && !needed_[i]) continue;
      for (int t : all[i].outputs)
        if (t != kNoTensor) producer[static_cast<size_t>(t)] = static_cast<int>(i);
    }
    std::vector<uint8_t> state(all.size(), 0);
    std::function<void(int)> const visit = [&](int tensor) {
      if (tensor == kNoTensor) return;
      int const p = producer[static_cast<size_t>(tensor)];
      if (p < 0 || state[static_cast<size_t>(p)] > 0) return;
      state[static_cast<size_t>(p)] = 1;
      for (int t : all[static_cast<size_t>(p)].inputs) visit(t);
      order_.push_back(p);
    };
    for (size_t i = 0; i < first_new_op_; ++i)
      if (needed_[i]) {
        if (state[i] > 0) continue;
        state[i] = 1;
        for (int t : all[i].inputs) visit(t);
        order_.push_back(static_cast<int>(i));
      }
    for (int t : graph().outputs) visit(t);
    for (int i : order_) graph().ops.push_back(std::move(all[static_cast<size_t>(i)]));
    return true;
  }

  std::optional<Model> finished() {
    Graph& main = graph();
    for (size_t i = 0; i < main.ops.size(); ++i) {
      Op& op = main.ops[i];
      if (static_cast<size_t>(order_[i]) < first_new_op_) continue;
      std::vector<Shape> shapes;
      for (int t : op.outputs) shapes.push_back(main.tensor(t).shape);
      auto free = free_signatures(main, op, shapes);
      for (size_t r = 0; r < op.outputs.size(); ++r) main.tensor(op.outputs[r]).shape_signature = std::move(free[r]);
      op.version = std::max(op.version, least_version(OpView{main, op}));
    }
    Model model = std::move(builder_.model());
    drop_unused_tensors(model, 0);
    auto dropped = drop_graphs(std::move(model));
    if (!dropped || !settle(*dropped)) return std::nullopt;
    dropped->notes.insert(dropped->notes.end(), notes_.begin(), notes_.end());
    return std::move(*dropped);
  }

  const TracedModel& traced_;
  const std::vector<Chain>& chains_;
  const std::vector<Form>& forms_;
  size_t first_new_op_;
  GraphBuilder builder_;
  std::map<int, size_t> chain_of_;  // by expression that a chain gives
  std::map<int, int> made_;         // by tensor of the model: what is made in its place
  std::vector<bool> needed_;        // by op of the model
  std::vector<int> order_;          // the ops that stay and those that are new
  std::vector<std::string> notes_;
  size_t failed_ = kNone;
  bool any_ = false;
};

}  // namespace

std::optional<Model> replace_chains(const TracedModel& traced, const std::vector<Chain>& chains) {
  std::vector<Form> forms(chains.size(), Form::op);
  for (;;) {
    Rewriter rewriter(traced, chains, forms);
    if (!rewriter.any()) return std::nullopt;
    if (auto model = rewriter.run()) return model;
    if (rewriter.failed() >= chains.size()) return std::nullopt;
    Form& form = forms[rewriter.failed()];
    bool const may_give_cell = form == Form::op && chains[rewriter.failed()].kind == CellKind::lstm;
    form = may_give_cell ? Form::op_with_cell : Form::nothing;
  }
}

}  // namespace narrow
