#include "search/choose_weights.h"

#include <algorithm>
#include <map>

#include "base/batches.h"
#include "base/cancel.h"
#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"
#include "program/run_samples.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/rewrite/layers.h"
#include "search/layer_walk.h"
#include "search/subsample.h"

namespace narrow {
namespace {

/// One layer, in both models.
struct Layer {
  const QuantizedLayer* chosen;
  WeightChoice choice;
  int real_data;  // tensors of the respective graphs
  int stored_data;
  const Tensor* weights;  // real values
  const Tensor* bias;     // null where there is none
  SumInputs sums;
};

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
    auto stays = [&](const char* why) -> Status {
      std::string const named = op.type + " '" + readable(op_name(graph, op)) + "'";
      if (q.spec.rounding && choice.rounding->by_objective)
        return fail(ErrorKind::unsupported,
                    std::string("'weight_rounding = ") + choice.rounding->name + "' of a recipe's rule: " + why, named,
                    "name the layers in the rule that it is meant for");
      unchanged.push_back(named + ": " + why);
      return {};
    };
    if (q.graph != entry) {
      NARROW_CHECK(stays("in a graph that other ops run"));
      continue;
    }
    const Op& stored = now.ops[q.now];
    auto const data = static_cast<size_t>(operand_with(op, Role::activation));
    auto const ref = [&](Role role) {
      return TensorRef{entry, op.inputs[static_cast<size_t>(operand_with(op, role))]};
    };
    Layer layer{.chosen = &q,
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
      NARROW_CHECK(stays("narrow does not know the moments of what it reads"));
      continue;
    }
    if (is_kept_weight(op, *layer.weights)) {
      NARROW_CHECK(stays("its weights are integers in the file"));
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

/// Gives each layer weights and a bias that no other op reads.
void unshare(Graph& graph, const std::vector<QuantizedLayer>& layers, int entry) {
  std::map<int, int> readers;
  for (const Op& op : graph.ops)
    for (int t : op.inputs) ++readers[t];
  for (const QuantizedLayer& layer : layers) {
    if (layer.graph != entry) continue;
    Op& op = graph.ops[layer.now];
    for (Role role : {Role::weight, Role::bias}) {
      int const at = operand_with(op, role);
      if (at == kNoTensor) continue;
      int& t = op.inputs[static_cast<size_t>(at)];
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
      NARROW_CHECK(real_->advance(worker, number, layer.chosen->source));
      NARROW_CHECK(stored_->advance(worker, number, layer.chosen->now));
      const auto* const f = reinterpret_cast<const float*>(real_->values(worker, layer.real_data));
      const std::byte* const q = stored_->values(worker, layer.stored_data);
      for (int s = 0; s < n; ++s) {
        auto const k = static_cast<size_t>(s);
        collectors[static_cast<size_t>(worker)].add(first + s, q + k * stored_each, f + k * real_each);
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

/// Puts constants of a layer into its op.
void set_constants(Graph& graph, size_t op, RewrittenLayer layer) {
  Op& to = graph.ops[op];
  auto set = [&](Role role, Tensor stored) {
    Tensor& tensor = graph.tensors[static_cast<size_t>(to.inputs[static_cast<size_t>(operand_with(to, role))])];
    stored.name = tensor.name;
    tensor = std::move(stored);
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
  NARROW_TRY(std::vector<Layer> const layers, choosable(*model, quantized, constants, options, out.unchanged));
  if (layers.empty()) return out;
  auto const changing = std::make_shared<Model>(std::move(quantized.model));
  Graph& now = changing->graphs[static_cast<size_t>(options.entry)];
  unshare(now, quantized.layers, options.entry);

  int64_t const each = LayerWalk::bytes_per_sample(before) + LayerWalk::bytes_per_sample(now);
  int64_t const all = std::min(real.size(), stored.size());
  int64_t const some = std::clamp<int64_t>(std::min(all, options.most_bytes / each), 1, options.most_samples);
  Subsample const real_some(real, before, some, all), stored_some(stored, now, some, all);
  Walks walks(
      real_some, stored_some,
      {.samples = some, .batch = std::min(cached_batch(before), cached_batch(now)), .threads = options.threads});
  Status done = walks.make(model, changing, options.entry);
  for (size_t k = 0; done && k < layers.size(); ++k) {
    const Layer& layer = layers[k];
    done = [&]() -> Status {
      NARROW_CHECK(check_cancelled());
      NARROW_TRY(InputMoments const moments, walks.moments(layer, before, now, {.cross = layer.choice.feedback}));
      LayerSpec spec = layer.chosen->spec;
      spec.inputs = &moments;
      spec.choice = layer.choice;
      NARROW_TRY(RewrittenLayer chosen,
                 quantize_layer_op(before.ops[layer.chosen->source], *layer.weights, layer.bias, spec));
      tell(*model, quantized, *layer.chosen, chosen.note);
      set_constants(now, layer.chosen->now, std::move(chosen));
      return walks.lower_again(layer.chosen->now);
    }();
  }
  quantized.model = std::move(*changing);
  NARROW_CHECK(std::move(done));
  out.samples = some;
  out.layers = static_cast<int64_t>(layers.size());
  return out;
}

}  // namespace narrow
