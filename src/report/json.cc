// report_json: every number of a report.
#include <algorithm>
#include <cmath>

#include "base/json_writer.h"
#include "narrow/report.h"

namespace narrow {
namespace {

void write_error(JsonWriter& out, const char* key, const std::optional<ErrorSums>& error) {
  out.key(key);
  if (!error) {
    out.value(nullptr);
    return;
  }
  out.begin_object()
      .member("sqnr_db", error->noise > 0 ? error->sqnr_db() : std::numeric_limits<double>::infinity())
      .member("exact", error->noise == 0)
      .member("signal", error->signal)
      .member("noise", error->noise)
      .member("values", error->values)
      .end_object();
}

void write_ops(JsonWriter& out, const Report& report) {
  out.key("ops").begin_array();
  for (const ReportOp& op : report.ops) {
    out.begin_object()
        .member("graph", op.graph)
        .member("index", op.index)
        .member("name", op.name)
        .member("op", op.op)
        .member("outcome", op.outcome)
        .member("reason", op.reason)
        .member("form", op.form)
        .member("dtype", op.dtype)
        .member("shape", op.shape)
        .member("scale", op.scale)
        .member("zero_point", op.zero_point)
        .member("constant_bytes", op.constant_bytes)
        .member("macs", op.macs)
        .member("weight_bits", op.weight_bits)
        .member("activation_bits", op.activation_bits);
    write_error(out, "accumulated", op.accumulated);
    write_error(out, "isolated", op.isolated);
    out.end_object();
  }
  out.end_array();
}

void write_tensors(JsonWriter& out, const Report& report) {
  out.key("tensors").begin_array();
  for (const ReportTensor& t : report.tensors)
    out.begin_object()
        .member("name", t.name)
        .member("dtype", t.dtype)
        .member("scale", t.scale)
        .member("zero_point", t.zero_point)
        .member("range_lo", t.chosen_lo)
        .member("range_hi", t.chosen_hi)
        .member("values", t.values)
        .member("min", t.min)
        .member("max", t.max)
        .member("histogram_lo", t.histogram_lo)
        .member("histogram_hi", t.histogram_hi)
        .member("histogram", t.counts)
        .member("clipped", t.clipped)
        .member("codes", t.codes)
        .member("codes_used", t.codes_used)
        .member("effective_bits", t.effective_bits)
        .end_object();
  out.end_array();
}

/// Floats by their own shortest digits.
void write_floats(JsonWriter& out, const char* key, const std::vector<float>& values) {
  out.key(key).begin_array();
  for (float const v : values) out.value(std::strtod(std::to_string(v).c_str(), nullptr));
  out.end_array();
}

void write_weights(JsonWriter& out, const Report& report) {
  out.key("weights").begin_array();
  for (const ReportWeights& w : report.weights) {
    out.begin_object()
        .member("name", w.name)
        .member("op", w.op)
        .member("dtype", w.dtype)
        .member("bits", w.bits)
        .member("shape", w.shape)
        .member("zeros", w.zeros)
        .member("scales", w.scales);
    write_floats(out, "channel_lo", w.lo);
    write_floats(out, "channel_hi", w.hi);
    write_error(out, "error", w.error);
    out.end_object();
  }
  out.end_array();
}

const char* kind_word(ReportCandidate::Kind kind) {
  return kind == ReportCandidate::Kind::reference ? "reference"
         : kind == ReportCandidate::Kind::model   ? "model"
                                                  : "trial";
}

void write_candidates(JsonWriter& out, const Report& report) {
  out.key("candidates").begin_array();
  for (const ReportCandidate& c : report.candidates)
    out.begin_object()
        .member("name", c.name)
        .member("kind", kind_word(c.kind))
        .member("bytes", c.bytes)
        .member("macs", c.macs)
        .member("samples", c.samples)
        .member("top1", c.top1)
        .member("agreement", c.agreement)
        .member("sqnr_db", c.sqnr_db)
        .member("flash_bytes", c.flash)
        .member("ram_bytes", c.ram)
        .member("cycles", c.cycles)
        .member("no_project", c.no_project)
        .member("unbeaten", c.on_front)
        .end_object();
  out.end_array();
}

void write_project(JsonWriter& out, const Report& report) {
  out.key("project");
  if (!report.project) {
    out.value(nullptr).member("no_project", report.no_project);
    return;
  }
  const ReportProject& p = *report.project;
  out.begin_object()
      .member("flash_bytes", p.flash)
      .member("constant_bytes", p.constants)
      .member("code_bytes", p.code)
      .member("arena_bytes", p.arena)
      .member("state_bytes", p.state)
      .member("stack_bytes", p.stack)
      .member("macs", p.macs)
      .member("cycles", p.cycles)
      .member("core", p.core)
      .member("measured_by", p.measured_by)
      .key("steps")
      .begin_array();
  for (const ReportStep& s : p.steps)
    out.begin_object()
        .member("name", s.name)
        .member("op", s.op)
        .member("kernel", s.kernel)
        .member("flash_bytes", s.flash)
        .member("ram_bytes", s.ram)
        .member("macs", s.macs)
        .member("cycles", s.cycles)
        .end_object();
  out.end_array().key("plan").begin_array();
  for (const PlannedBuffer& b : p.plan)
    out.begin_object()
        .member("tensor", b.tensor)
        .member("offset", b.offset)
        .member("bytes", b.bytes)
        .member("first", b.first)
        .member("last", b.last)
        .member("graph", b.graph)
        .end_object();
  out.end_array().end_object();
}

void write_making(JsonWriter& out, const Report& report) {
  if (report.quality) {
    out.key("quality").begin_object().member("held_back", report.quality->held_back);
    out.member("chosen", report.quality->chosen).key("trials").begin_array();
    for (const QualityTrial& t : report.quality->trials)
      out.begin_object()
          .member("chain", t.chain)
          .member("sqnr_db", t.sqnr_db)
          .member("logits_db", t.logits_db)
          .member("typical_db", t.typical_db)
          .end_object();
    out.end_array();
    if (const auto& steps = report.quality->output_steps)
      out.key("output_steps")
          .begin_object()
          .member("own_db", steps->own_db)
          .member("gain_db", steps->gain_db)
          .end_object();
    out.end_object();
  }
  auto trial = [&](const RangeTrial& t) {
    out.begin_object()
        .member("range", t.range)
        .member("accuracy", t.accuracy)
        .member("agreement", t.agreement)
        .member("error", t.error)
        .end_object();
  };
  if (report.search) {
    out.key("search")
        .begin_object()
        .member("samples", report.search->samples)
        .member("kept_widest", report.search->kept_widest);
    out.key("found");
    trial(report.search->found);
    out.key("widest");
    trial(report.search->widest);
    out.key("ranges").begin_array();
    for (const SearchedRange& r : report.search->ranges) {
      out.begin_object()
          .member("tensor", r.tensor)
          .member("op", r.op)
          .member("found", r.found)
          .member("chosen", r.chosen)
          .key("candidates")
          .begin_array();
      for (const RangeTrial& t : r.candidates) trial(t);
      out.end_array().end_object();
    }
    out.end_array().end_object();
  }
  out.key("scaled").begin_array();
  for (const ScaledChannels& s : report.scaled)
    out.begin_object()
        .member("tensors", s.tensors)
        .member("writers", s.writers)
        .member("readers", s.readers)
        .member("channels", s.channels)
        .member("least_factor", s.least)
        .member("largest_factor", s.most)
        .end_object();
  out.end_array().key("folded").begin_object();
  for (auto const& [op, count] : report.folded) out.member(op, count);
  out.end_object();
}

}  // namespace

std::string report_json(const Report& report) {
  JsonWriter out;
  out.begin_object()
      .member("title", report.title)
      .member("source", report.source)
      .member("scheme", report.scheme)
      .member("bytes", report.bytes)
      .member("bytes_before", report.bytes_before)
      .member("calibrated_samples", report.calibrated)
      .member("measured_samples", report.measured)
      .member("given_samples", report.given)
      .member("macs", report.macs)
      .member("float_macs", report.float_macs)
      .member("weight_bytes", report.weight_bytes)
      .member("float_weight_bytes", report.float_weight_bytes)
      .member("no_isolated", report.no_isolated)
      .member("graphs", report.graphs)
      .member("entry", report.entry)
      .key("verdict")
      .begin_array();
  for (const ReportVerdict& v : report.verdict)
    out.begin_object()
        .member("what", v.what)
        .member("unit", v.unit)
        .member("value", v.value)
        .member("limit", v.limit)
        .member("kept", v.kept)
        .end_object();
  out.end_array();
  write_candidates(out, report);
  write_ops(out, report);
  write_tensors(out, report);
  write_weights(out, report);
  write_project(out, report);
  write_making(out, report);
  out.member("notes", report.notes).member("warnings", report.warnings).member("advice", report.advice).end_object();
  return out.text();
}

}  // namespace narrow
