// Range methods: from a tensor's statistics to the interval that its integers will cover.
//
//   NARROW_TRY(RangeChoice choice, parse_range("percentile:99.9"));
//   options.histograms = choice.method->histograms;  // what calibration has to collect
//   Range r = choice.range(*statistics.find(tensor), {.bits = 8});
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "calibrate/statistics.h"
#include "quantize/params.h"

namespace narrow {

/// The integers that a range is chosen for. Asymmetric: 2^bits levels from lo to hi, one of which is zero. Symmetric:
/// 2^bits - 1 levels from -T to T, T being the larger end.
struct IntegerFormat {
  int bits = 8;
  bool symmetric = false;
};

struct RangeMethodDef {
  const char* name;
  const char* meaning;      // for the help text
  bool histograms = false;  // whether it needs histograms, or ranges per sample, in the statistics
  bool per_sample = false;
  bool search = false;   // the range is searched (src/search/); `range` gives the start. Takes the word "always".
  double parameter = 0;  // default of the number after the colon; 0: it takes none
  Range (*range)(const TensorStatistics&, const IntegerFormat&, double parameter);
};

/// All methods, the default first.
std::span<const RangeMethodDef> all_range_methods();

/// A method with its parameter.
struct RangeChoice {
  const RangeMethodDef* method = nullptr;
  double parameter = 0;
  bool always = false;  // "search:always": ranges found are taken even where they are not better in all respects

  /// The statistics must hold what the method needs.
  Range range(const TensorStatistics& statistics, const IntegerFormat& format) const {
    return method->range(statistics, format, parameter);
  }
};

/// "minmax", "percentile:99.9", "search:always": bad_option where there is no such method or the parameter makes no
/// sense.
Result<RangeChoice> parse_range(std::string_view text);

}  // namespace narrow
