#include "cli/report_arguments.h"

#include <fmt/format.h>

#include <span>

#include "base/file.h"
#include "cli/byte_count.h"
#include "cli/drop_argument.h"
#include "cli/file_arguments.h"
#include "cli/option_names.h"
#include "cli/talk.h"

namespace narrow {
namespace {

Status write_text(const std::string& path, const std::string& text) {
  return write_file_atomically(path, std::as_bytes(std::span(text)));
}

/// "f.json" and "clipped": "f.clipped.json".
std::string beside(const std::string& path, const std::string& name) {
  return path.substr(0, path.size() - std::string_view(".json").size()) + "." + name + ".json";
}

/// The first figure in the file that was named, each other one in a file beside it.
Status write_node_data(const std::string& path, const Report& report) {
  std::string others;
  std::vector<NodeData> const figures = node_data(report);
  if (figures.empty())
    return fail(ErrorKind::bad_data, "--node-data has nothing to write: no op has a figure", "command line",
                "give --data");
  for (size_t k = 0; k < figures.size(); ++k) {
    NARROW_CHECK(write_text(k == 0 ? path : beside(path, figures[k].name), figures[k].json + "\n"));
    if (k > 0) others += (k > 1 ? ", " : "") + figures[k].name;
  }
  if (!others.empty())
    print_note(
        fmt::format("{} has {}; beside it is {} with {}", path, figures.front().name, beside(path, "*"), others));
  return {};
}

}  // namespace

void declare_report(Options& options, ReportArguments& a) {
  options.text(
      "--report", "F", &a.path,
      "write a page here that shows error, ranges, memory and costs by layer; the numbers where F ends in .json");
  options.text("--node-data", "F.json", &a.node_data,
               "figures of ops for Model Explorer: the error here, the others in files beside it");
  options.text("--flash", "N", &a.flash, "the report tells whether flash of the C project is within N: 65536 or 64k");
  options.text("--ram", "N", &a.ram, "likewise arena, state and stack");
}

void declare_report_drop(Options& options, ReportArguments& a) {
  options.text("--max-drop", "D", &a.max_drop,
               "the report tells whether so little is lost: points of top-1 as 1%, or the least SQNR as 30dB");
}

Status complete(const ReportArguments& a, ReportRequest& request) {
  NARROW_CHECK(check_report(a.path));
  if (!a.node_data.empty() && !a.node_data.ends_with(".json"))
    return fail(ErrorKind::bad_option, "--node-data does not write '" + a.node_data + "'", "command line",
                "give a name that ends in .json");
  const std::pair<const char*, const std::string*> budgets[] = {
      {"--flash", &a.flash}, {"--ram", &a.ram}, {"--max-drop", &a.max_drop}};
  for (auto const& [option, text] : budgets)
    if (!text->empty() && a.path.empty())
      return fail(ErrorKind::bad_option, std::string(option) + " is judged in a report, and none is asked for",
                  "command line", "add --report; `narrow fit` looks for widths that keep within budgets");
  NARROW_TRY(request.flash, byte_count("--flash", a.flash));
  NARROW_TRY(request.ram, byte_count("--ram", a.ram));
  NARROW_TRY(request.max_drop, drop_argument(a.max_drop, request.labels.given()));
  if (request.max_drop && request.max_drop->unit == MostDrop::Unit::points && !request.labels.given())
    return fail(ErrorKind::bad_option, "--max-drop in points is of top-1 accuracy, which needs --labels",
                "command line", "give --labels, or decibels, as 30dB");
  return {};
}

void take_samples(const QuantizeRequest& made, ReportRequest& request) {
  if (made.on_nan == OnNan::stop) request.data = made.data;
}

Result<Report> report_of(const ReportRequest& request, const QuantizeRequest& made) {
  NARROW_TRY(Report report, make_report(request));
  if (made.data.given() && !request.data.given())
    report.notes.emplace_back("nothing is measured layer by layer: with `on_nan=skip` there is no error to compare");
  return report;
}

Status write_report(const ReportArguments& a, Report report, const JsonWriter& said) {
  change_texts(report, [](const std::string& text) { return in_options(text); });
  if (!a.node_data.empty()) NARROW_CHECK(write_node_data(a.node_data, report));
  if (a.path.empty()) return {};
  if (a.path.ends_with(".html")) return write_text(a.path, report_html(report));
  std::string text = said.text();
  text.pop_back();  // the brace that ends the object
  return write_text(a.path, text + ",\"report\":" + report_json(report) + "}\n");
}

}  // namespace narrow
