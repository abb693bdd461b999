#include <algorithm>
#include <cmath>
#include <map>

#include "graph/edit.h"
#include "ops/check/validate.h"
#include "ops/conversions/conversion.h"
#include "ops/def/op_def.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/rewrite/missing_kernels.h"

namespace narrow {
namespace {

/// A tensor of element type `io` at the border of a graph, for the values of tensor `inner`.
Result<Tensor> outer_tensor(const Tensor& inner, const std::optional<Range>& range, DType io) {
  Tensor t = computed_like(inner);
  t.dtype = io;
  if (io == DType::float32) {
    t.quantization = {};
  } else if (io == DType::uint8 && inner.dtype == DType::int8) {
    t.quantization = Quantization::of(inner.quantization.scale(), inner.quantization.zero_point() + 128);
  } else if (io == DType::int8 && inner.dtype == DType::uint8) {
    t.quantization = Quantization::of(inner.quantization.scale(), inner.quantization.zero_point() - 128);
  } else if (io == DType::uint8) {
    return fail(ErrorKind::bad_option,
                std::string("`io=uint8` does not meet ") + to_string(inner.dtype) +
                    " activations: no runtime converts between them",
                "tensor '" + inner.name + "'", "use `io=int16` or `io=float32`");
  } else {
    t.quantization = activation_params(range.value_or(Range{}), io == DType::int16 ? 16 : 8).quantization();
  }
  return t;
}

bool is_border_op(const Op& op) {
  return conversion_of(op) == Conversion::quantize || conversion_of(op) == Conversion::dequantize;
}

/// Whether an op runs that graph.
bool runs(const Model& model, int number) {
  for (const Graph& g : model.graphs)
    for (const Op& op : g.ops)
      if (std::find(op.graphs.begin(), op.graphs.end(), number) != op.graphs.end()) return true;
  return false;
}

/// The range of a constant that a graph gives out as it is.
Result<Range> range_of_output(const Graph& graph, int constant) {
  Range const range = range_of_constant(graph.tensor(constant));
  if (std::isfinite(range.lo) && std::isfinite(range.hi)) return range;
  return fail(ErrorKind::bad_data, "a constant output holds an infinite value", tensor_label(graph, constant),
              "use `io=float32`");
}

/// An op that converts a tensor; unsupported where no kernel does.
Result<Op> checked_conversion(const Graph& graph, int from, int to) {
  Op op = conversion(graph, from, to);
  if (std::string const why = kernel_refusal(graph, op); !why.empty())
    return fail(ErrorKind::unsupported,
                std::string("it cannot be converted to ") + to_string(graph.tensor(to).dtype) + ": " + why,
                tensor_label(graph, from), "choose another `io`");
  return op;
}

/// The one conversion that reads `t`, if nothing else does and its result has type `io`; -1 where not.
int only_reader(const Graph& graph, int t, DType io) {
  int found = -1;
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    if (std::find(op.inputs.begin(), op.inputs.end(), t) == op.inputs.end()) continue;
    if (found >= 0 || !is_border_op(op) || graph.tensor(op.outputs[0]).dtype != io) return -1;
    found = static_cast<int>(i);
  }
  bool const given_out = std::find(graph.outputs.begin(), graph.outputs.end(), t) != graph.outputs.end();
  return given_out ? -1 : found;
}

/// The conversion that makes `t` of a computed tensor of type `io`; -1 where there is none.
int conversion_to(const Graph& graph, int t, DType io) {
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    if (op.outputs.empty() || op.outputs[0] != t || !is_border_op(op)) continue;
    const Tensor& from = graph.tensor(op.inputs[0]);
    if (from.dtype == io && !from.constant) return static_cast<int>(i);
  }
  return -1;
}

bool is_integer_value(const Tensor& t) {
  return t.quantization.scales.size() == 1 && !t.constant &&
         (t.dtype == DType::int8 || t.dtype == DType::uint8 || t.dtype == DType::int16);
}

/// What an integer tensor covers.
std::optional<Range> covered(const Tensor& t) {
  auto const params = stored_params(t);
  if (!params) return std::nullopt;
  IntegerInterval const q = integer_range(params->dtype);
  return Range{static_cast<float>(q.lo - params->zero_point) * params->scale,
               static_cast<float>(q.hi - params->zero_point) * params->scale};
}

}  // namespace

std::vector<int> outputs_without_values(const Graph& graph) {
  std::vector<bool> const uncomputable = uncomputable_tensors(graph);
  std::vector<int> out;
  for (int t : graph.outputs)
    if (graph.tensor(t).dtype == DType::float32 && uncomputable[static_cast<size_t>(t)]) out.push_back(t);
  return out;
}

Status set_io_types(Model& model, const Model& original, int number, const RangeOf& range_of, DType io) {
  Graph& graph = model.graphs[static_cast<size_t>(number)];
  const Graph& before = original.graphs[static_cast<size_t>(number)];
  std::vector<int> const unknown = outputs_without_values(before);
  std::map<int, int> outer;  // by tensor inside: the one that callers see instead
  auto outer_of = [&](int t) -> Result<int> {
    if (auto const at = outer.find(t); at != outer.end()) return at->second;
    if (before.tensor(t).dtype != DType::float32 || graph.tensor(t).dtype == io) return t;
    if (std::ranges::find(unknown, t) != unknown.end()) return t;
    if (runs(original, number))
      return fail(ErrorKind::unsupported,
                  "'" + readable(before.tensor(t).name) + "' of graph " + std::to_string(number) +
                      " is passed by an op too, as " + to_string(graph.tensor(t).dtype),
                  model.source, std::string("`io=") + to_string(graph.tensor(t).dtype) + "`");
    std::optional<Range> range;
    if (io == DType::int8 || io == DType::int16) {
      NARROW_TRY(range, before.tensor(t).constant ? range_of_output(before, t)
                                                  : range_of({number, t}, "minmax", io == DType::int16 ? 16 : 8));
    }
    NARROW_TRY(Tensor tensor, outer_tensor(graph.tensor(t), range, io));
    graph.tensor(t).name += "/inner";  // callers know the outer tensor by its name
    return outer[t] = add_tensor(graph, std::move(tensor));
  };
  std::vector<Op> first;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    int const inner = graph.inputs[i];
    NARROW_TRY(graph.inputs[i], outer_of(inner));
    if (graph.inputs[i] == inner) continue;
    rebind_signatures(model, number, &Signature::inputs, inner, graph.inputs[i]);
    graph.tensor(inner).variable = false;  // a conversion computes it now
    NARROW_TRY(Op op, checked_conversion(graph, graph.inputs[i], inner));
    first.push_back(std::move(op));
  }
  graph.ops.insert(graph.ops.begin(), first.begin(), first.end());
  // An input that is an output as well, or an output listed twice, is not converted again.
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    int const inner = graph.outputs[i];
    bool const again = outer.contains(inner);
    NARROW_TRY(graph.outputs[i], outer_of(inner));
    if (graph.outputs[i] == inner) continue;
    rebind_signatures(model, number, &Signature::outputs, inner, graph.outputs[i]);
    if (again) continue;
    NARROW_TRY(Op op, checked_conversion(graph, inner, graph.outputs[i]));
    graph.ops.push_back(std::move(op));
  }
  return {};
}

Status set_integer_io(Model& model, const Model& original, int number, DType io) {
  Graph& graph = model.graphs[static_cast<size_t>(number)];
  const Graph& before = original.graphs[static_cast<size_t>(number)];
  auto changes = [&](int t, int was) {
    return before.tensor(was).dtype != DType::float32 && is_integer_value(graph.tensor(t)) &&
           graph.tensor(t).dtype != io;
  };
  auto outer_of = [&](int inner) -> Result<int> {
    if (runs(original, number))
      return fail(ErrorKind::unsupported, "'" + readable(graph.tensor(inner).name) + "' is passed by an op too",
                  model.source, "leave `io` out");
    NARROW_TRY(Tensor outer, outer_tensor(graph.tensor(inner), covered(graph.tensor(inner)), io));
    graph.tensor(inner).name += "/inner";  // callers know the outer tensor by its name
    return add_tensor(graph, std::move(outer));
  };
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    int const inner = graph.inputs[i];
    if (!changes(inner, before.inputs[i])) continue;
    int to = kNoTensor;
    if (int const reader = only_reader(graph, inner, io); reader >= 0) {
      to = graph.ops[static_cast<size_t>(reader)].outputs[0];
      graph.ops.erase(graph.ops.begin() + reader);
      std::swap(graph.tensor(to).name, graph.tensor(inner).name);
    } else {
      NARROW_TRY(to, outer_of(inner));
      NARROW_TRY(Op op, checked_conversion(graph, to, inner));
      graph.ops.insert(graph.ops.begin(), std::move(op));
    }
    rebind_signatures(model, number, &Signature::inputs, inner, to);
    graph.inputs[i] = to;
  }
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    int const inner = graph.outputs[i];
    if (!changes(inner, before.outputs[i])) continue;
    int to = kNoTensor;
    if (int const maker = conversion_to(graph, inner, io); maker >= 0) {
      to = graph.ops[static_cast<size_t>(maker)].inputs[0];
      std::swap(graph.tensor(to).name, graph.tensor(inner).name);
    } else {
      NARROW_TRY(to, outer_of(inner));
      NARROW_TRY(Op op, checked_conversion(graph, inner, to));
      graph.ops.push_back(std::move(op));
    }
    rebind_signatures(model, number, &Signature::outputs, inner, to);
    graph.outputs[i] = to;
  }
  return {};
}

}  // namespace narrow
