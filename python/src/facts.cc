#include "facts.h"

#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "arrays.h"
#include "text.h"

namespace nb = nanobind;

namespace narrow {
namespace {

/// A dictionary that is written key by key.
class Facts {
 public:
  template <class T>
  Facts& with(const char* key, const T& value) {
    out_[key] = nb::cast(value);
    return *this;
  }
  Facts& with(const char* key, DType dtype) { return with(key, to_string(dtype)); }
  /// A list of dictionaries, or a dictionary.
  template <class T>
  Facts& each(const char* key, const std::vector<T>& values) {
    out_[key] = facts_of_all(values);
    return *this;
  }
  template <class T>
  Facts& one(const char* key, const std::optional<T>& value) {
    if (value)
      out_[key] = facts_of(*value);
    else
      out_[key] = nb::none();
    return *this;
  }
  nb::dict done() const { return out_; }

 private:
  nb::dict out_;
};

}  // namespace

// Structs that only others hold.

static nb::dict facts_of(const AttributeInfo& a) {
  return Facts().with("name", a.name).with("value", a.value).with("by_default", a.by_default).done();
}

static nb::dict facts_of(const OpInfo& op) {
  return Facts()
      .with("name", op.name)
      .with("op", op.op)
      .with("inputs", op.inputs)
      .with("outputs", op.outputs)
      .with("macs", op.macs)
      .each("attributes", op.attributes)
      .done();
}

static nb::dict facts_of(const GraphInfo& g) {
  return Facts()
      .with("name", g.name)
      .with("inputs", g.inputs)
      .with("outputs", g.outputs)
      .each("ops", g.ops)
      .each("tensors", g.tensors)
      .done();
}

static nb::dict facts_of(const OutlierChannel& c) {
  return Facts().with("channel", c.channel).with("largest", c.largest).with("times", c.times).done();
}

static nb::dict facts_of(const OpCoverage::Unsupported& u) {
  return Facts().with("name", u.name).with("reason", u.reason).done();
}

static nb::dict facts_of(const OpReport& op) {
  return Facts()
      .with("name", op.name)
      .with("op", op.op)
      .with("quantized", op.quantized)
      .with("reason", op.reason)
      .with("graph", op.graph)
      .with("form", op.form)
      .done();
}

static nb::dict facts_of(const OperandReport& o) {
  return Facts()
      .with("role", o.role)
      .with("name", o.name)
      .with("dtype", o.dtype)
      .with("scales", o.scales)
      .with("scale_min", o.scale_min)
      .with("scale_max", o.scale_max)
      .with("zero_point", o.zero_point)
      .with("range", o.range)
      .with("method", o.method)
      .with("origin", o.origin)
      .done();
}

static nb::dict facts_of(const Explanation& e) {
  return Facts()
      .with("op", facts_of(e.op))
      .with("index", e.index)
      .each("operands", e.operands)
      .with("kernel", e.kernel)
      .done();
}

static nb::dict facts_of(const RangeTrial& t) {
  return Facts()
      .with("range", t.range)
      .with("accuracy", t.accuracy)
      .with("agreement", t.agreement)
      .with("error", t.error)
      .done();
}

static nb::dict facts_of(const SearchedRange& r) {
  return Facts()
      .with("tensor", r.tensor)
      .with("op", r.op)
      .with("together", r.together)
      .each("candidates", r.candidates)
      .with("found", r.found)
      .with("chosen", r.chosen)
      .done();
}

static nb::dict facts_of(const SearchReport& s) {
  return Facts()
      .each("ranges", s.ranges)
      .with("samples", s.samples)
      .with("accuracy", s.accuracy)
      .with("found", facts_of(s.found))
      .with("widest", facts_of(s.widest))
      .with("kept_widest", s.kept_widest)
      .with("worse_in", s.worse_in)
      .done();
}

static nb::dict facts_of(const QualityTrial& t) {
  return Facts()
      .with("chain", t.chain)
      .with("sqnr_db", t.sqnr_db)
      .with("logits_db", t.logits_db)
      .with("typical_db", t.typical_db)
      .with("seconds", t.seconds)
      .done();
}

static nb::dict facts_of(const ScaledChannels& s) {
  return Facts()
      .with("tensors", s.tensors)
      .with("writers", s.writers)
      .with("readers", s.readers)
      .with("channels", s.channels)
      .with("least", s.least)
      .with("most", s.most)
      .done();
}

static nb::dict facts_of(const OutputSteps& s) {
  return Facts().with("own_db", s.own_db).with("gain_db", s.gain_db).done();
}

static nb::dict facts_of(const QualityReport& q) {
  return Facts()
      .each("trials", q.trials)
      .with("chosen", q.chosen)
      .with("held_back", q.held_back)
      .one("output_steps", q.output_steps)
      .done();
}

static nb::dict facts_of(const ErrorSums& e) {
  return Facts().with("signal", e.signal).with("noise", e.noise).with("values", e.values).done();
}

static nb::dict facts_of(const ChannelError& c) {
  return Facts().with("first", c.first).with("last", c.last).with("error", facts_of(c.error)).done();
}

static nb::dict facts_of(const OpError& op) {
  return Facts()
      .with("name", op.name)
      .with("op", op.op)
      .with("error", facts_of(op.error))
      .one("worst", op.worst)
      .done();
}

static nb::dict facts_of(const CompiledStep& s) {
  nb::dict cycles;
  for (const auto& [core, count] : s.cycles) cycles[core.c_str()] = count;
  return Facts()
      .with("name", s.name)
      .with("op", s.op)
      .with("kernel", s.kernel)
      .with("macs", s.macs)
      .with("reason", s.reason)
      .with("instructions", s.instructions)
      .with("cycles", cycles)
      .done();
}

static nb::dict facts_of(const PlannedBuffer& b) {
  return Facts()
      .with("tensor", b.tensor)
      .with("offset", b.offset)
      .with("bytes", b.bytes)
      .with("first", b.first)
      .with("last", b.last)
      .with("graph", b.graph)
      .done();
}

static nb::dict facts_of(const MeasuredSource& m) {
  return Facts().with("source", m.source).with("bytes", m.bytes).done();
}

static nb::dict facts_of(const PlacedPool& p) {
  return Facts()
      .with("name", p.name)
      .with("bytes", p.bytes)
      .with("limit", p.limit)
      .with("constants", p.constants)
      .done();
}

static nb::dict facts_of(const CertifiedBounds& c) {
  return Facts().with("calls", c.calls).with("channels", c.channels).with("spare_bits", c.spare_bits).done();
}

static nb::dict facts_of(const FittedLayer& l) {
  return Facts()
      .with("name", l.name)
      .with("op", l.op)
      .with("weights", l.weights)
      .with("alone_db", l.alone_db)
      .with("weight_bits", l.weight_bits)
      .with("activation_bits", l.activation_bits)
      .done();
}

static nb::dict facts_of(const FitTrial& t) {
  return Facts()
      .with("weight_bytes", t.weight_bytes)
      .with("flash_bytes", t.flash_bytes)
      .with("ram_bytes", t.ram_bytes)
      .with("no_project", t.no_project)
      .with("macs", t.macs)
      .with("weight_bits", t.weight_bits)
      .with("wide_ops", t.wide_ops)
      .with("predicted_db", t.predicted_db)
      .with("sqnr_db", t.sqnr_db)
      .with("top1", t.top1)
      .with("expected_top1", t.expected_top1)
      .with("drop", t.drop)
      .done();
}

/// Column by column: rows of a million samples would take a hundred times as much.
static nb::dict rows_of(const std::vector<SampleOutcome>& each) {
  auto column = [&](auto get) {
    std::vector<decltype(get(each[0]))> out;
    out.reserve(each.size());
    for (const SampleOutcome& s : each) out.push_back(get(s));
    return python::array_of(std::move(out));
  };
  auto flags = [&](bool SampleOutcome::*flag) {
    return column([flag](const SampleOutcome& s) { return static_cast<uint8_t>(s.*flag); });
  };
  nb::dict out;
  out["guess"] = column([](const SampleOutcome& s) { return s.guess; });
  out["near"] = flags(&SampleOutcome::near);
  out["right"] = flags(&SampleOutcome::right);
  out["reference_right"] = flags(&SampleOutcome::reference_right);
  out["agreed"] = flags(&SampleOutcome::agreed);
  out["signal"] = column([](const SampleOutcome& s) { return s.error.signal; });
  out["noise"] = column([](const SampleOutcome& s) { return s.error.noise; });
  out["values"] = column([](const SampleOutcome& s) { return s.error.values; });
  return out;
}

nb::dict facts_of(const TensorInfo& t) {
  return Facts()
      .with("name", t.name)
      .with("dtype", t.dtype)
      .with("shape", t.shape)
      .with("run_shape", t.run_shape)
      .with("scales", t.scales)
      .with("zero_points", t.zero_points)
      .with("axis", t.axis)
      .with("constant", t.constant)
      .with("parameter", t.parameter)
      .with("bytes", t.bytes)
      .done();
}

nb::dict facts_of(const ModelInfo& m) {
  return Facts()
      .with("source", m.source)
      .with("description", m.description)
      .with("bytes", m.bytes)
      .with("macs", m.macs)
      .with("parameters", m.parameters)
      .with("entry", m.entry)
      .each("graphs", m.graphs)
      .with("signatures", m.signatures)
      .done();
}

nb::dict facts_of(const WeightHistogram& h) {
  return Facts()
      .with("name", h.name)
      .with("dtype", h.dtype)
      .with("elements", h.elements)
      .with("lo", h.lo)
      .with("hi", h.hi)
      .with("mean", h.mean)
      .with("deviation", h.deviation)
      .with("zeros", h.zeros)
      .with("not_finite", h.not_finite)
      .with("counts", std::vector<int64_t>(h.counts.begin(), h.counts.end()))
      .each("outlier_channels", h.outlier_channels)
      .done();
}

nb::dict facts_of(const OpCoverage& c) {
  return Facts().with("op", c.op).with("count", c.count).each("unsupported", c.unsupported).done();
}

nb::dict facts_of(const TensorStatisticsReport& t) {
  Facts out;
  out.with("graph", t.graph)
      .with("tensor", t.tensor)
      .with("name", t.name)
      .with("values", t.values)
      .with("not_finite", t.not_finite)
      .with("min", t.min)
      .with("max", t.max);
  const auto& d = t.distribution;
  out.with("mean", d ? std::optional(d->mean) : std::nullopt)
      .with("deviation", d ? std::optional(d->deviation) : std::nullopt)
      .with("outliers", d ? std::optional(d->outliers) : std::nullopt)
      .with("most", d ? std::optional(d->most) : std::nullopt)
      .with("counts", d ? d->counts : std::vector<int64_t>());
  return out.done();
}

nb::dict facts_of(const QuantizeResult& r) {
  return Facts()
      .with("scheme", to_string(r.scheme))
      .each("ops", r.ops)
      .each("explanations", r.explanations)
      .one("search", r.search)
      .one("quality", r.quality)
      .each("scaled", r.scaled)
      .with("warnings", r.warnings)
      .with("notes", r.notes)
      .with("samples", r.samples)
      .done();
}

nb::dict facts_of(const Evaluation& e) {
  return Facts()
      .with("samples", e.samples)
      .with("first", e.first)
      .with("top1", e.top1)
      .with("top5", e.top5)
      .with("reference_top1", e.reference_top1)
      .with("agreement", e.agreement)
      .one("error", e.error)
      .with("median_db", e.median_db)
      .with("each", rows_of(e.each))
      .each("ops", e.ops)
      .with("confusion", e.confusion)
      .with("seconds", e.seconds)
      .with("warnings", e.warnings)
      .done();
}

nb::dict facts_of(const CompileResult& r) {
  return Facts()
      .with("files", r.files)
      .with("name", r.name)
      .with("constants", r.constants)
      .with("weight_bytes", r.weight_bytes)
      .with("macs", r.macs)
      .with("arena_bytes", r.arena_bytes)
      .with("flash_bytes", r.flash_bytes)
      .with("code_bytes", r.code_bytes)
      .with("stack_bytes", r.stack_bytes)
      .with("measured_by", r.measured_by)
      .each("code", r.code)
      .with("state_bytes", r.state_bytes)
      .each("steps", r.steps)
      .each("plan", r.plan)
      .each("pools", r.pools)
      .with("golden_samples", r.golden_samples)
      .one("certified", r.certified)
      .with("warnings", r.warnings)
      .with("notes", r.notes)
      .with("over_budget", r.over_budget)
      .done();
}

nb::dict facts_of(const StreamResult& r) {
  return Facts()
      .with("frames", r.frames)
      .with("window", r.window)
      .with("first_run", r.first_run)
      .with("offset", r.offset)
      .with("late", r.late)
      .with("state_bytes", r.state_bytes)
      .done();
}

nb::dict facts_of(const ExportResult& r) {
  return Facts()
      .with("files", r.files)
      .with("name", r.name)
      .with("constants", r.constants)
      .with("bytes", r.bytes)
      .with("left_out", r.left_out)
      .done();
}

nb::dict facts_of(const FitResult& r) {
  return Facts()
      .with("recipe", r.recipe)
      .with("steps", r.steps)
      .with("max_drop", r.max_drop.value)
      .with("unit", r.max_drop.unit == MostDrop::Unit::points ? "points" : "decibels")
      .each("layers", r.layers)
      .each("trials", r.trials)
      .with("chosen", r.chosen)
      .with("nearest", r.nearest)
      .with("missed", r.missed)
      .one("made", r.made)
      .with("int8_weight_bytes", r.int8_weight_bytes)
      .with("float_top1", r.float_top1)
      .with("macs", r.macs)
      .with("calibrated", r.calibrated)
      .with("held_back", r.held_back)
      .with("warnings", r.warnings)
      .done();
}

nb::dict facts_of(const Finding& f) {
  return Facts()
      .with("graph", f.graph)
      .with("op", f.op)
      .with("type", f.type)
      .with("name", f.name)
      .with("what", f.what)
      .with("remedy", f.remedy)
      .done();
}

nb::dict facts_of(const OpSupport& s) {
  nb::dict runtimes;
  for (Width const width : all<Width>()) {
    std::vector<std::string> names;
    for (Runtime const r : s.at(width)) names.emplace_back(to_string(r));
    runtimes[to_string(width)] = names;
  }
  return Facts().with("op", s.op).with("runtimes", runtimes).done();
}

}  // namespace narrow
