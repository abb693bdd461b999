#include "quantize/decide.h"

#include <algorithm>

#include "ops/op_def.h"
#include "quantize/stored_constants.h"

namespace narrow {
namespace {

bool carries_floats(const Graph& graph, const Op& op) {
  auto is_float = [&](int t) { return t != kNoTensor && graph.tensor(t).dtype == DType::float32; };
  return std::any_of(op.inputs.begin(), op.inputs.end(), is_float) ||
         std::any_of(op.outputs.begin(), op.outputs.end(), is_float);
}

/// Why an op with an integer form cannot take it as it stands; empty where it can.
std::string obstacle(const Model& model, int g, const Op& op, const StoredConstants& constants) {
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    Role const role = op.def->quant.role(i);
    if (op.inputs[i] == kNoTensor || role == Role::index) continue;
    const Tensor& t = model.graphs[static_cast<size_t>(g)].tensor(op.inputs[i]);
    std::string const of = role == Role::weight ? "its weights" : "its bias";
    if (role == Role::activation) {
      if (t.opaque) return "'" + readable(t.name) + "' is stored in a form that narrow only carries";
      if (t.dtype != DType::float32) return std::string("it mixes float32 with ") + to_string(t.dtype);
      continue;
    }
    const Tensor* const constant = constants.behind({g, op.inputs[i]});
    if (!constant) return of + (role == Role::weight ? " are" : " is") + " computed, not constant";
    if (!has_real_values(*constant))
      return of + " hold " + to_string(constant->dtype) + " in a form that narrow only carries";
  }
  return {};
}

bool is_border(const Op& op) {
  return op.def && (op.type == "QUANTIZE" || op.type == "DEQUANTIZE" || op.type == "FAKE_QUANT");
}

Decision decide_op(const Model& model, int g, const Op& op, const StoredConstants& constants, const Recipe& recipe) {
  const Graph& graph = model.graphs[static_cast<size_t>(g)];
  Decision d;
  d.settings = recipe.settings(op_name(graph, op), op.type, Role::activation);
  d.bits = d.settings.activations;
  auto become = [&](Fate fate, std::string reason) {
    d.fate = fate;
    d.reason = std::move(reason);
    return d;
  };
  if (!carries_floats(graph, op)) return become(Fate::untouched, "carries no float values");
  if (is_control(op))
    return d.settings.keep_float ? become(Fate::real, "kept float as asked") : become(Fate::control, "");
  if (!op.def) return become(Fate::real, "narrow does not know this op");
  if (d.settings.keep_float && op.type != "DEQUANTIZE") return become(Fate::real, "kept float as asked");
  if (is_border(op)) return become(Fate::border, "the file's own border between float and integer");
  std::string const form = "int" + std::to_string(d.bits);
  if (d.bits == 8 ? !op.def->quant.int8 : !op.def->quant.int16)
    return become(Fate::real, "no " + form + " form exists");
  if (std::string why = obstacle(model, g, op, constants); !why.empty()) return become(Fate::real, std::move(why));
  return become(Fate::integer, form + " activations");
}

/// An op of a graph that the first one does not run: nothing is known of its values.
Decision not_run(const Model& model, int g, const Op& op) {
  auto enters = [&](const Signature& s) { return s.graph == g; };
  bool const entry = std::any_of(model.signatures.begin(), model.signatures.end(), enters);
  Decision d;
  bool const real = entry && carries_floats(model.graphs[static_cast<size_t>(g)], op);
  d.fate = real ? Fate::real : Fate::untouched;
  d.reason = real ? "its graph is another signature's, and calibration runs the first graph" : "nothing runs its graph";
  return d;
}

/// Gives each link the width that its op is asked for; float where the op was asked to stay so.
void decide_links(Decisions& decisions) {
  for (Link& link : decisions.links.all()) {
    const Decision& d = decisions.of(static_cast<size_t>(link.graph), link.op);
    link.bits = d.fate == Fate::control ? d.bits : 0;
  }
}

/// "loop variables, operands and results as int8", now that links have their forms.
void describe_control(const Model& model, Decisions& decisions) {
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) {
      Decision& d = decisions.ops[g][i];
      if (d.fate != Fate::control) continue;
      const Op& op = model.graphs[g].ops[i];
      size_t integers = 0, floats = 0;
      for (size_t k = 0; k < op.outputs.size(); ++k)
        if (const Link* link = decisions.links.result(op, k)) ++(link->bits ? integers : floats);
      if (integers == 0 && floats > 0) {
        d.fate = Fate::real;
        d.reason = "its float values meet float ops only";
        continue;
      }
      d.reason = std::to_string(integers) + " float value(s) as int" + std::to_string(d.bits);
      if (floats > 0) d.reason += ", " + std::to_string(floats) + " stay float";
    }
}

}  // namespace

Decisions decide(const Model& model, const QuantizeOptions& options) {
  Decisions out{{}, Links(model)};
  std::vector<bool> const run = graphs_run(model);
  StoredConstants const constants(model);
  bool some_float = false;
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    out.ops.emplace_back();
    for (const Op& op : model.graphs[g].ops) {
      Decision d = run[g] ? decide_op(model, static_cast<int>(g), op, constants, options.recipe)
                          : not_run(model, static_cast<int>(g), op);
      some_float |= d.fate == Fate::real;
      out.ops.back().push_back(std::move(d));
    }
  }
  decide_links(out);
  if (some_float && options.allow_float) settle_islands(model, options.io.value_or(options.scheme->io), out);
  describe_control(model, out);
  return out;
}

Status require_integer(const Model& model, const Decisions& decisions) {
  std::string list;
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) {
      if (decisions.of(g, i).fate != Fate::real) continue;
      list += (list.empty() ? "" : "; ") + op_label(model.graphs[g], i);
      if (g > 0) list += " of graph " + std::to_string(g);
      list += ": " + decisions.of(g, i).reason;
    }
  if (list.empty()) return {};
  return fail(ErrorKind::unsupported, "these ops would stay float: " + list, model.source,
              "--allow-float leaves them float, each with its conversions");
}

}  // namespace narrow
