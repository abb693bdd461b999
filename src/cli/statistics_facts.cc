#include "cli/statistics_facts.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/sparkline.h"
#include "cli/table.h"

namespace narrow {
namespace {

using Reports = std::vector<TensorStatisticsReport>;

std::string statistics_json(StatisticsSize size, const Reports& tensors) {
  JsonWriter out;
  out.begin_object().member("samples", size.samples).key("tensors").begin_array();
  for (const TensorStatisticsReport& t : tensors) {
    out.begin_object()
        .member("name", t.name)
        .member("graph", t.graph)
        .member("tensor", t.tensor)
        .member("values", t.values)
        .member("not_finite", t.not_finite);
    if (t.values > 0)
      out.member("min", t.min).member("max", t.max);
    else
      out.member("min", nullptr).member("max", nullptr);
    if (const auto& d = t.distribution) {
      out.member("mean", d->mean).member("deviation", d->deviation).member("outliers", d->outliers);
      out.key("range_9999").begin_array().value(d->most.first).value(d->most.second).end_array();
      out.member("histogram", d->counts);
    } else {
      for (const char* key : {"mean", "deviation", "outliers", "range_9999", "histogram"}) out.member(key, nullptr);
    }
    out.end_object();
  }
  return out.end_array().end_object().text();
}

std::string statistics_text(const std::string& path, StatisticsSize size, const Reports& tensors) {
  Table table({"~tensor", ">min", "=histogram", "max", ">99.99 % from", "to", ">deviation", ">outliers"});
  auto number = [](double v) { return fmt::format("{:.4g}", v); };
  for (const TensorStatisticsReport& t : tensors) {
    std::string const name = first_name(t.name) + (t.graph > 0 ? fmt::format(" (graph {})", t.graph) : "");
    bool const any = t.values > 0;
    std::string const lo = any ? number(t.min) : "-", hi = any ? number(t.max) : "-";
    if (const auto& d = t.distribution)
      table.row({name, lo, sparkline(d->counts), hi, number(d->most.first), number(d->most.second),
                 number(d->deviation), grouped(d->outliers)});
    else
      table.row({name, lo, "", hi, "", "", "", ""});
  }
  return fmt::format("{}: statistics of {} tensors over {} samples; outliers are beyond six standard deviations\n\n{}",
                     path, tensors.size(), size.samples, table.text());
}

}  // namespace

Status print_statistics(const std::string& path, bool json) {
  NARROW_TRY(StatisticsPtr const statistics, load_statistics(path));
  NARROW_TRY(Reports const tensors, report(*statistics));
  if (json)
    std::puts(statistics_json(size_of(*statistics), tensors).c_str());
  else
    fmt::print("{}", statistics_text(path, size_of(*statistics), tensors));
  return {};
}

}  // namespace narrow
