// --report, --node-data and the budgets that a report judges by.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "cli/options.h"
#include "narrow/report.h"

namespace narrow {

struct ReportArguments {
  std::string path;       // of a page or of JSON
  std::string node_data;  // the first of the files for Model Explorer
  std::string flash, ram, max_drop;

  bool asked() const { return !path.empty() || !node_data.empty(); }
};

void declare_report(Options& options, ReportArguments& a);
/// --max-drop, of commands that have no option of that name themselves.
void declare_report_drop(Options& options, ReportArguments& a);

/// The budgets in `request`. bad_option where names or sizes cannot be what they are to be, or budgets are given with
/// nothing to judge them in.
Status complete(const ReportArguments& a, ReportRequest& request);

/// The samples for `request`: those given, but for some that are not finite, which there is no error of.
void take_samples(const QuantizeRequest& made, ReportRequest& request);

/// The report, with a note where samples were given and not taken. Errors: those of make_report.
Result<Report> report_of(const ReportRequest& request, const QuantizeRequest& made);

/// Writes what is asked for, with the texts as the command line has them. JSON has what `said`, an object that ends
/// there, says too, and the report as its member `report`.
Status write_report(const ReportArguments& a, Report report, const JsonWriter& said);

}  // namespace narrow
