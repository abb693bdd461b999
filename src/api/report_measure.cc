#include "api/report_measure.h"

#include <algorithm>
#include <cmath>

#include "api/data.h"
#include "api/held_back.h"
#include "api/sized_for_data.h"
#include "calibrate/calibrate.h"
#include "graph/entry.h"
#include "ops/control/state.h"
#include "ops/def/attributes.h"
#include "program/program.h"
#include "search/channel_gains.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr int64_t kMostMeasured = 4 << 20;  // float activations over all samples that layers are measured on
constexpr int64_t kTimesLabelled = 8;       // so many times the samples of layers serve to count right answers
constexpr int64_t kGainSamples = 8;         // that factors of channels are found by
constexpr int kParts = 64;                  // of a histogram

int64_t activation_values(const Graph& graph) {
  int64_t out = 1;
  for (const Tensor& t : graph.tensors)
    if (!t.constant && t.is_float()) out += t.elements();
  return out;
}

/// The float values of `seen` in equal parts of a span that holds them and what the tensor's integers stand for.
void fill_histogram(const TensorStatistics& seen, ReportTensor& out) {
  out.values = static_cast<int64_t>(seen.count);
  if (seen.empty()) return;
  out.min = static_cast<double>(seen.min);
  out.max = static_cast<double>(seen.max);
  double lo = out.min, hi = out.max;
  if (out.scale > 0) {
    // A range far wider than the values, as headroom makes it, would leave nothing to see of them.
    double const width = std::max(hi - lo, 1e-12);
    lo = std::min(lo, std::max(out.chosen_lo, lo - width));
    hi = std::max(hi, std::min(out.chosen_hi, hi + width));
  }
  if (!(hi > lo)) hi = lo + 1;
  out.histogram_lo = lo;
  out.histogram_hi = hi;
  out.counts.assign(kParts, 0);
  double const part = (hi - lo) / kParts;
  for (const Bin& b : sorted_bins(seen.histogram, seen.min, seen.max)) {
    // A bin may be wider than a part: its values count as spread evenly.
    auto const at = [&](double v) { return std::clamp(static_cast<int>((v - lo) / part), 0, kParts - 1); };
    int const first = at(b.lo), last = at(b.hi);
    auto rest = static_cast<int64_t>(b.count);
    for (int k = first; k <= last; ++k) {
      int64_t const share =
          k == last ? rest : std::min(rest, static_cast<int64_t>(std::llround(b.count / (last - first + 1))));
      out.counts[static_cast<size_t>(k)] += share;
      rest -= share;
    }
  }
}

/// Of a tensor whose float values are not known: the values that its integers stood for.
void fill_histogram(const std::vector<uint64_t>& codes, ReportTensor& out) {
  out.histogram_lo = out.chosen_lo;
  out.histogram_hi = out.chosen_hi;
  out.counts.assign(kParts, 0);
  bool any = false;
  for (size_t k = 0; k < codes.size(); ++k) {
    if (codes[k] == 0) continue;
    double const value = out.chosen_lo + static_cast<double>(k) * out.scale;
    if (!any) out.min = value;
    out.max = value;
    any = true;
    out.values += static_cast<int64_t>(codes[k]);
    out.counts[k * kParts / codes.size()] += static_cast<int64_t>(codes[k]);
  }
}

void fill_codes(const LayerError& e, ReportTensor& out) {
  uint64_t total = 0;
  for (uint64_t const n : e.codes) total += n;
  out.codes = static_cast<int64_t>(e.codes.size());
  if (total == 0) return;
  out.clipped = static_cast<double>(e.clipped) / static_cast<double>(total);
  double bits = 0;
  for (uint64_t const n : e.codes) {
    if (n == 0) continue;
    ++out.codes_used;
    double const share = static_cast<double>(n) / static_cast<double>(total);
    bits -= share * std::log2(share);
  }
  out.effective_bits = std::max(bits, 0.0);
}

ReportTensor tensor_of(const Tensor& t) {
  ReportTensor out;
  out.name = t.name;
  out.dtype = to_string(t.dtype);
  if (!t.quantization.present() || t.quantization.per_axis()) return out;
  out.scale = static_cast<double>(t.quantization.scale());
  out.zero_point = t.quantization.zero_point();
  if (element_bytes(t.dtype) == 0 || element_bytes(t.dtype) > 2) return out;
  IntegerInterval const q = integer_range(t.dtype);
  out.chosen_lo = static_cast<double>(q.lo - out.zero_point) * out.scale;
  out.chosen_hi = static_cast<double>(q.hi - out.zero_point) * out.scale;
  return out;
}

Result<Candidate> candidate_for(const ModelPtr& given, const ReportData& data, const ReportRequest& request) {
  Candidate out;
  NARROW_TRY(out.entry, entry_graph(*given, request.signature));
  NARROW_TRY(ModelPtr const sized, sized_for(given, request.data, out.entry));
  NARROW_TRY(Model folded, fold_constants(*sized));
  out.model = std::make_shared<const Model>(std::move(folded));
  NARROW_TRY(out.data, open_data(*out.model, data.source, out.entry));
  return out;
}

Result<ReportMeasures> measured_by_name(const ReportRequest& request, const ReportData& data,
                                        const ReportedModel& model) {
  ReportMeasures out;
  EvaluateRequest how;
  how.data = data.source;
  how.reference = data.reference;
  how.signature = request.signature;
  how.per_op = true;
  how.profile = request.profile;
  how.threads = request.threads;
  NARROW_TRY(auto const results, evaluate(std::span(&model.model, 1), how));
  out.named = results.front().ops;
  out.no_isolated = "the model keeps state, or runs graphs: its layers have errors of all that comes before them";
  return out;
}

}  // namespace

Result<ReportData> report_data(const ReportRequest& request) {
  ReportData out;
  NARROW_TRY(out.entry, entry_graph(*request.reference, request.signature));
  NARROW_TRY(out.reference, sized_for(request.reference, request.data, out.entry));
  NARROW_TRY(auto const all, open_data(*out.reference, request.data, out.entry, OnNan::skip));
  NARROW_TRY(out.given, sample_count(request.data, *all));
  NARROW_TRY(auto const labels, open_labels(request.labels, *all, out.given));
  const Graph& graph = out.reference->graphs[static_cast<size_t>(out.entry)];
  int64_t const room = std::max<int64_t>(kMostMeasured / activation_values(graph), 1);
  out.samples = std::min({out.given, std::max<int64_t>(request.samples, 1), room});
  bool const state = keeps_state(*out.reference, out.entry);
  auto const source_of = [&](const std::vector<int64_t>& numbers) {
    DataSource source = picked(graph, all, numbers);
    source.sequence = request.data.sequence;
    return source;
  };
  out.source = source_of(evenly(out.samples, state ? out.samples : out.given));
  int64_t const more = std::min({out.given, kTimesLabelled * request.samples, kTimesLabelled * room});
  int64_t const outputs = labels.empty() ? out.samples : std::max(out.samples, more);
  std::vector<int64_t> const numbers = evenly(outputs, state ? outputs : out.given);
  out.outputs = source_of(numbers);
  for (int64_t const n : numbers)
    if (!labels.empty()) out.labels.push_back(labels[static_cast<size_t>(n)]);
  out.by_layer = !state && !runs_one_by_one(graph);
  return out;
}

Result<ReportMeasures> measure_layers(const ReportRequest& request, const ReportData& data) {
  const ReportedModel& model = request.models[request.detail];
  NARROW_TRY(int const entry, entry_graph(*model.model, request.signature));
  if (!data.by_layer || runs_one_by_one(model.model->graphs[static_cast<size_t>(entry)]))
    return measured_by_name(request, data, model);
  NARROW_TRY(Candidate const reference, candidate_for(data.reference, data, request));
  // Channels that were left out hold nothing that matters; with them, all tensors compare.
  bool const more = model.made && model.made->with_all_channels;
  NARROW_TRY(Candidate const quantized,
             candidate_for(more ? model.made->with_all_channels : model.model, data, request));
  int const threads = thread_count(request.threads);
  ReportMeasures out;
  out.model = quantized.model;
  out.entry = quantized.entry;
  const ProfileDef* const profile = find_profile(to_string(request.profile));
  LayerErrorOptions walk{
      .samples = data.samples, .threads = threads, .profile = profile, .progress = request.progress, .gains = {}};
  if (!model.made) {
    LayerErrorOptions few = walk;
    few.samples = std::min(data.samples, kGainSamples);
    NARROW_TRY(walk.gains, channel_gains(reference, quantized, few));
    for (const TensorTwin& t : tensor_twins(reference.graph(), quantized.graph()))
      if (!walk.gains[static_cast<size_t>(t.reference)].empty())
        out.scaled.push_back(quantized.graph().tensor(t.tensor).name);
  }
  NARROW_TRY(out.layers, layer_errors(reference, quantized, walk));
  CalibrateOptions how;
  how.entry = reference.entry;
  how.samples = data.samples;
  how.threads = threads;
  how.histograms = true;
  how.skip_nonfinite = true;
  NARROW_TRY(Statistics const seen, calibrate(reference.model, *reference.data, how));
  for (const LayerError& e : out.layers) {
    ReportTensor tensor = tensor_of(quantized.graph().tensor(e.twin.tensor));
    fill_codes(e, tensor);
    bool const scaled = !walk.gains.empty() && !walk.gains[static_cast<size_t>(e.twin.reference)].empty();
    const TensorStatistics* const s = seen.find(TensorRef{reference.entry, e.twin.reference});
    if (scaled && !e.codes.empty())  // the float values are not those that the range was chosen for
      fill_histogram(e.codes, tensor);
    else if (s && !scaled)
      fill_histogram(*s, tensor);
    out.tensors.push_back(std::move(tensor));
  }
  return out;
}

}  // namespace narrow
