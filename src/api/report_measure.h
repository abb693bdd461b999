// What a report measures: the models on some samples, and one of them layer by layer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/model.h"
#include "graph/samples.h"
#include "narrow/report.h"
#include "search/layer_errors.h"

namespace narrow {

/// The samples that figures are measured on.
struct ReportData {
  ModelPtr reference;  // the float model, sized for the samples
  int entry = 0;
  DataSource source;            // those that layers are measured on, as any of the models takes them
  int64_t samples = 0;          // as many
  DataSource outputs;           // those that outputs are: with labels more of them, as accuracy needs
  std::vector<int64_t> labels;  // one for each of `outputs`, or none
  int64_t given = 0;
  bool by_layer = true;  // the float graph keeps no state and runs no other graphs
};

/// Evenly spaced samples of the request's, as many as it says and activations leave room for; the first ones of a model
/// that keeps state. The request has a reference. Errors: those of reading data and labels.
Result<ReportData> report_data(const ReportRequest& request);

/// The error of each tensor of `model` with the float tensor it stands for, and histograms of the latter, where nothing
/// keeps state; else errors as `evaluate` has them.
struct ReportMeasures {
  std::shared_ptr<const Model> model;  // that `layers` are of: constants folded, sized for the samples
  int entry = 0;
  std::vector<LayerError> layers;
  std::vector<OpError> named;         // where layers cannot be measured alone
  std::vector<ReportTensor> tensors;  // activations with a scale, or floats
  std::vector<std::string> scaled;    // tensors whose channels have factors that nobody has said
  std::string no_isolated;
};
Result<ReportMeasures> measure_layers(const ReportRequest& request, const ReportData& data);

}  // namespace narrow
