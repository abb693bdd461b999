// node_data: figures by op as Model Explorer lays them over a graph.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "narrow/report.h"
#include "report/chart.h"

namespace narrow {
namespace {

/// A stop of a colour scale, from 0 for the least value to 1 for the greatest.
struct Stop {
  double stop;
  const char* colour;
};

/// One figure of all ops, and how it is coloured: what is bad is orange, what is good is blue.
struct OpFigure {
  const char* name;  // of a file
  const char* title;
  bool high_is_good;
  std::optional<double> (*value)(const ReportOp&,
                                 const ReportTensor*);  // of the op's result; null where it was not seen
};

/// What Model Explorer shows for an exact result, which no number stands for.
constexpr double kExactDb = 150;

std::optional<double> shown_db(const std::optional<ErrorSums>& error) {
  auto const db = error_db(error);
  if (!db || std::isnan(*db)) return std::nullopt;
  return std::clamp(*db, -kExactDb, kExactDb);
}

std::optional<double> where(bool known, double value) {
  return known && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

constexpr OpFigure kFigures[] = {
    {"sqnr", "SQNR accumulated, dB", true,
     [](const ReportOp& op, const ReportTensor*) { return shown_db(op.accumulated); }},
    {"sqnr_alone", "SQNR alone, dB", true,
     [](const ReportOp& op, const ReportTensor*) { return shown_db(op.isolated); }},
    {"bits", "bits of the result", false,
     [](const ReportOp& op, const ReportTensor*) { return where(op.activation_bits > 0, op.activation_bits); }},
    {"weight_bits", "bits of the weights", false,
     [](const ReportOp& op, const ReportTensor*) { return where(op.weight_bits > 0, op.weight_bits); }},
    {"range", "largest magnitude of the range", false,
     [](const ReportOp&, const ReportTensor* t) {
       return where(t && t->codes > 0, t ? std::max(-t->chosen_lo, t->chosen_hi) : 0);
     }},
    {"clipped", "clipped, %", false,
     [](const ReportOp&, const ReportTensor* t) { return where(t && t->codes > 0, t ? 100 * t->clipped : 0); }},
    {"code_use", "effective bits", true,
     [](const ReportOp&, const ReportTensor* t) { return where(t && t->codes > 0, t ? t->effective_bits : 0); }},
};

void write_gradient(JsonWriter& out, bool high_is_good) {
  const char* const bad = "#d55e00";
  const char* const good = "#56b4e9";
  const Stop stops[] = {{0, high_is_good ? bad : good}, {0.5, "#f0e442"}, {1, high_is_good ? good : bad}};
  out.key("gradient").begin_array();
  for (const Stop& s : stops) out.begin_object().member("stop", s.stop).member("bgColor", s.colour).end_object();
  out.end_array();
}

/// The figure of all ops of one graph; false where none has it.
bool write_graph(const OpFigure& figure, const Report& report, int graph,
                 const std::map<std::string, const ReportTensor*>& tensors, JsonWriter& out) {
  std::map<std::string, double> values;
  for (const ReportOp& op : report.ops) {
    if (op.graph != graph || op.name.empty()) continue;
    auto const tensor = tensors.find(op.name);
    bool const seen = graph == report.entry && tensor != tensors.end();
    if (auto const value = figure.value(op, seen ? tensor->second : nullptr)) values.emplace(op.name, *value);
  }
  if (values.empty()) return false;
  out.key(report.graphs[static_cast<size_t>(graph)]).begin_object().key("results").begin_object();
  for (auto const& [name, value] : values) out.key(name).begin_object().member("value", value).end_object();
  out.end_object().member("name", figure.title);
  write_gradient(out, figure.high_is_good);
  out.end_object();
  return true;
}

}  // namespace

std::vector<NodeData> node_data(const Report& report) {
  std::map<std::string, const ReportTensor*> tensors;
  for (const ReportTensor& t : report.tensors) tensors.emplace(t.name, &t);
  std::vector<NodeData> out;
  for (const OpFigure& figure : kFigures) {
    JsonWriter json;
    json.begin_object();
    bool any = false;
    for (size_t g = 0; g < report.graphs.size(); ++g)
      any = write_graph(figure, report, static_cast<int>(g), tensors, json) || any;
    json.end_object();
    if (any) out.push_back({figure.name, json.text()});
  }
  return out;
}

}  // namespace narrow
