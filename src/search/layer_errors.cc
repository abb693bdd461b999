#include "search/layer_errors.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <string>

#include "base/batches.h"
#include "graph/real_values.h"
#include "ops/def/attributes.h"
#include "ops/def/op_def.h"
#include "program/run_samples.h"

namespace narrow {
namespace {

constexpr int kMostTogether = 8;  // samples of a batch: all float activations of a batch are kept

bool converts_alone(const Op& op) {
  return conversion_of(op) != Conversion::none && op.inputs.size() == 1 && op.outputs.size() == 1;
}

/// Whether values of the tensor are counted by integer.
bool has_codes(const Tensor& t) {
  bool const small = t.dtype == DType::int8 || t.dtype == DType::uint8 || t.dtype == DType::int16;
  return small && t.quantization.present() && !t.quantization.per_axis();
}

/// The integers of a tensor as indices from 0 on.
void count_codes(const Tensor& t, const std::byte* values, size_t elements, std::vector<uint64_t>& counts) {
  if (t.dtype == DType::int16) {
    const auto* const q = reinterpret_cast<const int16_t*>(values);
    for (size_t i = 0; i < elements; ++i) ++counts[static_cast<size_t>(int{q[i]} + 32768)];
  } else {
    int const shift = t.dtype == DType::int8 ? 128 : 0;
    const auto* const q = reinterpret_cast<const uint8_t*>(values);
    for (size_t i = 0; i < elements; ++i) ++counts[static_cast<uint8_t>(q[i] + shift)];
  }
}

/// Writes the integers nearest to real values, ties away from zero, saturated.
template <class Q>
void to_integers(std::span<const float> values, const Quantization& grid, Q* out) {
  auto const zero = static_cast<float>(grid.zero_point());
  float const lo = static_cast<float>(std::numeric_limits<Q>::min()) - zero;
  float const hi = static_cast<float>(std::numeric_limits<Q>::max()) - zero;
  float const scale = grid.scale();
  for (size_t i = 0; i < values.size(); ++i) {
    float const steps = std::min(std::max(values[i] / scale, lo), hi);
    out[i] = static_cast<Q>(static_cast<int>(steps + (steps < 0 ? -0.5F : 0.5F)) + grid.zero_point());
  }
}

/// Whether the float tensor's values can be stored in the other, and the kernel then reads what they stand for.
bool can_stand_for(const Tensor& reference, const Tensor& t) {
  if (t.dtype == reference.dtype) return true;
  return reference.dtype == DType::float32 && has_codes(t);
}

/// `reals` are the values of a float tensor, `raw` those of any other.
void store(const Tensor& t, std::span<const float> reals, std::byte* out) {
  if (t.dtype == DType::int8)
    to_integers(reals, t.quantization, reinterpret_cast<int8_t*>(out));
  else if (t.dtype == DType::uint8)
    to_integers(reals, t.quantization, reinterpret_cast<uint8_t*>(out));
  else if (t.dtype == DType::int16)
    to_integers(reals, t.quantization, reinterpret_cast<int16_t*>(out));
}

int64_t clipped_values(const Tensor& t, std::span<const float> reals) {
  IntegerInterval const q = integer_range(t.dtype);
  double const scale = static_cast<double>(t.quantization.scale()), zero = t.quantization.zero_point();
  auto const lo = static_cast<float>((static_cast<double>(q.lo) - zero - 0.5) * scale);
  auto const hi = static_cast<float>((static_cast<double>(q.hi) - zero + 0.5) * scale);
  int64_t out = 0;
  for (float const v : reals) out += v < lo || v > hi;
  return out;
}

/// What both graphs have in common, worked out once.
struct Layers {
  const Graph& reference;
  const Graph& quantized;
  std::vector<TensorTwin> twins;
  std::vector<int> twin_of;    // by tensor of the quantized graph, an index into `twins` or -1
  std::vector<bool> wanted;    // by tensor of the float graph
  std::vector<bool> measured;  // by op of the quantized graph: whether it is run alone

  Layers(const Graph& f, const Graph& q) : reference(f), quantized(q), twins(tensor_twins(f, q)) {
    twin_of.assign(q.tensors.size(), -1);
    wanted.assign(f.tensors.size(), false);
    for (size_t k = 0; k < twins.size(); ++k) {
      twin_of[static_cast<size_t>(twins[k].tensor)] = static_cast<int>(k);
      wanted[static_cast<size_t>(twins[k].reference)] = true;
    }
    for (const Op& op : q.ops) {
      bool able = std::ranges::any_of(op.outputs, [&](int t) { return t != kNoTensor && twin_at(t) >= 0; });
      for (int t : op.inputs) {
        if (t == kNoTensor || q.tensor(t).constant) continue;
        able = able && twin_at(t) >= 0 && can_stand_for(f.tensor(twin(t).reference), q.tensor(t));
      }
      measured.push_back(able);
    }
  }
  int twin_at(int tensor) const { return twin_of[static_cast<size_t>(tensor)]; }
  const TensorTwin& twin(int tensor) const { return twins[static_cast<size_t>(twin_at(tensor))]; }
};

/// Sums of one batch; added up in order of batches.
struct BatchErrors {
  std::vector<ErrorSums> accumulated, isolated;  // by twin
};

/// What does not depend on order.
struct Counts {
  std::mutex mutex;
  std::vector<int64_t> clipped;
  std::vector<std::vector<uint64_t>> codes;
};

class LayerWorker {
 public:
  static Result<LayerWorker> create(const Candidate& reference, const Candidate& quantized, const Layers& layers,
                                    const LayerErrorOptions& options, int batch) {
    NARROW_TRY(Program f, lower(reference.model, {all_profiles().front(), batch}, reference.entry));
    NARROW_TRY(Program q, lower(quantized.model, {*options.profile, batch}, quantized.entry));
    return LayerWorker(reference, quantized, layers, options, Runner(std::move(f)), Runner(std::move(q)));
  }

  Status run(int64_t first, int count, BatchErrors& out, Counts& counts) {
    out.accumulated.assign(layers_->twins.size(), {});
    out.isolated.assign(layers_->twins.size(), {});
    NARROW_CHECK(run_reference(first, count));
    NARROW_CHECK(run_quantized(first, count, out, counts));
    return run_alone(count, out);
  }

 private:
  LayerWorker(const Candidate& f, const Candidate& q, const Layers& layers, const LayerErrorOptions& options,
              Runner f_runner, Runner q_runner)
      : reference_(&f),
        quantized_(&q),
        layers_(&layers),
        options_(&options),
        f_runner_(std::move(f_runner)),
        q_runner_(std::move(q_runner)),
        raw_(layers.reference.tensors.size()),
        reals_(layers.reference.tensors.size()) {}

  Status run_reference(int64_t first, int count) {
    NARROW_CHECK(read_inputs(*reference_->data, first, count, f_runner_));
    return f_runner_.run(count, [&](TensorRef t, const std::byte* values, int from, int n) {
      if (t.graph != reference_->entry || !layers_->wanted[static_cast<size_t>(t.tensor)]) return;
      const Tensor& tensor = layers_->reference.tensor(t.tensor);
      auto const each = static_cast<size_t>(tensor.elements());
      auto const bytes = static_cast<size_t>(storage_bytes(tensor.dtype, tensor.elements()).value_or(0));
      auto& raw = raw_[static_cast<size_t>(t.tensor)];
      raw.resize(bytes * static_cast<size_t>(count));
      std::memcpy(raw.data() + bytes * static_cast<size_t>(from), values, bytes * static_cast<size_t>(n));
      auto& reals = reals_[static_cast<size_t>(t.tensor)];
      reals.resize(each * static_cast<size_t>(count));
      auto const part = std::span(reals).subspan(each * static_cast<size_t>(from), each * static_cast<size_t>(n));
      real_values(tensor, values, part);
      if (options_->gains.empty() || options_->gains[static_cast<size_t>(t.tensor)].empty()) return;
      const std::vector<float>& gains = options_->gains[static_cast<size_t>(t.tensor)];
      for (size_t i = 0; i < part.size(); ++i) part[i] *= gains[i % gains.size()];
      if (tensor.dtype == DType::float32)
        std::memcpy(raw.data() + bytes * static_cast<size_t>(from), part.data(), part.size_bytes());
    });
  }

  Status run_quantized(int64_t first, int count, BatchErrors& out, Counts& counts) {
    NARROW_CHECK(read_inputs(*quantized_->data, first, count, q_runner_));
    return q_runner_.run(count, [&](TensorRef t, const std::byte* values, int from, int n) {
      if (t.graph != quantized_->entry || layers_->twin_at(t.tensor) < 0) return;
      auto const at = static_cast<size_t>(layers_->twin_at(t.tensor));
      const Tensor& tensor = layers_->quantized.tensor(t.tensor);
      std::span<const float> const f = reals_of(layers_->twins[at], from, n);
      out.accumulated[at].add(error_sums(f, stored(tensor, values, n)));
      if (!has_codes(tensor)) return;
      int64_t const clipped = clipped_values(tensor, f);
      std::scoped_lock const lock(counts.mutex);
      counts.clipped[at] += clipped;
      count_codes(tensor, values, f.size(), counts.codes[at]);
    });
  }

  Status run_alone(int count, BatchErrors& out) {
    for (size_t k = 0; k < layers_->quantized.ops.size(); ++k) {
      if (!layers_->measured[k]) continue;
      const Op& op = layers_->quantized.ops[k];
      for (int t : op.inputs)
        if (t != kNoTensor && !layers_->quantized.tensor(t).constant) bring(t, count);
      NARROW_CHECK(q_runner_.run_steps(k, k + 1, count));
      for (int t : op.outputs) {
        if (t == kNoTensor || layers_->twin_at(t) < 0) continue;
        const TensorTwin& twin = layers_->twin(t);
        out.isolated[static_cast<size_t>(layers_->twin_at(t))] =
            error_sums(reals_of(twin, 0, count), stored(layers_->quantized.tensor(t), q_runner_.values(t), count));
      }
    }
    return {};
  }

  /// Puts the float model's values where an op of the quantized one reads them.
  void bring(int tensor, int count) {
    const TensorTwin& twin = layers_->twin(tensor);
    const Tensor& t = layers_->quantized.tensor(tensor);
    if (t.dtype == layers_->reference.tensor(twin.reference).dtype) {
      const auto& raw = raw_[static_cast<size_t>(twin.reference)];
      std::memcpy(q_runner_.values(tensor), raw.data(), raw.size());
    } else {
      store(t, reals_of(twin, 0, count), q_runner_.values(tensor));
    }
  }

  std::span<const float> reals_of(const TensorTwin& twin, int from, int n) const {
    auto const each = static_cast<size_t>(layers_->reference.tensor(twin.reference).elements());
    return std::span(reals_[static_cast<size_t>(twin.reference)])
        .subspan(each * static_cast<size_t>(from), each * static_cast<size_t>(n));
  }

  std::span<const float> stored(const Tensor& tensor, const std::byte* values, int n) {
    buffer_.resize(static_cast<size_t>(tensor.elements()) * static_cast<size_t>(n));
    real_values(tensor, values, buffer_);
    return buffer_;
  }

  const Candidate* reference_;
  const Candidate* quantized_;
  const Layers* layers_;
  const LayerErrorOptions* options_;
  Runner f_runner_, q_runner_;
  std::vector<std::vector<std::byte>> raw_;  // by tensor of the float graph, of this batch
  std::vector<std::vector<float>> reals_;
  std::vector<float> buffer_;
};

bool holds_numbers(const Tensor& t) {
  return t.dtype != DType::resource && t.dtype != DType::string && t.dtype != DType::variant;
}

}  // namespace

std::vector<TensorTwin> tensor_twins(const Graph& reference, const Graph& quantized) {
  std::map<std::string, int> by_name;
  for (const Op& op : reference.ops)
    for (int t : op.outputs)
      if (t != kNoTensor && holds_numbers(reference.tensor(t))) by_name.emplace(reference.tensor(t).name, t);
  std::vector<int> twin(quantized.tensors.size(), kNoTensor);
  auto same_size = [&](int f, int q) { return reference.tensor(f).elements() == quantized.tensor(q).elements(); };
  for (size_t i = 0; i < std::min(reference.inputs.size(), quantized.inputs.size()); ++i)
    if (same_size(reference.inputs[i], quantized.inputs[i]))
      twin[static_cast<size_t>(quantized.inputs[i])] = reference.inputs[i];
  for (const Op& op : quantized.ops)
    for (int t : op.outputs) {
      if (t == kNoTensor || quantized.tensor(t).constant) continue;
      auto const found = by_name.find(quantized.tensor(t).name);
      if (found != by_name.end() && same_size(found->second, t)) twin[static_cast<size_t>(t)] = found->second;
    }
  auto pass_on = [&](const Op& op, int from, int to) {
    if (!converts_alone(op) || twin[static_cast<size_t>(to)] != kNoTensor) return;
    twin[static_cast<size_t>(to)] = twin[static_cast<size_t>(from)];
  };
  for (const Op& op : quantized.ops)
    if (converts_alone(op)) pass_on(op, op.inputs[0], op.outputs[0]);
  for (auto op = quantized.ops.rbegin(); op != quantized.ops.rend(); ++op)
    if (converts_alone(*op) && !quantized.tensor(op->inputs[0]).constant) pass_on(*op, op->outputs[0], op->inputs[0]);
  for (const Op& op : quantized.ops)
    if (converts_alone(op)) pass_on(op, op.inputs[0], op.outputs[0]);
  std::vector<TensorTwin> out;
  for (size_t t = 0; t < twin.size(); ++t)
    if (twin[t] != kNoTensor && !quantized.tensors[t].constant) out.push_back({static_cast<int>(t), twin[t]});
  return out;
}

Result<std::vector<LayerError>> layer_errors(const Candidate& reference, const Candidate& quantized,
                                             const LayerErrorOptions& options) {
  Layers const layers(reference.graph(), quantized.graph());
  Batches batches{.samples = options.samples, .threads = options.threads, .progress = options.progress};
  batches.batch = std::min({kMostTogether, cached_batch(reference.graph()), cached_batch(quantized.graph())});
  std::vector<LayerWorker> workers;
  for (int i = 0; i < batches.workers(); ++i) {
    NARROW_TRY(LayerWorker w, LayerWorker::create(reference, quantized, layers, options, batches.batch));
    workers.push_back(std::move(w));
  }
  Counts counts;
  counts.clipped.resize(layers.twins.size());
  for (const TensorTwin& twin : layers.twins) {
    const Tensor& t = layers.quantized.tensor(twin.tensor);
    counts.codes.emplace_back(has_codes(t) ? (t.dtype == DType::int16 ? 65536 : 256) : 0);
  }
  std::vector<BatchErrors> sums(static_cast<size_t>((options.samples + batches.batch - 1) / batches.batch));
  NARROW_CHECK(for_each_batch(batches, [&](int worker, int64_t first, int count) {
    return workers[static_cast<size_t>(worker)].run(first, count, sums[static_cast<size_t>(first / batches.batch)],
                                                    counts);
  }));
  std::vector<int> const makers = producers(layers.quantized);
  std::vector<LayerError> out;
  for (size_t k = 0; k < layers.twins.size(); ++k) {
    LayerError e{layers.twins[k], {}};
    int const maker = makers[static_cast<size_t>(e.twin.tensor)];
    if (maker >= 0 && layers.measured[static_cast<size_t>(maker)]) e.isolated.emplace();
    for (const BatchErrors& b : sums) {
      e.accumulated.add(b.accumulated[k]);
      if (e.isolated) e.isolated->add(b.isolated[k]);
    }
    e.clipped = counts.clipped[k];
    e.codes = std::move(counts.codes[k]);
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace narrow
