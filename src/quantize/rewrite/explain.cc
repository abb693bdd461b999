#include <algorithm>

#include "ops/check/validate.h"
#include "ops/def/op_def.h"
#include "quantize/rewrite/rewrite.h"

namespace narrow {
namespace {

constexpr size_t kNamesShown = 4;

const char* word(Role role) {
  switch (role) {
    case Role::activation:
      return "activation";
    case Role::weight:
      return "weight";
    case Role::bias:
      return "bias";
    case Role::state:
      return "state";
    default:
      return "index";
  }
}

/// Explains one op of the source by what it has become.
class Explainer {
 public:
  Explainer(const Model& model, const Model& rewritten, const Plan& plan, const Trace& trace, int g, size_t index)
      : model_(model),
        source_(model.graphs[static_cast<size_t>(g)]),
        graph_(rewritten.graphs[static_cast<size_t>(g)]),
        plan_(plan),
        g_(g),
        op_(source_.ops[index]),
        decision_(plan.decisions.of(static_cast<size_t>(g), index)),
        now_(graph_.ops[trace[static_cast<size_t>(g)][index].now]) {
    out_.index = index;
    const std::string& note = trace[static_cast<size_t>(g)][index].note;
    out_.outcome = {op_name(source_, op_), op_.type, decision_.placement != Placement::floating,
                    decision_.reason + (note.empty() ? "" : "; " + note), g};
  }

  OpExplanation run() && {
    for (size_t i = 0; i < op_.inputs.size(); ++i)
      if (op_.inputs[i] != kNoTensor) operand(i);
    for (size_t i = 0; i < op_.outputs.size(); ++i)
      if (op_.outputs[i] != kNoTensor) result(i);
    out_.kernel = kernel();
    return std::move(out_);
  }

 private:
  OperandExplanation& add(std::string role, const Tensor& t) {
    OperandExplanation e;
    e.role = std::move(role);
    e.name = t.name;
    e.dtype = to_string(t.dtype);
    const std::vector<float>& scales = t.quantization.scales;
    e.scales = scales.size();
    if (!scales.empty()) {
      auto const [least, most] = std::minmax_element(scales.begin(), scales.end());
      e.smallest_scale = *least;
      e.largest_scale = *most;
      e.zero_point = t.quantization.zero_point();
    }
    out_.operands.push_back(std::move(e));
    return out_.operands.back();
  }

  void operand(size_t i) {
    Role const role = op_.def && decision_.placement == Placement::integer ? op_.def->quant.role(i) : Role::activation;
    bool const index = op_.def && decision_.placement == Placement::integer && role == Role::index;
    const Tensor& now = graph_.tensor(now_.inputs[i]);
    OperandExplanation& e = add(index ? "index" : word(role), now);
    const Tensor& before = source_.tensor(op_.inputs[i]);
    if (role == Role::weight && decision_.placement == Placement::integer) {
      e.origin = before.dtype == DType::float32 && before.constant ? "largest magnitude" : "the file's constant";
      if (e.scales > 1) e.origin += ", " + std::to_string(e.scales) + " channels";
    } else if (role == Role::bias && decision_.placement == Placement::integer) {
      e.origin = "scale of the data times that of the weights";
    } else if (before.dtype == DType::float32) {
      explain_float(e, op_.inputs[i], now_.inputs[i] != op_.inputs[i]);
    }
  }

  void result(size_t i) {
    OperandExplanation& e = add("result", graph_.tensor(now_.outputs[i]));
    if (source_.tensor(op_.outputs[i]).dtype == DType::float32) explain_float(e, op_.outputs[i], false);
  }

  /// Explains the type and parameters of a tensor that is float in the source.
  void explain_float(OperandExplanation& e, int t, bool converted) {
    TensorRef const ref{g_, t};
    int const bits = e.dtype == to_string(DType::int16) ? 16 : 8;
    if (e.scales == 0) {
      e.origin = converted ? "dequantized" : "float";
      return;
    }
    int const source = decision_.placement == Placement::integer ? scale_source(source_, op_, bits) : kNoTensor;
    const ChosenParams* const own = plan_.activations.at(ref, bits);
    const ChosenParams* const chosen = source == kNoTensor ? own : plan_.activations.at({g_, source}, bits);
    if (own) {
      e.range = own->own.range;
      e.method = own->own.method + (own->own.cut ? ", cut to what its readers let through" : "");
    }
    if (chosen) e.origin = origin(*chosen);
    if (!converted) return;
    if (source_.tensor(t).constant)
      e.origin += "; a constant stored with these parameters";
    else
      e.origin += plan_.activations.canonical(ref) ? "; requantized from its own parameters" : "; quantized from float";
  }

  std::string origin(const ChosenParams& chosen) const {
    if (!chosen.fixed_by.empty()) return chosen.fixed_by;
    if (chosen.together->size() <= 1) return "its own range";
    std::string out = "the range of " + std::to_string(chosen.together->size()) + " tensors that share it:";
    for (size_t i = 0; i < std::min(chosen.together->size(), kNamesShown); ++i) {
      TensorRef const t = (*chosen.together)[i];
      out += (i ? ", '" : " '") + readable(model_.graphs[static_cast<size_t>(t.graph)].tensor(t.tensor).name) + "'";
    }
    return out + (chosen.together->size() > kNamesShown ? ", ..." : "");
  }

  std::string kernel() const {
    if (!now_.def) return "none";
    if (!now_.graphs.empty()) return "runs graphs";
    if (passes_values_on(now_)) return "a copy";
    if (auto fits = check_computable(graph_, now_); !fits) return "none: " + fits.error().what;
    auto const step = now_.def->lower(OpView{graph_, now_}, {.profile = all_profiles().front()});
    return step ? kernel_names(*step) : "none: " + step.error().what;
  }

  const Model& model_;
  const Graph& source_;
  const Graph& graph_;
  const Plan& plan_;
  int g_;
  const Op& op_;
  const Decision& decision_;
  const Op& now_;
  OpExplanation out_;
};

}  // namespace

std::vector<OpExplanation> explain(const Model& model, const Model& rewritten, const Plan& plan, const Trace& trace,
                                   const std::string& which) {
  std::vector<OpExplanation> out;
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) {
      bool const by_index =
          (g == 0 && which == std::to_string(i)) || which == std::to_string(g) + ":" + std::to_string(i);
      if (by_index || op_name(model.graphs[g], model.graphs[g].ops[i]) == which)
        out.push_back(Explainer(model, rewritten, plan, trace, static_cast<int>(g), i).run());
    }
  return out;
}

}  // namespace narrow
