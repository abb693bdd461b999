#include "quantize/recipe/unmatched_rules.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/nearest.h"
#include "base/printable.h"

namespace narrow {
namespace {

/// Letters and digits alone, as capitals: "conv2d" and "CONV_2D" become the same.
std::string bare(const std::string& name) {
  std::string out;
  for (char const c : name)
    if (std::isalnum(static_cast<unsigned char>(c)))
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

/// The kind of op closest to `name`; empty where none is close.
std::string closest(const std::string& name, const std::set<std::string>& kinds) {
  std::string best;
  size_t least = 3;
  if (name.size() > 64) return best;
  for (const std::string& kind : kinds)
    if (size_t const d = edit_distance(bare(name), bare(kind)); d < least) least = d, best = kind;
  return best;
}

bool matches(const Rule& rule, const std::string& name, const std::string& kind) {
  return (rule.op.empty() || rule.op == kind) && (!rule.name || rule.name->found_in(name));
}

}  // namespace

std::vector<std::string> warn_of_unmatched_rules(const Model& model, const Recipe& recipe) {
  std::vector<std::string> out;
  if (recipe.rules.empty()) return out;
  std::set<std::string> kinds;
  std::vector<bool> matched(recipe.rules.size(), false);
  auto try_rules = [&](const std::string& name, const std::string& kind) {
    for (size_t i = 0; i < recipe.rules.size(); ++i) matched[i] = matched[i] || matches(recipe.rules[i], name, kind);
  };
  for (const Graph& graph : model.graphs) {
    for (int t : graph.inputs) try_rules(graph.tensor(t).name, "");  // ranges of inputs
    for (const Op& op : graph.ops) {
      kinds.insert(op.type);
      try_rules(op_name(graph, op), op.type);
    }
  }
  for (size_t i = 0; i < recipe.rules.size(); ++i) {
    const Rule& rule = recipe.rules[i];
    if (matched[i]) continue;
    std::string line = rule.source + " matches no op of the model";
    if (!rule.op.empty() && !kinds.contains(rule.op)) {
      line += ", which has no " + readable(rule.op);
      if (std::string const meant = closest(rule.op, kinds); !meant.empty()) line += "; did you mean " + meant + "?";
    }
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace narrow
