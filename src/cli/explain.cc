#include "cli/explain.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

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

nlohmann::ordered_json explanations_json(const std::vector<Explanation>& explanations) {
  auto out = nlohmann::ordered_json::array();
  for (const Explanation& e : explanations) {
    auto operands = nlohmann::ordered_json::array();
    for (const OperandReport& o : e.operands) {
      nlohmann::ordered_json operand = {
          {"role", o.role},           {"name", o.name},           {"dtype", o.dtype},          {"scales", o.scales},
          {"scale_min", o.scale_min}, {"scale_max", o.scale_max}, {"zero_point", o.zero_point}};
      operand["range"] = o.range ? nlohmann::ordered_json{o.range->first, o.range->second} : nlohmann::ordered_json();
      operand["method"] = o.method;
      operand["origin"] = o.origin;
      operands.push_back(std::move(operand));
    }
    out.push_back({{"name", e.op.name},
                   {"op", e.op.op},
                   {"graph", e.op.graph},
                   {"index", e.index},
                   {"quantized", e.op.quantized},
                   {"reason", in_options(e.op.reason)},
                   {"kernel", in_options(e.kernel)},
                   {"operands", std::move(operands)}});
  }
  return out;
}

}  // namespace narrow
