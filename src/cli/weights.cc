#include "cli/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "cli/sparkline.h"
#include "cli/table.h"

namespace narrow {

namespace {

constexpr size_t kMostNamed = 8;

/// "3 (40.1 x), 17 (9.2 x)": those that reach farthest first.
std::string channels_text(std::vector<OutlierChannel> channels) {
  std::ranges::stable_sort(channels, std::greater(), &OutlierChannel::times);
  std::string out;
  for (size_t i = 0; i < std::min(channels.size(), kMostNamed); ++i)
    out += fmt::format("{}{} ({:.1f} x)", i ? ", " : "", channels[i].channel, channels[i].times);
  return out + (channels.size() > kMostNamed ? fmt::format(", {} more", channels.size() - kMostNamed) : "");
}

/// A paragraph on layers with outlier channels; empty where there are none.
std::string outliers_text(const std::vector<WeightHistogram>& all) {
  Table table({"~weights", "outlier channels"});
  bool any = false;
  for (const WeightHistogram& h : all) {
    if (h.outlier_channels.empty()) continue;
    any = true;
    table.row({h.name, channels_text(h.outlier_channels)});
  }
  if (!any) return {};
  return fmt::format(
      "\noutlier channels reach beyond {} times the median of what the channels of their layer reach\n\n{}",
      kOutlierChannel, table.text());
}

}  // namespace

void write_weights(JsonWriter& out, const std::vector<WeightHistogram>& all) {
  out.begin_array();
  for (const WeightHistogram& h : all) {
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
        .key("outlier_channels")
        .begin_array();
    for (const OutlierChannel& c : h.outlier_channels)
      out.begin_object()
          .member("channel", c.channel)
          .member("largest", c.largest)
          .member("times_median", c.times)
          .end_object();
    out.end_array().end_object();
  }
  out.end_array();
}

std::string weights_text(const std::vector<WeightHistogram>& all) {
  Table table({"~weights", "type", ">elements", ">zeros", ">deviation", ">min", "=histogram", "max"});
  for (const WeightHistogram& h : all)
    table.row({h.name, to_string(h.dtype), grouped(h.elements), grouped(h.zeros), fmt::format("{:.4g}", h.deviation),
               fmt::format("{:.4g}", h.lo), sparkline(h.counts), fmt::format("{:.4g}", h.hi)});
  return table.text() + outliers_text(all);
}

}  // namespace narrow
