#include "quantize/plan/tied_tensors.h"

#include <algorithm>

#include "base/disjoint_sets.h"
#include "ops/control/control.h"

namespace narrow {
namespace {

/// How an op passes values to the graphs that it runs; null where it does not, or narrow does not know how.
const GraphPassing* passing(const Op& op) {
  return op.def && op.def->passing.graphs > 0 && op.graphs.size() == op.def->passing.graphs ? &op.def->passing
                                                                                            : nullptr;
}

/// The graphs whose outputs the op's results are: all but a loop's condition.
std::vector<int> yielding(const Op& op, const GraphPassing& how) {
  return how.loops ? std::vector<int>{op.graphs.back()} : op.graphs;
}

/// Numbers for the inputs and outputs of all graphs, by which equal values are joined.
class PortNumbers {
 public:
  explicit PortNumbers(const Model& model) {
    for (const Graph& g : model.graphs) {
      first_.push_back(count_);
      inputs_.push_back(g.inputs.size());
      count_ += g.inputs.size() + g.outputs.size();
    }
  }
  size_t input(int graph, size_t i) const { return first_[static_cast<size_t>(graph)] + i; }
  size_t output(int graph, size_t i) const { return input(graph, inputs_[static_cast<size_t>(graph)] + i); }
  size_t count() const { return count_; }

 private:
  std::vector<size_t> first_, inputs_;
  size_t count_ = 0;
};

const Graph& graph_of(const Model& model, int g) {
  return model.graphs[static_cast<size_t>(g)];
}

template <class F>  // f(graph, op index, op) for each op
void each_op(const Model& model, F f) {
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) f(static_cast<int>(g), i, model.graphs[g].ops[i]);
}

template <class F>  // f(graph, op index, op, how it passes values) for each control op
void each_control(const Model& model, F f) {
  each_op(model, [&](int g, size_t i, const Op& op) {
    if (const GraphPassing* how = passing(op)) f(g, i, op, *how);
  });
}

DisjointSets joined_ports(const Model& model, const PortNumbers& ports) {
  DisjointSets groups(ports.count());
  each_control(model, [&](int, size_t, const Op& op, const GraphPassing& how) {
    int const first = op.graphs.front();
    for (int g : op.graphs)
      for (size_t i = 0; i < std::min(graph_of(model, g).inputs.size(), graph_of(model, first).inputs.size()); ++i)
        groups.join(ports.input(g, i), ports.input(first, i));
    int const last = op.graphs.back();
    for (int g : yielding(op, how))
      for (size_t i = 0; i < std::min(graph_of(model, g).outputs.size(), graph_of(model, last).outputs.size()); ++i)
        groups.join(ports.output(g, i), ports.output(last, i));
    for (size_t i = 0; how.loops && i < std::min(op.inputs.size(), graph_of(model, last).outputs.size()); ++i)
      if (i < graph_of(model, last).inputs.size()) groups.join(ports.output(last, i), ports.input(last, i));
  });
  return groups;
}

void add_once(std::vector<TensorRef>& list, TensorRef t) {
  if (std::find(list.begin(), list.end(), t) == list.end()) list.push_back(t);
}

bool is_float(const Model& model, TensorRef t) {
  return t.tensor != kNoTensor && graph_of(model, t.graph).tensor(t.tensor).dtype == DType::float32;
}

bool uses_variable(const Op& op) {
  return variable_use(op) == VariableUse::read || variable_use(op) == VariableUse::assign;
}

/// The names of the variables whose handles come from a VAR_HANDLE of the same graph.
std::map<TensorRef, std::pair<std::string, std::string>> handle_names(const Model& model) {
  std::map<TensorRef, std::pair<std::string, std::string>> out;
  each_op(model, [&](int g, size_t, const Op& op) {
    if (variable_use(op) != VariableUse::handle) return;
    auto const& name = op.attributes.get<VarHandleAttributes>();
    out[{g, op.outputs[0]}] = {name.container, name.shared_name};
  });
  return out;
}

}  // namespace

bool passes_values_on(const Op& op) {
  return passing(op) != nullptr || uses_variable(op);
}

TiedTensors::TiedTensors(const Model& model) {
  for (const Graph& g : model.graphs) {
    inputs_.emplace_back(g.inputs.size(), -1);
    outputs_.emplace_back(g.outputs.size(), -1);
  }
  add_graph_runs(model);
  add_variables(model);
}

void TiedTensors::add_graph_runs(const Model& model) {
  PortNumbers const ports(model);
  DisjointSets groups = joined_ports(model, ports);
  std::vector<int> group_of(ports.count(), -1);  // by root
  each_control(model, [&](int g, size_t index, const Op& op, const GraphPassing& how) {
    auto link = [&](size_t port) -> int {
      int& l = group_of[groups.root(port)];
      if (l >= 0) return l;
      groups_.push_back({.reads = {}, .writes = {}, .graph = g, .op = index});
      return l = static_cast<int>(groups_.size()) - 1;
    };
    auto at = [&](int l) -> TiedGroup& { return groups_[static_cast<size_t>(l)]; };
    for (int run : op.graphs) {
      const Graph& inner = graph_of(model, run);
      for (size_t i = 0; i < inner.inputs.size() && i + how.skipped < op.inputs.size(); ++i) {
        if (!is_float(model, {run, inner.inputs[i]}) || !is_float(model, {g, op.inputs[i + how.skipped]})) continue;
        int const l = inputs_[static_cast<size_t>(run)][i] = link(ports.input(run, i));
        add_once(at(l).reads, {g, op.inputs[i + how.skipped]});
        add_once(at(l).writes, {run, inner.inputs[i]});
      }
    }
    for (int run : yielding(op, how)) {
      const Graph& inner = graph_of(model, run);
      for (size_t i = 0; i < inner.outputs.size() && i < op.outputs.size(); ++i) {
        if (!is_float(model, {run, inner.outputs[i]}) || !is_float(model, {g, op.outputs[i]})) continue;
        int const l = outputs_[static_cast<size_t>(run)][i] = link(ports.output(run, i));
        add_once(at(l).reads, {run, inner.outputs[i]});
        add_once(at(l).writes, {g, op.outputs[i]});
      }
    }
  });
}

/// Handles that come from elsewhere may be those of any variable: then all are one group. What is never read needs
/// none.
void TiedTensors::add_variables(const Model& model) {
  auto const names = handle_names(model);
  bool all_known = true;
  each_op(model, [&](int g, size_t, const Op& op) {
    if (uses_variable(op)) all_known &= names.contains({g, op.inputs[0]});
  });
  std::map<std::pair<std::string, std::string>, size_t> group_of;
  auto name = [&](TensorRef handle) { return all_known ? names.at(handle) : std::pair<std::string, std::string>(); };
  each_op(model, [&](int g, size_t index, const Op& op) {
    if (variable_use(op) != VariableUse::read || !is_float(model, {g, op.outputs[0]})) return;
    auto const [at, added] = group_of.try_emplace(name({g, op.inputs[0]}), groups_.size());
    if (added) groups_.push_back({.reads = {}, .writes = {}, .graph = g, .op = index});
    handles_[{g, op.inputs[0]}] = at->second;
    groups_[at->second].writes.push_back({g, op.outputs[0]});
  });
  each_op(model, [&](int g, size_t, const Op& op) {
    if (variable_use(op) != VariableUse::assign || !is_float(model, {g, op.inputs[1]})) return;
    auto const at = group_of.find(name({g, op.inputs[0]}));
    if (at == group_of.end()) return;
    handles_[{g, op.inputs[0]}] = at->second;
    add_once(groups_[at->second].reads, {g, op.inputs[1]});
  });
}

const TiedGroup* TiedTensors::at(const Ports& ports, int graph, size_t i) const {
  const std::vector<int>& of_graph = ports[static_cast<size_t>(graph)];
  return i < of_graph.size() && of_graph[i] >= 0 ? &groups_[static_cast<size_t>(of_graph[i])] : nullptr;
}

const TiedGroup* TiedTensors::operand(int graph, const Op& op, size_t i) const {
  if (variable_use(op) == VariableUse::assign) return i == 1 ? of_variable(graph, op) : nullptr;
  const GraphPassing* const how = passing(op);
  return how && i >= how->skipped ? input(op.graphs.back(), i - how->skipped) : nullptr;
}

const TiedGroup* TiedTensors::result(int graph, const Op& op, size_t i) const {
  if (variable_use(op) == VariableUse::read) return of_variable(graph, op);
  return passing(op) ? output(op.graphs.back(), i) : nullptr;
}

const TiedGroup* TiedTensors::of_variable(int graph, const Op& op) const {
  auto const at = handles_.find({graph, op.inputs[0]});
  return at == handles_.end() ? nullptr : &groups_[at->second];
}

std::vector<bool> graphs_run(const Model& model, const std::vector<int>& entries) {
  std::vector<bool> run(model.graphs.size(), false);
  std::vector<int> open = entries;
  while (!open.empty()) {
    int const g = open.back();
    open.pop_back();
    if (run[static_cast<size_t>(g)]) continue;
    run[static_cast<size_t>(g)] = true;
    for (const Op& op : graph_of(model, g).ops)
      if (op.def) open.insert(open.end(), op.graphs.begin(), op.graphs.end());
  }
  return run;
}

}  // namespace narrow
