#include "graph/free_dimensions.h"

#include <algorithm>

#include "graph/edit.h"
#include "graph/entry.h"

namespace narrow {
namespace {

struct Input {
  int graph = 0;
  int tensor = 0;
  std::vector<std::string> names;  // the tensor's, then what signatures call it
};

std::vector<Input> inputs_of(const Model& model) {
  std::vector<Input> out;
  for (int g : entry_graphs(model)) {
    const Graph& graph = model.graphs[static_cast<size_t>(g)];
    for (int t : graph.inputs) {
      Input input{g, t, {graph.tensor(t).name}};
      for (const Signature& s : model.signatures)
        for (const auto& [name, of] : s.inputs)
          if (s.graph == g && of == t) input.names.push_back(name);
      out.push_back(std::move(input));
    }
  }
  return out;
}

Tensor& tensor_of(Model& model, const Input& input) {
  return model.graphs[static_cast<size_t>(input.graph)].tensor(input.tensor);
}

bool is_free(const Tensor& t, size_t d) {
  return !t.shape_signature.empty() && t.shape_signature[d] == -1;
}

/// How the file orders an input's dimensions, if not as they are: dimension i is the file's dimension [i].
std::vector<int> file_order(const Model& model, const Tensor& t) {
  for (const FileLayout& layout : model.file_layouts)
    if (layout.input == t.name && layout.order.size() == t.shape.dims().size()) return layout.order;
  return {};
}

/// The input as its file has it.
std::string described(const Tensor& t, const std::vector<int>& order = {}) {
  std::vector<std::string> dims(t.shape.dims().size());
  for (size_t d = 0; d < dims.size(); ++d)
    dims[order.empty() ? d : static_cast<size_t>(order[d])] =
        is_free(t, d) ? "free" : std::to_string(t.shape.dims()[d]);
  std::string out;
  for (const std::string& d : dims) out += (out.empty() ? "" : ", ") + d;
  return "'" + readable(t.name) + "' is [" + out + "]" + (order.empty() ? "" : " in the file");
}

std::string listed(Model& model, const std::vector<Input>& inputs) {
  std::string out;
  for (const Input& i : inputs) {
    const Tensor& t = tensor_of(model, i);
    out += (out.empty() ? "input " : ", ") + described(t, file_order(model, t));
  }
  return out.empty() ? "the model has no inputs" : out;
}

std::string text_of(const InputShape& wanted) {
  std::string out = "`shape=" + wanted.input + "=";
  for (size_t d = 0; d < wanted.dims.size(); ++d) out += (d ? "x" : "") + std::to_string(wanted.dims[d]);
  return out + "`";
}

/// `wanted` is in the order of the file.
Status fix_shape(Tensor& t, const InputShape& wanted, const std::vector<int>& order) {
  std::vector<int32_t> dims = wanted.dims;
  for (size_t d = 0; dims.size() == order.size() && d < dims.size(); ++d)
    dims[d] = wanted.dims[static_cast<size_t>(order[d])];
  bool fits = t.unranked || wanted.dims.size() == t.shape.dims().size();
  for (size_t d = 0; fits && d < wanted.dims.size(); ++d)
    fits = dims[d] >= 1 && (t.unranked || is_free(t, d) || t.shape.dims()[d] == dims[d]);
  if (!fits) return refuse("shape", text_of(wanted) + " does not go with the model", "input " + described(t, order));
  NARROW_TRY(t.shape, Shape::make(dims));
  t.shape_signature.clear();
  t.unranked = false;
  return {};
}

/// Inputs without a free first dimension need not count samples (a table, a scalar), so long as another one does.
Status fix_batch(Model& model, const std::vector<Input>& inputs, int64_t batch) {
  std::string const text = "`batch=" + std::to_string(batch) + "`";
  if (batch < 1 || batch > limits_in_force().tensor_elements)
    return refuse("batch", text + " is not the size of a dimension", "give a whole number of at least 1");
  bool fixed = false;
  for (const Input& i : inputs) {
    Tensor& t = tensor_of(model, i);
    if (t.shape.rank() == 0 || !is_free(t, 0)) continue;
    std::vector<int32_t> dims(t.shape.dims().begin(), t.shape.dims().end());
    dims[0] = static_cast<int32_t>(batch);
    NARROW_TRY(t.shape, Shape::make(dims));
    t.shape_signature[0] = dims[0];
    if (!t.has_free_dimension()) t.shape_signature.clear();
    fixed = true;
  }
  if (fixed) return {};
  for (const Input& i : inputs)
    if (const Tensor& t = tensor_of(model, i); t.shape.rank() > 0 && t.shape[0] == batch) return {};
  return refuse("batch", text + " does not go with the model: its batch is not free", listed(model, inputs));
}

}  // namespace

Status fix_dimensions(Model& model, const LoadOptions& options) {
  std::vector<Input> const inputs = inputs_of(model);
  for (const InputShape& wanted : options.shape) {
    bool found = false;
    for (const Input& i : inputs) {
      if (std::find(i.names.begin(), i.names.end(), wanted.input) == i.names.end()) continue;
      found = true;
      Tensor& t = tensor_of(model, i);
      NARROW_CHECK(fix_shape(t, wanted, file_order(model, t)));
    }
    if (!found)
      return refuse("shape", "`shape`: there is no input '" + readable(wanted.input) + "'", listed(model, inputs));
  }
  return options.batch ? fix_batch(model, inputs, *options.batch) : Status();
}

bool resize_input(Model& model, int graph, int tensor, std::span<const int64_t> dims) {
  Tensor& t = model.graphs[static_cast<size_t>(graph)].tensor(tensor);
  if (t.unranked || dims.size() != t.shape.dims().size()) return false;
  std::vector<int32_t> now(t.shape.dims().begin(), t.shape.dims().end());
  for (size_t d = 0; d < dims.size(); ++d) {
    if (dims[d] == now[d]) continue;
    if (!is_free(t, d) || dims[d] < 1 || dims[d] > limits_in_force().tensor_elements) return false;
    now[d] = static_cast<int32_t>(dims[d]);
  }
  auto shape = Shape::make(now);
  if (!shape || *shape == t.shape) return false;
  t.shape = std::move(*shape);
  for (Graph& g : model.graphs)
    for (Tensor& other : g.tensors)
      if (other.from_shapes) other = computed_like(other);
  return true;
}

bool enlarge_free_inputs(Model& model, int32_t size) {
  bool changed = false;
  for (const Input& i : inputs_of(model)) {
    const Tensor& t = tensor_of(model, i);
    std::vector<int64_t> dims(t.shape.dims().begin(), t.shape.dims().end());
    for (size_t d = 1; d < dims.size(); ++d)
      if (is_free(t, d)) dims[d] = size;
    changed |= resize_input(model, i.graph, i.tensor, dims);
  }
  return changed;
}

bool has_free_inputs(const Model& model, size_t from) {
  auto is_open = [&](const Tensor& t) {
    auto const& dims = t.shape_signature;
    auto const first = dims.begin() + static_cast<ptrdiff_t>(std::min(from, dims.size()));
    return t.unranked || std::find(first, dims.end(), -1) != dims.end();
  };
  for (int g : entry_graphs(model)) {
    const Graph& graph = model.graphs[static_cast<size_t>(g)];
    if (std::any_of(graph.inputs.begin(), graph.inputs.end(), [&](int t) { return is_open(graph.tensor(t)); }))
      return true;
  }
  return false;
}

}  // namespace narrow
