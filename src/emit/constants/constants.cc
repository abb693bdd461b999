#include "emit/constants/constants.h"

#include <algorithm>
#include <array>

#include "base/unique_names.h"
#include "emit/constants/names.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

// Names that a file cannot have on Windows, whatever its extension.
constexpr std::array<const char*, 22> kDevices{"aux",  "con",  "nul",  "prn",  "com1", "com2", "com3", "com4",
                                               "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3",
                                               "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"};

std::string why_left_out(const Tensor& t) {
  if (t.opaque) return "its values are stored in a form that narrow only carries";
  if (t.elements() == 0) return "it has no elements";
  switch (t.dtype) {
    case DType::float32:
    case DType::float16:
    case DType::float64:
    case DType::int8:
    case DType::int16:
    case DType::int32:
    case DType::int64:
    case DType::uint8:
    case DType::uint16:
    case DType::uint32:
    case DType::uint64:
    case DType::boolean:
      return {};
    default:
      return std::string("there is no number type for ") + to_string(t.dtype) + " elsewhere";
  }
}

/// Readers of each tensor of a graph; what a DEQUANTIZE makes of a constant counts as the constant.
std::vector<std::vector<Reader>> readers_of(const Graph& graph) {
  std::vector<std::vector<Reader>> out(graph.tensors.size());
  std::vector<int> const sources = constant_sources(graph);
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    for (size_t operand = 0; operand < op.inputs.size(); ++operand) {
      if (op.inputs[operand] == kNoTensor || conversion_of(op) == Conversion::dequantize) continue;
      int const t = sources[static_cast<size_t>(op.inputs[operand])];
      if (t == kNoTensor) continue;
      Role const role = op.def ? op.def->quant.role(operand) : Role::activation;
      out[static_cast<size_t>(t)].push_back({i, operand, role});
    }
  }
  return out;
}

/// The layout that all readers see; none where they differ.
Layout common_layout(const Graph& graph, const Constant& c, const LayoutChoice& choice) {
  std::optional<WeightLayout> common;
  for (const Reader& r : c.readers) {
    const OpDef* const def = graph.ops[r.op].def;
    WeightLayout const seen = def && r.role == Role::weight ? def->weight_layout : WeightLayout::none;
    if (common && *common != seen) return {};
    common = seen;
  }
  Layout layout = layout_of(common.value_or(WeightLayout::none), c.tensor->dtype, choice);
  if (layout.interleaved && c.tensor->shape.rank() != 2) return {};
  if (!layout.order.empty() && layout.order.size() != static_cast<size_t>(c.tensor->shape.rank())) return {};
  return layout;
}

std::string base_name(const Constant& c) {
  std::string base = plain_name(c.tensor->name);
  if (base.empty()) base = "tensor_" + std::to_string(c.at.tensor);
  std::string const role = c.role();
  return role.empty() || base.ends_with(role) ? base : base + "_" + role;
}

}  // namespace

const char* Constant::role() const {
  auto const all = [&](Role role) {
    return !readers.empty() &&
           std::all_of(readers.begin(), readers.end(), [&](const Reader& r) { return r.role == role; });
  };
  return all(Role::weight) ? "weights" : all(Role::bias) ? "bias" : "";
}

std::vector<Constant> list_constants(const Model& model, const LayoutChoice& choice) {
  std::vector<Constant> out;
  UniqueNames names;
  for (const char* device : kDevices) names.take(device);
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    const Graph& graph = model.graphs[g];
    auto readers = readers_of(graph);
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      if (!graph.tensors[t].constant) continue;
      Constant c;
      c.at = {static_cast<int>(g), static_cast<int>(t)};
      c.tensor = &graph.tensors[t];
      c.readers = std::move(readers[t]);
      c.name = names.take(base_name(c));
      c.left_out = why_left_out(*c.tensor);
      c.layout = common_layout(graph, c, choice);
      c.shape = arranged_shape(c.tensor->shape, c.layout);
      if (int const stored = c.tensor->quantization.axis; c.tensor->quantization.per_axis() && !c.layout.interleaved) {
        auto const& order = c.layout.order;
        c.axis =
            order.empty() ? stored : static_cast<int>(std::find(order.begin(), order.end(), stored) - order.begin());
      }
      out.push_back(std::move(c));
    }
  }
  return out;
}

std::vector<int> constant_sources(const Graph& graph) {
  std::vector<int> out(graph.tensors.size(), kNoTensor);
  for (size_t t = 0; t < out.size(); ++t)
    if (graph.tensors[t].constant) out[t] = static_cast<int>(t);
  for (const Op& op : graph.ops)
    if (conversion_of(op) == Conversion::dequantize && graph.tensor(op.inputs[0]).constant)
      out[static_cast<size_t>(op.outputs[0])] = op.inputs[0];
  return out;
}

}  // namespace narrow
