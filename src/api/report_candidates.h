// The models that a report compares, as points in its charts.
#pragma once

#include <vector>

#include "api/report_measure.h"
#include "api/report_project.h"
#include "narrow/report.h"

namespace narrow {

struct ReportCandidates {
  std::vector<ReportCandidate> points;  // the reference, where there is one, then the request's models, then trials
  ProjectOrReason project;              // of the model told of in detail
  std::vector<std::string> notes;       // of schemes that were not tried
};

/// `data` is null where there are no samples or no reference. Errors: those of running the models.
Result<ReportCandidates> report_candidates(const ReportRequest& request, const ReportData* data);

}  // namespace narrow
