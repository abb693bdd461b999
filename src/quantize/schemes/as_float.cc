#include "quantize/schemes/as_float.h"

#include <algorithm>

#include "graph/edit.h"
#include "ops/def/attributes.h"
#include "ops/def/op_def.h"
#include "ops/def/shared_attributes.h"
#include "quantize/plan/stored_constants.h"

namespace narrow {
namespace {

bool is_conversion(const Op& op) {
  return conversion_of(op) == Conversion::quantize || conversion_of(op) == Conversion::dequantize;
}

bool is_real(const Tensor& t) {
  return t.quantization.present() && t.dtype != DType::float32;
}

/// The range that the integers of `params` cover.
Range covered_range(const QuantParams& params) {
  IntegerInterval const q = integer_range(params.dtype);
  return {static_cast<float>(q.lo - params.zero_point) * params.scale,
          static_cast<float>(q.hi - params.zero_point) * params.scale};
}

/// Makes one graph of a model float.
class GraphDequantizer {
 public:
  GraphDequantizer(FloatModel& out, int number) : out_(out), number_(number), graph_(out.model.graphs[at(number)]) {}

  Status run() {
    for (size_t i = 0; i < graph_.ops.size(); ++i)
      if (auto fine = check(graph_.ops[i]); !fine) return pass(std::move(fine), op_label(graph_, i));
    for (size_t t = 0; t < graph_.tensors.size(); ++t) NARROW_CHECK(make_float(static_cast<int>(t)));
    keep_clamps_at_zero();
    remove_conversions();
    for (Op& op : graph_.ops) {
      op.version = 1;
      op.arithmetic.reset();
      set_attribute(op, kQuantizedBiasType, DType::float32);
      if (op.def) op.version = least_version(OpView{graph_, op});
    }
    return {};
  }

 private:
  static size_t at(int i) { return static_cast<size_t>(i); }

  /// Refuses ops that compute with integers and have no float counterpart.
  Status check(const Op& op) const {
    bool const reads = std::any_of(op.inputs.begin(), op.inputs.end(),
                                   [&](int t) { return t != kNoTensor && is_real(graph_.tensor(t)); });
    if (!reads || is_conversion(op) || (op.def && (op.def->quant.int8 || op.def->quant.int16 || !op.graphs.empty())))
      return {};
    return fail(ErrorKind::unsupported,
                op.type + " has no counterpart for the real numbers that its integers stand for", {},
                "quantize the float model instead");
  }

  Status make_float(int index) {
    Tensor& t = graph_.tensor(index);
    if (!is_real(t)) return {};
    if (t.opaque || (t.constant && !has_real_values(t)))
      return fail(ErrorKind::unsupported, "'" + readable(t.name) + "' has no real values that narrow knows");
    if (t.constant) {
      t = as_float_constant(t);
      return {};
    }
    if (auto const params = stored_params(t)) out_.ranges[{number_, index}] = covered_range(*params);
    t.dtype = DType::float32;
    t.quantization = {};
    return {};
  }

  /// Where the least integer of a result stands for 0, the op clamps at 0, whether it states an activation or not.
  /// Wider integers would reach as far below 0 as above, so the clamp becomes a fused RELU.
  void keep_clamps_at_zero() {
    for (Op& op : graph_.ops) {
      // Pools hand the scale of their operand on, so the integers of their results cut nothing off.
      if (!op.def || !op.def->quant.int8 || op.def->quant.output8 != ScaleRule::free) continue;
      auto const range = out_.ranges.find({number_, op.outputs.empty() ? kNoTensor : op.outputs[0]});
      if (fused_activation(op) == Activation::none && range != out_.ranges.end() && range->second.lo == 0)
        fuse_activation(op, Activation::relu);
    }
  }

  void remove_conversions() {
    std::vector<int> same(graph_.tensors.size());
    for (size_t t = 0; t < same.size(); ++t) same[t] = static_cast<int>(t);
    for (const Op& op : graph_.ops) {
      if (!is_conversion(op)) continue;
      int const from = same[at(op.inputs[0])], to = op.outputs[0];
      same[at(to)] = from;
      auto const known = out_.ranges.find({number_, to});
      if (known != out_.ranges.end()) out_.ranges.try_emplace({number_, from}, known->second);
      rebind_signatures(out_.model, number_, &Signature::outputs, to, from);
    }
    std::erase_if(graph_.ops, is_conversion);
    auto rename = [&](std::vector<int>& list) {
      for (int& t : list)
        if (t != kNoTensor) t = same[at(t)];
    };
    for (Op& op : graph_.ops) rename(op.inputs);
    rename(graph_.outputs);
  }

  FloatModel& out_;
  int number_;
  Graph& graph_;
};

}  // namespace

Result<FloatModel> as_float(const Model& model) {
  FloatModel out{model, {}};
  for (int g = 0; g < static_cast<int>(model.graphs.size()); ++g) {
    NARROW_CHECK(GraphDequantizer(out, g).run());
  }
  return out;
}

}  // namespace narrow
