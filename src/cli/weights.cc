#include "cli/weights.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/table.h"

namespace narrow {
namespace {

/// One character a bin, as high as its count beside the largest.
std::string bars(const WeightHistogram& h) {
  static constexpr const char* kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  int64_t const most = std::max<int64_t>(*std::max_element(h.counts.begin(), h.counts.end()), 1);
  std::string out;
  for (int64_t n : h.counts) out += kBars[(n * 8 + most - 1) / most];
  return out;
}

}  // namespace

void write_weights(JsonWriter& out, const std::vector<WeightHistogram>& all) {
  out.begin_array();
  for (const WeightHistogram& h : all)
    out.begin_object()
        .member("name", h.name)
        .member("elements", h.elements)
        .member("min", h.lo)
        .member("max", h.hi)
        .member("mean", h.mean)
        .member("deviation", h.deviation)
        .member("zeros", h.zeros)
        .member("not_finite", h.not_finite)
        .member("counts", h.counts)
        .end_object();
  out.end_array();
}

std::string weights_text(const std::vector<WeightHistogram>& all) {
  Table table({"weights", "type", ">elements", ">zeros", ">deviation", ">min", "histogram", "max"});
  for (const WeightHistogram& h : all)
    table.row({h.name, to_string(h.dtype), grouped(h.elements), grouped(h.zeros), fmt::format("{:.4g}", h.deviation),
               fmt::format("{:.4g}", h.lo), bars(h), fmt::format("{:.4g}", h.hi)});
  return table.text();
}

}  // namespace narrow
