#include "emit/header/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/unique_names.h"
#include "emit/constants/c_text.h"
#include "emit/constants/op_names.h"
#include "ops/def/operand_with.h"

namespace narrow {
namespace {

/// The sections of one graph, without constants and symbols.
void add_sections(const Model& model, size_t graph, const std::vector<std::string>& names, const HeaderOptions& options,
                  std::vector<Section>& out) {
  const Graph& g = model.graphs[graph];
  for (size_t i = 0; i < g.ops.size(); ++i) {
    Section s;
    s.graph = graph;
    s.op = i;
    s.macro = upper(options.name + "_" + names[i]);
    if (g.ops[i].def) s.facts = op_facts({g, g.ops[i]});
    out.push_back(std::move(s));
  }
}

/// What macros and arrays call a constant operand that is neither the op's one weight operand nor its bias.
std::string constant_key(const Op& op, size_t operand) {
  std::string const part = part_name(op, operand);
  return part.empty() ? fmt::format("CONSTANT_{}", operand) : upper(part);
}

/// WT, BIAS and others of each section.
void add_uses(const Model& model, const std::vector<Constant>& constants, std::vector<Section>& sections) {
  std::map<TensorRef, size_t> index;
  for (size_t c = 0; c < constants.size(); ++c) index[constants[c].at] = c;
  std::vector<std::vector<int>> sources;
  for (const Graph& g : model.graphs) sources.push_back(constant_sources(g));
  for (Section& s : sections) {
    auto const use = [&](std::string key, std::optional<size_t> operand) {
      if (!operand) return;
      int const read = model.graphs[s.graph].ops[s.op].inputs[*operand];
      int const constant = sources[s.graph][static_cast<size_t>(read)];
      if (constant != kNoTensor) s.uses.emplace_back(std::move(key), index.at({static_cast<int>(s.graph), constant}));
    };
    use("WT", s.facts.weights);
    use("BIAS", s.facts.bias);
    for (size_t operand : s.facts.constants) use(constant_key(model.graphs[s.graph].ops[s.op], operand), operand);
  }
}

/// The symbol of a constant that is not known by what an op does with it.
std::string constant_symbol(const Constant& c, const std::string& begin) {
  bool const fits = begin.size() + c.name.size() <= kMostMacro;
  return begin + (fits ? c.name : fmt::format("tensor_{}", c.at.tensor));
}

/// The symbols of arrays: what macros can never be, because those have capitals. Weights and biases are called by the
/// first op that reads them.
void name_arrays(const std::vector<Constant>& constants, const std::string& begin, HeaderPlan& plan) {
  UniqueNames names;
  plan.symbols.resize(constants.size());
  for (Section& s : plan.sections) {
    for (const FactList& list : s.facts.lists) s.lists.push_back(names.take(lower(s.macro + "_" + list.key)));
    for (const auto& [key, constant] : s.uses)
      if (plan.symbols[constant].empty())
        plan.symbols[constant] = names.take(lower(s.macro + "_" + (key == "WT" ? "weights" : key)));
  }
  for (size_t c = 0; c < constants.size(); ++c)
    if (plan.symbols[c].empty()) plan.symbols[c] = names.take(constant_symbol(constants[c], begin));
}

/// The symbols of lists that are macros: WT and BIAS of the first reader where they are that, else by their own names.
void name_macros(const Model& model, const std::vector<Constant>& constants, const std::string& begin,
                 HeaderPlan& plan) {
  UniqueNames names;
  names.take(upper(begin + "weights_h"));
  for (const char* side : {"input", "output"})
    for (size_t i = 0; i < std::max(model.main().inputs.size(), model.main().outputs.size()); ++i)
      for (const char* key : {"length", "scale", "zero_point", "frac_bits"})
        names.take(upper(fmt::format("{}{}_{}_{}", begin, side, i, key)));
  plan.symbols.resize(constants.size());
  for (Section& s : plan.sections) {
    for (const FactNumber& n : s.facts.numbers) names.take(s.macro + "_" + n.key);
    for (const FactList& list : s.facts.lists) s.lists.push_back(names.take(s.macro + "_" + list.key));
    for (const auto& [key, constant] : s.uses) {
      std::string const own = names.take(s.macro + "_" + key);
      if (plan.symbols[constant].empty()) plan.symbols[constant] = own;
    }
  }
  for (size_t c = 0; c < constants.size(); ++c)
    if (plan.symbols[c].empty()) plan.symbols[c] = names.take(upper(constant_symbol(constants[c], begin)));
}

}  // namespace

HeaderPlan plan_header(const Model& model, const std::vector<Constant>& constants, const HeaderOptions& options) {
  HeaderPlan plan;
  constexpr size_t kLeast = 12;  // for kind and place
  size_t const taken = options.name.size() + kMostKey + 2;
  auto const names = short_op_names(model, std::clamp(kMostMacro - std::min(taken, kMostMacro), kLeast, kMostOpName));
  std::vector<size_t> first(model.graphs.size());  // section of each graph
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    first[g] = plan.sections.size();
    add_sections(model, g, names[g], options, plan.sections);
  }
  for (const Section& s : plan.sections) {
    if (s.facts.rounding) plan.roundings[s.facts.rounding->name] = s.facts.rounding->rule;
    plan.shifts = plan.shifts || s.facts.shifts;
    plan.kernels = plan.kernels || (!s.facts.kernels.empty() && !s.facts.rounding);
    for (const Kernel* k : s.facts.kernels)
      if (k->rule) plan.rules[k->name] = k->rule;
  }
  for (size_t c = 0; c < constants.size(); ++c) {
    auto const& readers = constants[c].readers;
    auto& list = readers.empty()
                     ? plan.unread
                     : plan.sections[first[static_cast<size_t>(constants[c].at.graph)] + readers[0].op].constants;
    list.push_back(c);
  }
  add_uses(model, constants, plan.sections);
  std::string const begin = lower(options.name) + "_";
  if (options.defines)
    name_macros(model, constants, begin, plan);
  else
    name_arrays(constants, begin, plan);
  return plan;
}

}  // namespace narrow
