// The report of `narrow quantize` as one page that needs nothing but itself.
#pragma once

#include <cstdint>
#include <string>

#include "narrow/inspect.h"
#include "narrow/quantize.h"

namespace narrow {

/// What the page says beside the model and its ops.
struct ReportTitle {
  std::string output;  // where the model went
  std::string scheme;
  int64_t bytes_before = 0;
  int64_t bytes_after = 0;
};

/// A table of the ops of `model`, the quantized one, with outcome, reason, types, scales and sizes; the share of
/// constants' bytes and of multiply-accumulates that stayed float; the file's size before and after. HTML.
std::string report_html(const ReportTitle& title, const ModelInfo& model, const QuantizeResult& result);

}  // namespace narrow
