#include "search/choose_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "base/batches.h"
#include "base/cancel.h"
#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"
#include "ops/integer/quantized.h"
#include "program/run_samples.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/rewrite/layers.h"
#include "quantize/weights/parts.h"
#include "search/layer_walk.h"
#include "search/subsample.h"

namespace narrow {
namespace {

/// One layer, or one matrix of an op of several layers, in both models.
struct Layer {
  size_t source, now;  // its op
  const LayerSpec* spec;
  const QuantizedLayer* chosen;  // null for a matrix of an op of several layers,
  const PartSpec* part;          // which this is
  WeightChoice choice;
  int real_data;  // tensors of the respective graphs
  int stored_data;
  const Tensor* weights;  // real values
  const Tensor* bias;     // null where there is none
  SumInputs sums;

  /// Whether its weights meet the op's own result, of the step before.
  bool of_result() const { return part && part->of_result; }
  /// Whether another one of the op is chosen by the same moments.
  bool reads_as(const Layer& other) const {
    return part && other.part && source == other.source && of_result() == other.of_result();
  }
};

/// Has a layer stay as it is. unsupported where a rule asks for its integers by samples.
Status stay(const Graph& graph, const Op& op, const LayerSpec& spec, const WeightChoice& choice, const char* why,
            std::vector<std::string>& unchanged) {
  std::string const named = op.type + " '" + readable(op_name(graph, op)) + "'";
  if (spec.rounding && choice.rounding->by_objective)
    return fail(ErrorKind::unsupported,
                std::string("'weight_rounding = ") + choice.rounding->name + "' of a recipe's rule: " + why, named,
                "name the layers in the rule that it is meant for");
  unchanged.push_back(named + ": " + why);
  return {};
}

constexpr const char* kInOtherGraph = "in a graph that other ops run";
constexpr const char* kMomentsUnknown = "narrow does not know the moments of what it reads";
constexpr const char* kIntegersInFile = "its weights are integers in the file";

/// The layers of graph `entry` whose integers can be chosen, in order, and why the others stay. unsupported where a
/// rule asks for integers by samples of one of these.
Result<std::vector<Layer>> choosable(const Model& model, const QuantizedModel& quantized,
                                     const StoredConstants& constants, const ChooseWeightsOptions& options,
                                     std::vector<std::string>& unchanged) {
  int const entry = options.entry;
  std::vector<Layer> out;
  const Graph& before = model.graphs[static_cast<size_t>(entry)];
  const Graph& now = quantized.model.graphs[static_cast<size_t>(entry)];
  for (const QuantizedLayer& q : quantized.layers) {
    const Graph& graph = model.graphs[static_cast<size_t>(q.graph)];
    const Op& op = graph.ops[q.source];
    WeightChoice const choice = q.spec.choice_beside(options.choice);
    if (!choice.needs_moments()) continue;
    auto stays = [&](const char* why) { return stay(graph, op, q.spec, choice, why, unchanged); };
    if (q.graph != entry) {
      NARROW_CHECK(stays(kInOtherGraph));
      continue;
    }
    const Op& stored = now.ops[q.now];
    auto const data = static_cast<size_t>(operand_with(op, Role::activation));
    auto const ref = [&](Role role) {
      return TensorRef{entry, op.inputs[static_cast<size_t>(operand_with(op, role))]};
    };
    Layer layer{.source = q.source,
                .now = q.now,
                .spec = &q.spec,
                .chosen = &q,
                .part = nullptr,
                .choice = choice,
                .real_data = op.inputs[data],
                .stored_data = stored.inputs[data],
                .weights = constants.behind(ref(Role::weight)),
                .bias = nullptr,
                .sums = {}};
    if (operand_with(op, Role::bias) != kNoTensor) layer.bias = constants.behind(ref(Role::bias));
    const Tensor& integers = now.tensor(layer.stored_data);
    bool const computed =
        before.tensor(layer.real_data).dtype == DType::float32 && !before.tensor(layer.real_data).constant;
    if (!op.def->sum_inputs || !computed || integers.quantization.scales.size() != 1) {
      NARROW_CHECK(stays(kMomentsUnknown));
      continue;
    }
    if (is_kept_weight(op, *layer.weights)) {
      NARROW_CHECK(stays(kIntegersInFile));
      continue;
    }
    auto sums = op.def->sum_inputs(OpView{before, op});
    if (!sums || sums->rows < 1 || sums->columns() < 1) {
      NARROW_CHECK(stays("it makes no sums"));
      continue;
    }
    layer.sums = std::move(*sums);
    out.push_back(std::move(layer));
  }
  return out;
}

/// The sums over the last dimension of data.
SumInputs sums_over_rows(const Tensor& data) {
  SumInputs out;
  out.run = data.shape.back();
  out.rows = data.elements() / out.run;
  out.taps = 1;
  for (int64_t row = 0; row < out.rows; ++row) out.first.push_back(static_cast<int32_t>(row * out.run));
  return out;
}

/// Appends the matrices of ops of several layers whose integers can be chosen, as `choosable` does layers.
Status add_parts(const Model& model, const QuantizedModel& quantized, const StoredConstants& constants,
                 const ChooseWeightsOptions& options, std::vector<std::string>& unchanged, std::vector<Layer>& out) {
  int const entry = options.entry;
  const Graph& now = quantized.model.graphs[static_cast<size_t>(entry)];
  for (const QuantizedParts& q : quantized.parts) {
    const Graph& graph = model.graphs[static_cast<size_t>(q.graph)];
    const Op& op = graph.ops[q.source];
    for (const PartSpec& part : q.parts) {
      WeightChoice const choice = part.spec.choice_beside(options.choice);
      if (!choice.needs_moments()) continue;
      const Tensor* const weights = constants.behind({q.graph, op.inputs[part.weights]});
      const char* why = nullptr;
      if (q.graph != entry) {
        why = kInOtherGraph;
      } else if (weights->dtype != DType::float32) {
        why = kIntegersInFile;
      } else {
        const Op& stored = now.ops[q.now];
        Layer layer{.source = q.source,
                    .now = q.now,
                    .spec = &part.spec,
                    .chosen = nullptr,
                    .part = &part,
                    .choice = choice,
                    .real_data = part.of_result ? op.outputs[0] : op.inputs[0],
                    .stored_data = part.of_result ? stored.outputs[0] : stored.inputs[0],
                    .weights = weights,
                    .bias = part.bias ? constants.behind({q.graph, op.inputs[*part.bias]}) : nullptr,
                    .sums = {}};
        const Tensor& data = graph.tensor(layer.real_data);
        if (data.dtype != DType::float32 || data.constant ||
            now.tensor(layer.stored_data).quantization.scales.size() != 1) {
          why = kMomentsUnknown;
        } else {
          layer.sums = sums_over_rows(data);
          out.push_back(std::move(layer));
          continue;
        }
      }
      NARROW_CHECK(stay(graph, op, part.spec, choice, why, unchanged));
      break;
    }
  }
  std::ranges::stable_sort(out, {}, &Layer::source);
  return {};
}

/// `count` values in steps of a tensor of that type.
template <class Int>
std::vector<std::byte> in_steps_of(const Tensor& like, const float* values, size_t count) {
  IntegerInterval const range = integer_range(like.dtype);
  auto const scale = static_cast<double>(like.quantization.scale());
  auto const lo = static_cast<double>(range.lo), hi = static_cast<double>(range.hi);
  std::vector<std::byte> out(count * sizeof(Int));
  for (size_t i = 0; i < count; ++i) {
    double const steps = std::round(static_cast<double>(values[i]) / scale) + like.quantization.zero_point();
    auto const v = static_cast<Int>(std::clamp(steps, lo, hi));
    std::memcpy(&out[i * sizeof(Int)], &v, sizeof(Int));
  }
  return out;
}

std::vector<std::byte> in_steps(const Tensor& like, const float* values, size_t count) {
  return like.dtype == DType::int8 ? in_steps_of<int8_t>(like, values, count)
                                   : in_steps_of<int16_t>(like, values, count);
}

/// The operands of a layer that are its weights and its bias.
std::vector<size_t> constant_operands(const Op& op, const Layer& layer) {
  std::vector<size_t> out;
  if (layer.part) {
    out.push_back(layer.part->weights);
    if (layer.part->bias) out.push_back(*layer.part->bias);
    return out;
  }
  for (Role role : {Role::weight, Role::bias})
    if (int const at = operand_with(op, role); at != kNoTensor) out.push_back(static_cast<size_t>(at));
  return out;
}

/// Gives each layer weights and a bias that no other op reads.
void unshare(Graph& graph, const std::vector<Layer>& layers) {
  std::map<int, int> readers;
  for (const Op& op : graph.ops)
    for (int t : op.inputs) ++readers[t];
  for (const Layer& layer : layers) {
    Op& op = graph.ops[layer.now];
    for (size_t at : constant_operands(op, layer)) {
      int& t = op.inputs[at];
      if (readers[t] < 2) continue;
      --readers[t];
      Tensor copy = graph.tensor(t);
      copy.name += "_" + op_name(graph, op);
      t = static_cast<int>(graph.tensors.size());
      graph.tensors.push_back(std::move(copy));
    }
  }
}

/// Both models on their way through the same samples.
class Walks {
 public:
  Walks(const Samples& real, const Samples& stored, const Batches& batches)
      : real_data_(real), stored_data_(stored), batches_(batches) {}

  Status make(const std::shared_ptr<const Model>& model, const std::shared_ptr<const Model>& quantized, int entry) {
    int const workers = batches_.workers();
    auto const count = static_cast<size_t>((batches_.samples + batches_.batch - 1) / batches_.batch);
    NARROW_TRY(real_, LayerWalk::make(model, entry, batches_.batch, count, workers));
    NARROW_TRY(stored_, LayerWalk::make(quantized, entry, batches_.batch, count, workers));
    return for_each_batch(batches_, [&](int worker, int64_t first, int n) -> Status {
      auto const number = static_cast<size_t>(first / batches_.batch);
      NARROW_CHECK(real_->start(worker, number, real_data_, first, n));
      return stored_->start(worker, number, stored_data_, first, n);
    });
  }

  Result<InputMoments> moments(const Layer& layer, const Graph& before, const Graph& now,
                               const MomentOptions& options) {
    const Tensor& integers = now.tensor(layer.stored_data);
    auto const real_each = static_cast<size_t>(before.tensor(layer.real_data).elements());
    auto const stored_each = static_cast<size_t>(storage_bytes(integers.dtype, integers.elements()).value_or(0));
    std::vector<MomentCollector> collectors;
    for (int w = 0; w < batches_.workers(); ++w)
      collectors.emplace_back(layer.sums, integers, batches_.samples, options);
    NARROW_CHECK(for_each_batch(batches_, [&](int worker, int64_t first, int n) -> Status {
      auto const number = static_cast<size_t>(first / batches_.batch);
      MomentCollector& to = collectors[static_cast<size_t>(worker)];
      NARROW_CHECK(real_->advance(worker, number, layer.source + (layer.of_result() ? 1 : 0)));
      if (!layer.of_result()) NARROW_CHECK(stored_->advance(worker, number, layer.now));
      const auto* f = reinterpret_cast<const float*>(real_->values(worker, layer.real_data));
      const std::byte* q = layer.of_result() ? nullptr : stored_->values(worker, layer.stored_data);
      for (int s = 0; s < n; ++s, f += real_each) {
        if (!q) {
          to.add(first + s, in_steps(integers, f, real_each).data(), f);
          continue;
        }
        to.add(first + s, q, f);
        q += stored_each;
      }
      return {};
    }));
    for (size_t w = 1; w < collectors.size(); ++w) collectors.front().merge(collectors[w]);
    return collectors.front().take();
  }

  Status lower_again(size_t op) { return stored_->lower_again(op); }

 private:
  const Samples& real_data_;
  const Samples& stored_data_;
  Batches batches_;
  std::unique_ptr<LayerWalk> real_, stored_;
};

void set_constant(Graph& graph, int t, Tensor stored) {
  Tensor& tensor = graph.tensors[static_cast<size_t>(t)];
  stored.name = tensor.name;
  tensor = std::move(stored);
}

/// Puts constants of a layer into its op.
void set_constants(Graph& graph, size_t op, RewrittenLayer layer) {
  Op& to = graph.ops[op];
  auto set = [&](Role role, Tensor stored) {
    set_constant(graph, to.inputs[static_cast<size_t>(operand_with(to, role))], std::move(stored));
  };
  if (layer.bias_type) set_attribute(to, kQuantizedBiasType, *layer.bias_type);
  set(Role::weight, std::move(layer.constants.weights));
  if (layer.constants.bias) set(Role::bias, std::move(layer.constants.bias->tensor));
}

/// Has the outcome of a layer's op say `note` of its integers.
void tell(const Model& model, QuantizedModel& quantized, const QuantizedLayer& layer, const std::string& note) {
  size_t at = layer.source;
  for (int g = 0; g < layer.graph; ++g) at += model.graphs[static_cast<size_t>(g)].ops.size();
  std::string& reason = quantized.ops[at].reason;
  size_t const old = layer.note.empty() ? std::string::npos : reason.find(layer.note);
  if (old != std::string::npos)
    reason.replace(old, layer.note.size(), note);
  else
    add_note(reason, note);
}

}  // namespace

Result<ChosenWeights> choose_weights(const std::shared_ptr<const Model>& model, QuantizedModel& quantized,
                                     const Samples& real, const Samples& stored, const ChooseWeightsOptions& options) {
  ChosenWeights out;
  const Graph& before = model->graphs[static_cast<size_t>(options.entry)];
  if (runs_one_by_one(before)) {
    out.unchanged.emplace_back("all layers: the model keeps state or runs graphs");
    return out;
  }
  StoredConstants const constants(*model);
  NARROW_TRY(std::vector<Layer> layers, choosable(*model, quantized, constants, options, out.unchanged));
  NARROW_CHECK(add_parts(*model, quantized, constants, options, out.unchanged, layers));
  if (layers.empty()) return out;
  auto const changing = std::make_shared<Model>(std::move(quantized.model));
  Graph& now = changing->graphs[static_cast<size_t>(options.entry)];
  unshare(now, layers);

  int64_t const each = LayerWalk::bytes_per_sample(before) + LayerWalk::bytes_per_sample(now);
  int64_t const all = std::min(real.size(), stored.size());
  int64_t const some = std::clamp<int64_t>(std::min(all, options.most_bytes / each), 1, options.most_samples);
  Subsample const real_some(real, before, some, all), stored_some(stored, now, some, all);
  Walks walks(
      real_some, stored_some,
      {.samples = some, .batch = std::min(cached_batch(before), cached_batch(now)), .threads = options.threads});
  Status done = walks.make(model, changing, options.entry);
  InputMoments moments;
  for (size_t k = 0; done && k < layers.size(); ++k) {
    const Layer& layer = layers[k];
    done = [&]() -> Status {
      NARROW_CHECK(check_cancelled());
      if (k == 0 || !layer.reads_as(layers[k - 1])) {
        NARROW_TRY(moments, walks.moments(layer, before, now, {.cross = layer.choice.feedback}));
      }
      LayerSpec spec = *layer.spec;
      spec.inputs = &moments;
      spec.choice = layer.choice;
      if (layer.part) {
        const Op& to = now.ops[layer.now];
        NARROW_TRY(PartConstants chosen, quantize_part(*layer.weights, layer.bias, spec));
        set_constant(now, to.inputs[layer.part->weights], std::move(chosen.weights));
        if (chosen.bias) set_constant(now, to.inputs[*layer.part->bias], std::move(*chosen.bias));
        bool const last = k + 1 == layers.size() || layers[k + 1].source != layer.source;
        return last ? walks.lower_again(layer.now) : Status();
      }
      NARROW_TRY(RewrittenLayer chosen, quantize_layer_op(before.ops[layer.source], *layer.weights, layer.bias, spec));
      tell(*model, quantized, *layer.chosen, chosen.note);
      set_constants(now, layer.now, std::move(chosen));
      return walks.lower_again(layer.now);
    }();
  }
  quantized.model = std::move(*changing);
  NARROW_CHECK(std::move(done));
  out.samples = some;
  out.layers = static_cast<int64_t>(layers.size());
  return out;
}

}  // namespace narrow
