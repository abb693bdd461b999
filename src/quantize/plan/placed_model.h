// PlacedModel: a model with the placement of its ops, and walks over both.
#pragma once

#include "ops/def/op_def.h"
#include "quantize/plan/placement.h"

namespace narrow {

/// A view: both outlive it.
struct PlacedModel {
  const Model& model;
  const Decisions& decisions;

  int graphs() const { return static_cast<int>(model.graphs.size()); }
  const Graph& graph(int g) const { return model.graphs[static_cast<size_t>(g)]; }
  const Tensor& tensor(TensorRef t) const { return graph(t.graph).tensor(t.tensor); }
  /// Whether a tensor is there and has float values.
  bool is_float(TensorRef t) const { return t.tensor != kNoTensor && tensor(t).dtype == DType::float32; }

  /// f(graph number, op, decision) for each op with that placement.
  template <class F>
  void each(Placement placement, F f) const {
    for (int g = 0; g < graphs(); ++g)
      for (size_t i = 0; i < graph(g).ops.size(); ++i)
        if (const Decision& d = decisions.of(static_cast<size_t>(g), i); d.placement == placement)
          f(g, graph(g).ops[i], d);
  }

  /// f(tensor) for each float operand of an op that is data, constants included.
  template <class F>
  void each_activation(int g, const Op& op, F f) const {
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (is_data(OpView{graph(g), op}, i) && is_float({g, op.inputs[i]})) f(TensorRef{g, op.inputs[i]});
  }

  /// f(tensor, bits, rule) for each value inside of a float op that it has, `bits` wide beside data of that many.
  template <class F>
  void each_inside(int g, const Op& op, int data_bits, F f) const {
    if (!gives_inside(OpView{graph(g), op})) return;
    for (size_t i = 0; i < op.intermediates.size(); ++i) {
      const Inside& rule = op.def->quant.inside[i];
      TensorRef const t{g, op.intermediates[i]};
      if (rule.params == Inside::Params::none || tensor(t).elements() == 0) continue;
      bool const wide = rule.params == Inside::Params::power_of_two || rule.params == Inside::Params::symmetric_16;
      f(t, wide ? 16 : data_bits, rule);
    }
  }

  /// f(tensor) for each float result of an op.
  template <class F>
  void each_result(int g, const Op& op, F f) const {
    for (int t : op.outputs)
      if (is_float({g, t})) f(TensorRef{g, t});
  }
};

/// The tensor whose quantization parameters all float operands of an op take, where the op's rule is that they share
/// one scale (ScaleRule::same, inputs_as_output): its first float result, or for an op without one its first float
/// operand that is not constant. kNoTensor where there is none, and for ops of another rule.
int scale_source(const Graph& graph, const Op& op, int bits);

}  // namespace narrow
