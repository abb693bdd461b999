#include "cli/explain.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "cli/option_names.h"
#include "cli/table.h"

namespace narrow {
namespace {

std::string scale_text(const OperandReport& o) {
  if (o.scales == 0) return "";
  if (o.scales == 1) return fmt::format("{:.6g}, {}", o.scale_min, o.zero_point);
  return fmt::format("{} x {:.4g} .. {:.4g}", o.scales, o.scale_min, o.scale_max);
}

std::string range_text(const OperandReport& o) {
  return o.range ? fmt::format("{:.6g} .. {:.6g} ({})", o.range->first, o.range->second, o.method) : "";
}

}  // namespace

std::string explanations_text(const std::vector<Explanation>& explanations) {
  std::string out;
  for (const Explanation& e : explanations) {
    std::string const place = e.op.graph > 0 ? fmt::format("graph {}, ", e.op.graph) : "";
    out += fmt::format("\n{}op {} ({}) {}\n  {}\n  kernel: {}\n", place, e.index, e.op.op, printable(e.op.name),
                       printable(in_options(e.op.reason)), in_options(e.kernel));
    Table table({"  role", "type", "scale, zero point", "own range", "~parameters come from", "~name"});
    for (const OperandReport& o : e.operands)
      table.row({"  " + o.role, o.dtype, scale_text(o), range_text(o), o.origin, o.name});
    out += table.text();
  }
  return out.empty() ? out : out + "\n";
}

void write_explanations(JsonWriter& out, const std::vector<Explanation>& explanations) {
  out.begin_array();
  for (const Explanation& e : explanations) {
    out.begin_object()
        .member("name", e.op.name)
        .member("op", e.op.op)
        .member("graph", e.op.graph)
        .member("index", e.index)
        .member("quantized", e.op.quantized)
        .member("reason", in_options(e.op.reason))
        .member("kernel", in_options(e.kernel))
        .key("operands")
        .begin_array();
    for (const OperandReport& o : e.operands) {
      out.begin_object()
          .member("role", o.role)
          .member("name", o.name)
          .member("dtype", o.dtype)
          .member("scales", o.scales)
          .member("scale_min", o.scale_min)
          .member("scale_max", o.scale_max)
          .member("zero_point", o.zero_point)
          .key("range");
      if (o.range)
        out.begin_array().value(o.range->first).value(o.range->second).end_array();
      else
        out.value(nullptr);
      out.member("method", o.method).member("origin", o.origin).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
}

}  // namespace narrow
