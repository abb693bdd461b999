#include "cli/weights.h"

#include <fmt/format.h>

#include "cli/sparkline.h"
#include "cli/table.h"

namespace narrow {

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
  Table table({"~weights", "type", ">elements", ">zeros", ">deviation", ">min", "=histogram", "max"});
  for (const WeightHistogram& h : all)
    table.row({h.name, to_string(h.dtype), grouped(h.elements), grouped(h.zeros), fmt::format("{:.4g}", h.deviation),
               fmt::format("{:.4g}", h.lo), sparkline(h.counts), fmt::format("{:.4g}", h.hi)});
  return table.text();
}

}  // namespace narrow
