#include "read/graphdef/network.h"

#include <algorithm>
#include <set>

#include "ops/build/finish_graph.h"
#include "read/graphdef/inputs.h"

namespace narrow::graphdef {
namespace {

bool is_op(const Body& body, int n, std::string_view type) {
  return n >= 0 && body.node(n).def && body.node(n).def->op() == type;
}

/// Nodes that give nothing that a user would ask for.
bool is_result(const Body& body, int n) {
  const auto* const def = body.node(n).def;
  if (!def) return false;
  for (std::string_view type : {"Const", "NoOp", "Placeholder", "Assert", "VarHandleOp", "Assign", "AssignVariableOp"})
    if (def->op() == type) return false;
  return true;
}

std::string without_port(const std::string& name) {
  return name.substr(0, name.find(':'));
}

DType dtype_of(const Body& body, int n) {
  for (const char* key : {"dtype", "T"}) {
    auto const at = body.node(n).def->attr().find(key);
    if (at == body.node(n).def->attr().end()) continue;
    if (auto const dtype = dtype_of_number(at->second.type())) return computed_dtype(*dtype);
  }
  return DType::float32;
}

/// The element type and shape of a result, found by reading the graph up to it; nothing where that cannot be read.
std::optional<std::pair<DType, OpenShape>> as_computed(const Reading& reading, const Body& body, const Source& source) {
  Reading trial(reading.options, reading.limits);
  trial.contents = reading.contents;
  trial.function_defs = reading.function_defs;
  trial.variables = reading.variables;
  auto const values = trace(trial, body, {}, {source});
  if (!values || values->front().tensor == kNoTensor) return std::nullopt;
  const Tensor& t = trial.builder.at(values->front().tensor);
  std::vector<int64_t> dims(t.shape.dims().begin(), t.shape.dims().end());
  for (size_t i = 0; i < t.shape_signature.size() && i < dims.size(); ++i) dims[i] = t.shape_signature[i];
  return std::pair(t.dtype, OpenShape(std::move(dims)));
}

class Reader {
 public:
  Reader(Reading& reading, const Body& body, const Network& network)
      : reading_(reading), body_(body), network_(network) {}

  Result<Model> read() {
    NARROW_CHECK(choose_outputs());
    NARROW_CHECK(choose_inputs());
    NARROW_CHECK(cut_front_end());
    std::vector<Source> sources;
    for (const auto& [name, source] : outputs_) sources.push_back(source);
    NARROW_TRY(std::vector<Value> const values, trace(reading_, body_, {}, sources, given_));
    std::vector<int> outputs;
    Signature signature{network_.signature, 0, {}, {}};
    for (size_t i = 0; i < values.size(); ++i) {
      // Constants that nobody reads are no result of the network, if it has others.
      if (values[i].tensor == kNoTensor) continue;
      outputs.push_back(values[i].tensor);
      signature.outputs.emplace_back(outputs_[i].first, values[i].tensor);
    }
    if (outputs.empty())
      return fail(ErrorKind::unsupported, "the graph computes nothing from inputs", "", "`outputs` names its results");
    GraphBuilder& builder = reading_.builder;
    builder.outputs(std::move(outputs));
    for (int const t : builder.graph().inputs) {
      auto const named = std::find_if(network_.inputs.begin(), network_.inputs.end(), [&](const auto& input) {
        return without_port(input.second) == builder.at(t).name;
      });
      signature.inputs.emplace_back(named == network_.inputs.end() ? builder.at(t).name : named->first, t);
    }
    builder.graph().name = network_.signature;
    builder.model().signatures.push_back(std::move(signature));
    move_channels_last(builder.model(), reading_.layout, reading_.options.keep_layout, reading_.notes);
    finish_graph(builder.model(), reading_.sums);
    builder.model().notes = reading_.notes;
    return std::move(builder.model());
  }

  /// The nodes that the outputs need, without reading them.
  Result<std::vector<int>> needed() {
    NARROW_CHECK(choose_outputs());
    std::vector<Source> sources;
    for (const auto& [name, source] : outputs_) sources.push_back(source);
    return body_.order(sources, {}, false);
  }

 private:
  Status choose_outputs() {
    auto names = network_.outputs;
    bool found = false;
    std::vector<std::pair<std::string, std::string>> asked;
    for (const std::string& name : reading_.options.outputs) {
      asked.emplace_back(without_port(name), name);
      found = found || body_.source(name).node >= 0;
    }
    if (found) names = asked;
    for (const auto& [name, reference] : names) {
      Source const source = body_.source(reference);
      if (source.node < 0) {
        if (found) return refuse("outputs", "there is no node '" + reference + "'", "`narrow inspect` lists the names");
        return fail(ErrorKind::bad_file, "output '" + name + "' is that of a node that is not there: " + reference);
      }
      outputs_.emplace_back(name, source);
    }
    if (outputs_.empty()) return fail(ErrorKind::bad_file, "the graph has no outputs");
    return {};
  }

  Status choose_inputs() {
    for (const std::string& name : reading_.options.inputs) {
      Source const source = body_.source(name);
      if (source.node < 0 || !body_.node(source.node).def) continue;  // a tensor of the model, perhaps
      if (is_op(body_, source.node, "Placeholder")) continue;
      bool const sized = std::any_of(reading_.options.shape.begin(), reading_.options.shape.end(),
                                     [&](const InputShape& s) { return without_port(s.input) == without_port(name); });
      std::pair<DType, OpenShape> what{dtype_of(body_, source.node), std::nullopt};
      if (is_audio_front_end(body_.node(source.node).def->op())) {
        what = {DType::float32, front_end_shape(body_, source.node)};
      } else if (!sized) {
        auto const computed = as_computed(reading_, body_, source);
        if (!computed)
          return refuse("inputs",
                        "the shape of input '" + name + "' is not known, because what computes it cannot be read",
                        "`shape` gives its dimensions");
        what = *computed;
      }
      NARROW_TRY(int const t, add_input(reading_, without_port(name), what.first, what.second));
      given_.emplace(source, of_tensor(t));
    }
    return {};
  }

  /// Results of the audio front end that other nodes read become inputs.
  Status cut_front_end() {
    std::vector<Source> sources;
    for (const auto& [name, source] : outputs_) sources.push_back(source);
    NARROW_TRY(std::vector<int> const order, body_.order(sources, given_, false));
    for (int const n : order) {
      const auto* const def = body_.node(n).def;
      if (!def || is_audio_front_end(def->op())) continue;
      for (const Source& s : body_.node(n).inputs) {
        const auto* const from = s.node < 0 ? nullptr : body_.node(s.node).def;
        if (!from || !is_audio_front_end(from->op()) || given_.contains(s)) continue;
        NARROW_TRY(int const t, add_input(reading_, from->name(), DType::float32, front_end_shape(body_, s.node)));
        given_.emplace(s, of_tensor(t));
        reading_.notes.push_back("the front end that turns sound into features is left out: the input is '" +
                                 from->name() + "' (" + from->op() + "), of shape " + reading_.builder.shape(t).text());
      }
    }
    return {};
  }

  Reading& reading_;
  const Body& body_;
  const Network& network_;
  std::vector<std::pair<std::string, Source>> outputs_;
  std::map<Source, Value> given_;
};

/// Why a node cannot be read, as far as its type says.
std::string reason_against(const std::string& type) {
  if (is_audio_front_end(type)) return "audio front ends are left out; what they give becomes an input";
  return find_rule(type) ? "" : "narrow has no form of this op";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> unread_results(const Body& body) {
  std::vector<bool> read(body.nodes().size(), false);
  for (const BodyNode& node : body.nodes())
    for (const Source& s : node.inputs)
      if (s.node >= 0) read[static_cast<size_t>(s.node)] = true;
  std::vector<std::pair<std::string, std::string>> out;
  for (int n = 0; n < static_cast<int>(body.nodes().size()); ++n)
    if (!read[static_cast<size_t>(n)] && is_result(body, n)) out.emplace_back(body.node(n).name, body.node(n).name);
  return out;
}

Result<Model> read_network(Reading& reading, const Body& body, const Network& network) {
  return Reader(reading, body, network).read();
}

Result<std::vector<FileOp>> list_network(const Reading& reading, const Body& body, const Network& network) {
  Reading trial(reading.options, reading.limits);
  NARROW_TRY(std::vector<int> const order, Reader(trial, body, network).needed());
  std::vector<FileOp> out;
  std::set<std::string> called;
  std::vector<std::string> next;
  auto add = [&](const tf_format::NodeDef& def) {
    if (def.op() != "Const") out.push_back({def.name(), def.op(), reason_against(def.op())});
    std::set<std::string> names;  // in an order that does not depend on the map's
    for (const auto& [key, value] : def.attr())
      if (value.has_func()) names.insert(value.func().name());
    for (const std::string& name : names)
      if (called.insert(name).second) next.push_back(name);
  };
  std::set<const Loop*> loops;
  for (int const n : order) {
    if (const Loop* const loop = body.loop_ending_at(n); loop && loops.insert(loop).second) {
      for (int const m : loop->enters) add(*body.node(m).def);
      for (int const m : loop->inside) add(*body.node(m).def);
    }
    if (body.node(n).def) add(*body.node(n).def);
  }
  for (size_t i = 0; i < next.size(); ++i)
    if (auto const def = reading.function_defs.find(next[i]); def != reading.function_defs.end())
      for (const auto& node : def->second->node_def()) add(node);
  return out;
}

}  // namespace narrow::graphdef
