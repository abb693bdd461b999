// What a report tells of the project in C that a model becomes.
#pragma once

#include <string>

#include "narrow/report.h"

namespace narrow {

/// The project as `compile` would write it, or why there is none. `over_budget` says what does not fit and what would.
struct ProjectOrReason {
  std::optional<ReportProject> project = {};
  std::string reason = {};
  std::vector<std::string> over_budget = {};
};

/// Flash and RAM of the request are what it must fit into.
ProjectOrReason report_project(const ModelPtr& model, const ReportRequest& request);

/// The same of what `compile` has said of graph `entry`.
ProjectOrReason report_project(const CompileResult& compiled, const ReportRequest& request, int entry);

}  // namespace narrow
