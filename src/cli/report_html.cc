#include "cli/report_html.h"

#include <fmt/format.h>

#include <map>

#include "cli/html_style.h"
#include "cli/html_text.h"
#include "cli/model_facts.h"
#include "cli/option_names.h"
#include "cli/range_arguments.h"
#include "cli/table.h"

namespace narrow {
namespace {

/// What the integers and the floats of a model amount to.
struct Split {
  int64_t bytes = 0, float_bytes = 0;
  int64_t macs = 0, float_macs = 0;
};

bool is_float(const TensorInfo& t) {
  return t.dtype == DType::float32 || t.dtype == DType::float16;
}

Split split_of(const ModelInfo& model) {
  Split sum;
  for (const GraphInfo& graph : model.graphs) {
    for (const TensorInfo& t : graph.tensors) {
      if (!t.parameter) continue;
      sum.bytes += t.bytes;
      if (is_float(t)) sum.float_bytes += t.bytes;
    }
    for (const OpInfo& op : graph.ops) {
      sum.macs += op.macs;
      if (!op.outputs.empty() && is_float(tensor_at(graph, op.outputs.front()))) sum.float_macs += op.macs;
    }
  }
  return sum;
}

/// A box with the share of `part` in `whole` that is float.
std::string share(const char* what, int64_t part, int64_t whole) {
  double const percent = whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0;
  return fmt::format(
      "<div class=share><b>{:.1f} %</b><span>of {} float: {} of {}</span>"
      "<div class=bar><i style=\"width:{:.3f}%\"></i></div></div>\n",
      percent, what, grouped(part), grouped(whole), percent);
}

std::string size_box(const ReportTitle& title) {
  double const percent =
      title.bytes_before ? 100.0 * static_cast<double>(title.bytes_after) / static_cast<double>(title.bytes_before) : 0;
  return fmt::format("<div class=share><b>{} bytes</b><span>{:.1f} % of {} before</span></div>\n",
                     grouped(title.bytes_after), percent, grouped(title.bytes_before));
}

std::string scale_text(const TensorInfo& t) {
  if (t.scales.empty()) return "";
  if (t.scales.size() > 1) return fmt::format("{} scales", t.scales.size());
  return fmt::format("{:.6g}", t.scales.front());
}

std::string zero_point_text(const TensorInfo& t) {
  if (t.scales.size() != 1) return "";
  return std::to_string(t.zero_points.empty() ? 0 : t.zero_points.front());
}

int64_t constant_bytes(const GraphInfo& graph, const OpInfo& op) {
  int64_t bytes = 0;
  for (int const t : op.inputs)
    if (t >= 0 && tensor_at(graph, t).parameter) bytes += tensor_at(graph, t).bytes;
  return bytes;
}

std::string number_cell(int64_t n) {
  return fmt::format("<td class=number>{}</td>", n ? grouped(n) : "");
}

/// `outcome` is null for an op that the quantizer put in.
std::string row(const GraphInfo& graph, size_t index, const OpReport* outcome) {
  const OpInfo& op = graph.ops[index];
  const char* const tag = !outcome ? "added" : outcome->quantized ? "integer" : "float";
  std::string out = fmt::format("<tr><td class=number>{}</td><td>{}</td><td class=\"tag {}\">{}</td><td>{}</td>", index,
                                html_text(op.op), tag, tag, outcome ? html_text(in_options(outcome->reason)) : "");
  if (op.outputs.empty()) return out + "<td></td><td></td><td></td><td></td><td></td><td></td></tr>\n";
  const TensorInfo& y = tensor_at(graph, op.outputs.front());
  out += fmt::format("<td>{} [{}]</td><td class=number>{}</td><td class=number>{}</td>", to_string(y.dtype),
                     fmt::join(y.run_shape, ", "), scale_text(y), zero_point_text(y));
  out += number_cell(constant_bytes(graph, op)) + number_cell(op.macs);
  return out + fmt::format("<td class=name>{}</td></tr>\n", html_text(op.name));
}

std::string op_table(const GraphInfo& graph, const std::map<std::string, const OpReport*>& outcomes) {
  std::string out =
      "<div class=scroll><table>\n<tr><th class=number>#</th><th>op</th><th>outcome</th><th>why</th><th>result</th>"
      "<th class=number>scale</th><th class=number>zero point</th><th class=number>constant bytes</th>"
      "<th class=number>MACs</th><th>name</th></tr>\n";
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    auto const known = outcomes.find(graph.ops[i].op + " " + graph.ops[i].name);
    out += row(graph, i, known == outcomes.end() ? nullptr : known->second);
  }
  return out + "</table></div>\n";
}

std::string search_row(const SearchedRange& range) {
  std::string out = fmt::format("<tr><td>{}</td><td class=name>{}</td>",
                                range.op.empty() ? "input" : html_text(range.op), html_text(range.tensor));
  for (const RangeTrial& t : range.candidates) {
    const char* const mark = t.range == range.found ? "b" : "span";
    out += fmt::format("<td class=number><{}>&plusmn;{:g}: {}</{}></td>", mark, t.range, quality_text(t), mark);
  }
  return out + "</tr>\n";
}

/// What a search for ranges has tried, the chosen in bold; empty where there was none.
std::string search_table(const std::optional<SearchReport>& search) {
  if (!search) return "";
  std::string out =
      fmt::format("<p>Range search over {} samples, {} by range; quantized, {}.</p>\n<div class=scroll><table>\n",
                  grouped(search->samples), search->accuracy ? "accuracy" : "mean squared error of the outputs",
                  verdict_text(*search));
  for (const SearchedRange& range : search->ranges) out += search_row(range);
  return out + "</table></div>\n";
}

std::string names_cell(const std::vector<std::string>& names) {
  return fmt::format("<td class=name>{}</td>", html_text(fmt::format("{}", fmt::join(names, ", "))));
}

/// What channels were scaled before ranges were known; empty where none were.
std::string scaled_table(const std::vector<ScaledChannels>& scaled) {
  if (scaled.empty()) return "";
  std::string out =
      "<p>Channels scaled: layers multiply each by a factor, those that read them divide by it.</p>\n"
      "<div class=scroll><table>\n<tr><th class=number>channels</th><th class=number>least factor</th>"
      "<th class=number>largest</th><th>multiplied in</th><th>divided in</th><th>tensors</th></tr>\n";
  for (const ScaledChannels& s : scaled)
    out +=
        fmt::format("<tr><td class=number>{}</td><td class=number>{:.3g}</td><td class=number>{:.3g}</td>{}{}{}</tr>\n",
                    s.channels, s.least, s.most, names_cell(s.writers), names_cell(s.readers), names_cell(s.tensors));
  return out + "</table></div>\n";
}

}  // namespace

std::string report_html(const ReportTitle& title, const ModelInfo& model, const QuantizeResult& result) {
  std::map<std::string, const OpReport*> outcomes;
  for (const OpReport& op : result.ops) outcomes.emplace(op.op + " " + op.name, &op);
  Split const sum = split_of(model);
  std::string const name = html_text(title.output);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=en><meta charset=utf-8>\n"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n"
      "<h1>{}</h1>\n<p>quantized by narrow to {}{}</p>\n<div class=shares>\n",
      name, kHtmlStyle, name, html_text(title.scheme),
      result.samples ? fmt::format(", from {} samples", grouped(result.samples)) : "");
  out += size_box(title) + share("the bytes of weights are", sum.float_bytes, sum.bytes) +
         share("the multiply-accumulates are", sum.float_macs, sum.macs) + "</div>\n";
  for (const GraphInfo& graph : model.graphs) out += op_table(graph, outcomes);
  return out + search_table(result.search) + scaled_table(result.scaled) + "</html>\n";
}

}  // namespace narrow
