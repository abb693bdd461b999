#include "stream/keep_states.h"

#include <algorithm>
#include <utility>

#include "graph/edit.h"
#include "ops/check/validate.h"
#include "ops/control/control.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

using NamedTensors = std::vector<std::pair<std::string, int>>;

/// The tensor of `list` that has this name, itself or in a signature of the first graph.
Result<int> find(const Model& model, const std::vector<int>& list, NamedTensors Signature::*named,
                 const std::string& name, const char* what) {
  for (int t : list)
    if (model.main().tensor(t).name == name) return t;
  for (const Signature& s : model.signatures)
    if (s.graph == 0)
      for (auto const& [known, t] : s.*named)
        if (known == name) return t;
  std::string names;
  for (int t : list) names += (names.empty() ? "'" : ", '") + model.main().tensor(t).name + "'";
  return fail(ErrorKind::bad_option, std::string("there is no ") + what + " '" + name + "'; there are " + names,
              "`state`");
}

Status check_pair(const Tensor& in, const Tensor& out) {
  std::string const pair = "'" + in.name + "' and '" + out.name + "'";
  if (in.dtype != out.dtype || in.shape != out.shape)
    return fail(ErrorKind::unsupported, pair + " are " + to_string(in.dtype) + " " + in.shape.text() + " and " +
                                            to_string(out.dtype) + " " + out.shape.text() +
                                            "; a state has one type and shape");
  if (in.quantization != out.quantization)
    return fail(ErrorKind::unsupported, pair + " have different scales or zero points; a state has one");
  if (in.has_free_dimension())
    return fail(ErrorKind::unsupported, "'" + in.name + "' has a free dimension, which a state cannot have");
  return {};
}

void remove(std::vector<int>& list, int tensor) {
  list.erase(std::find(list.begin(), list.end(), tensor));
}

void remove(Model& model, NamedTensors Signature::*list, int tensor) {
  for (Signature& s : model.signatures)
    if (s.graph == 0) std::erase_if(s.*list, [&](auto const& named) { return named.second == tensor; });
}

Op made(const OpDef& def, std::vector<int> inputs, std::vector<int> outputs) {
  Op op;
  op.def = &def;
  op.type = def.name;
  op.inputs = std::move(inputs);
  op.outputs = std::move(outputs);
  return op;
}

/// Adds VAR_HANDLE and its result to a graph, in `ops`.
int add_handle(Graph& graph, const std::string& name, std::vector<Op>& ops) {
  Tensor t;
  t.name = name + "/handle";
  t.dtype = DType::resource;
  int const handle = add_tensor(graph, std::move(t));
  ops.push_back(made(kVarHandle, {}, {handle}));
  ops.back().attributes = VarHandleAttributes{"", name};
  return handle;
}

/// A constant of real zeros like `state`.
Tensor zeros_like(const Tensor& state) {
  Tensor out = computed_like(state);
  out.name += "/start";
  out.shape_signature.clear();
  auto const bytes = static_cast<size_t>(storage_bytes(out.dtype, out.elements()).value_or(0));
  Bytes values(bytes, std::byte{0});
  bool const one_byte = out.dtype == DType::int8 || out.dtype == DType::uint8;
  if (one_byte && out.quantization.present())
    std::fill(values.begin(), values.end(), static_cast<std::byte>(out.quantization.zero_point()));
  out.data = SharedBytes(std::move(values));
  out.constant = true;
  return out;
}

/// No input and no output is in two states.
Status check_once(const std::vector<StateNames>& states) {
  for (size_t i = 0; i < states.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      for (auto const name : {&StateNames::input, &StateNames::output})
        if (states[i].*name == states[k].*name)
          return fail(ErrorKind::bad_option, "'" + states[i].*name + "' is in two states", "`state`");
  return {};
}

}  // namespace

Result<Model> keep_states(Model model, const std::vector<StateNames>& states) {
  NARROW_CHECK(check_once(states));
  Graph first_values;
  first_values.name = "first_values";
  std::vector<Op> before{made(kCallOnce, {}, {})}, after;
  before.front().graphs = {static_cast<int>(model.graphs.size())};
  for (const StateNames& s : states) {
    Graph& graph = model.main();
    NARROW_TRY(int const in, find(model, graph.inputs, &Signature::inputs, s.input, "input"));
    NARROW_TRY(int const out, find(model, graph.outputs, &Signature::outputs, s.output, "output"));
    NARROW_CHECK(check_pair(graph.tensor(in), graph.tensor(out)));
    std::string const name = graph.tensor(in).name;
    int const start = add_tensor(first_values, zeros_like(graph.tensor(in)));
    int const start_handle = add_handle(first_values, name, first_values.ops);
    first_values.ops.push_back(made(kAssignVariable, {start_handle, start}, {}));
    int const handle = add_handle(graph, name, before);
    before.push_back(made(kReadVariable, {handle}, {in}));
    after.push_back(made(kAssignVariable, {handle, out}, {}));
    graph.tensor(in).shape_signature.clear();
    remove(graph.inputs, in);
    remove(graph.outputs, out);
    remove(model, &Signature::inputs, in);
    remove(model, &Signature::outputs, out);
    std::erase_if(model.file_layouts, [&](const FileLayout& l) { return l.input == name; });
  }
  Graph& graph = model.main();
  if (graph.inputs.empty() || graph.outputs.empty())
    return fail(ErrorKind::bad_option,
                std::string("no ") + (graph.inputs.empty() ? "input" : "output") + " is left beside the states",
                "`state`");
  graph.ops.insert(graph.ops.begin(), std::make_move_iterator(before.begin()), std::make_move_iterator(before.end()));
  graph.ops.insert(graph.ops.end(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
  model.graphs.push_back(std::move(first_values));
  NARROW_CHECK(validate(model));
  return model;
}

}  // namespace narrow
