// What the library tells, as dictionaries: the keys are the fields of the structs, and of the dataclasses in
// narrow/facts.py that they become. They are in the namespace of the structs, where templates find them.
#pragma once

#include <nanobind/nanobind.h>
#include <narrow/narrow.h>

namespace narrow {

nanobind::dict facts_of(const TensorInfo& tensor);
nanobind::dict facts_of(const ModelInfo& model);
nanobind::dict facts_of(const WeightHistogram& histogram);
nanobind::dict facts_of(const OpCoverage& coverage);
nanobind::dict facts_of(const TensorStatisticsReport& tensor);
nanobind::dict facts_of(const QuantizeResult& result);  // without the model
nanobind::dict facts_of(const Evaluation& evaluation);
nanobind::dict facts_of(const CompileResult& result);
nanobind::dict facts_of(const ExportResult& result);
nanobind::dict facts_of(const StreamResult& result);  // without the model
nanobind::dict facts_of(const FitResult& result);
nanobind::dict facts_of(const Finding& finding);
nanobind::dict facts_of(const OpSupport& support);

/// A list of what `facts_of` makes of each.
template <class Range>
nanobind::list facts_of_all(const Range& range) {
  nanobind::list out;
  for (const auto& one : range) out.append(facts_of(one));
  return out;
}

}  // namespace narrow
