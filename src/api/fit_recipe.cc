#include "api/fit_recipe.h"

#include <fmt/format.h>

#include <cctype>
#include <map>

#include "ops/def/op_def.h"

namespace narrow {
namespace {

bool is_ascii_text(char c) {
  return c >= ' ' && c <= '~';
}

/// A TOML string: as it is between apostrophes, where it has none.
std::string quoted(const std::string& text) {
  if (text.find('\'') == std::string::npos) return "'" + text + "'";
  std::string out = "\"";
  for (char const c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string exact_pattern(const std::string& name) {
  std::string out = "^";
  bool other = false;  // the last one was no ASCII text
  for (char const c : name) {
    bool const plain = is_ascii_text(c);
    if (!plain && !other) out += ".*";
    if (plain && !std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != ' ' && c != '/' && c != ';')
      out += '\\';
    if (plain) out += c;
    other = !plain;
  }
  return out + "$";
}

std::string recipe_text(const Graph& graph, const WidthPlan& plan, const QualityChain& chain, bool by_width) {
  std::string out = fmt::format("[steps]\nrange = \"{}\"\nequalization = {:g}\nmeans = {}\nweight_rounding = \"{}\"\n",
                                chain.range, chain.equalization, chain.means, chain.choice.rounding->name);
  if (chain.headroom != 1) out += fmt::format("headroom = {}\n", chain.headroom);
  if (chain.wide_outputs) out += "wide_outputs = true\n";
  std::map<size_t, int> const weights(plan.weights.begin(), plan.weights.end());
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    auto const own = weights.find(i);
    bool const wide = i >= plan.wide_from;
    if (own == weights.end() && !wide) continue;
    out += fmt::format("\n[[rule]]\nname = {}\nop = \"{}\"\n", quoted(exact_pattern(op_name(graph, graph.ops[i]))),
                       graph.ops[i].type);
    if (own != weights.end()) out += fmt::format("weights = {}\n", own->second);
    if (wide) out += "activations = 16\n";
    bool const layer = own != weights.end() || (wide && graph.ops[i].def && graph.ops[i].def->sum_inputs);
    if (layer && by_width) out += fmt::format("weight_rounding = \"{}\"\n", chain.choice.rounding->name);
  }
  return out;
}

}  // namespace narrow
