#include "quantize/ranges/range_method.h"

#include <array>
#include <charconv>

#include "quantize/ranges/methods.h"

namespace narrow {
namespace {

constexpr std::array kMethods{
    RangeMethodDef{.name = "minmax", .meaning = "all values seen", .range = minmax_range},
    RangeMethodDef{.name = "moving-average",
                   .meaning = "each sample's extent, smoothed with a factor of 0.95",
                   .per_sample = true,
                   .range = moving_average_range},
    RangeMethodDef{.name = "percentile",
                   .meaning = "that many percent of the values: percentile:99.99",
                   .histograms = true,
                   .parameter = 99.99,
                   .range = percentile_range},
    RangeMethodDef{.name = "mse", .meaning = "least expected squared error", .histograms = true, .range = mse_range},
    RangeMethodDef{.name = "entropy",
                   .meaning = "least information lost about the values' distribution",
                   .histograms = true,
                   .range = entropy_range},
    RangeMethodDef{.name = "search",
                   .meaning = "powers of two tried layer by layer, by accuracy or output error",
                   .search = true,
                   .range = minmax_range},
};

}  // namespace

std::span<const RangeMethodDef> all_range_methods() {
  return kMethods;
}

Result<RangeChoice> parse_range(std::string_view text) {
  size_t const colon = text.find(':');
  std::string names;
  for (const RangeMethodDef& m : kMethods) {
    names += std::string(names.empty() ? "" : ", ") + m.name;
    if (text.substr(0, colon) != m.name) continue;
    if (colon == std::string_view::npos) return RangeChoice{&m, m.parameter};
    std::string_view const number = text.substr(colon + 1);
    if (m.search) {
      if (number == "always") return RangeChoice{&m, m.parameter, true};
      return fail(ErrorKind::bad_option, "range method 'search' does not take '" + std::string(number) + "'", {},
                  "search, or search:always");
    }
    double p = 0;
    auto const [end, code] = std::from_chars(number.data(), number.data() + number.size(), p);
    if (m.parameter == 0)
      return fail(ErrorKind::bad_option, "range method '" + std::string(m.name) + "' takes no number");
    if (code != std::errc() || end != number.data() + number.size() || !(p > 50 && p <= 100))
      return fail(ErrorKind::bad_option, "'" + std::string(number) + "' is not a percentage above 50", {},
                  "write it as percentile:99.9");
    return RangeChoice{&m, p};
  }
  return fail(ErrorKind::bad_option, "there is no range method '" + std::string(text) + "'", {}, "one of " + names);
}

}  // namespace narrow
