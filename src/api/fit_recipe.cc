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

/// The pattern, with bytes beyond ASCII as they are, or as what matches anything.
std::string pattern_of(const std::string& name, bool as_they_are) {
  std::string out = "^";
  bool other = false;  // the last one was beyond ASCII
  for (char const c : name) {
    auto const byte = static_cast<unsigned char>(c);
    bool const ascii = byte < 0x80;
    if (ascii && !is_ascii_text(c)) {
      out += fmt::format("\\x{:02X}", byte);
    } else if (ascii || as_they_are) {
      if (ascii && !std::isalnum(byte) && c != '_' && c != ' ' && c != '/' && c != ';') out += '\\';
      out += c;
    } else if (!other) {
      out += ".*";
    }
    other = !ascii;
  }
  return out + "$";
}

}  // namespace

std::string exact_pattern(const std::string& name) {
  std::string exact = pattern_of(name, true);
  return NamePattern::compile(exact, "") ? exact : pattern_of(name, false);  // it is not UTF-8
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
