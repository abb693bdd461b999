#include "cli/coverage.h"

#include <fmt/format.h>

#include "cli/table.h"

namespace narrow {

void write_coverage(JsonWriter& out, const std::vector<OpCoverage>& types) {
  out.key("coverage").begin_array();
  for (const OpCoverage& type : types) {
    out.begin_object().member("op", type.op).member("count", type.count).key("unsupported").begin_array();
    for (const auto& [name, reason] : type.unsupported)
      out.begin_object().member("name", name).member("reason", reason).end_object();
    out.end_array().end_object();
  }
  out.end_array();
}

std::string coverage_text(const std::vector<OpCoverage>& types) {
  int64_t all = 0, missing = 0;
  Table table({"op of the file", ">count", "supported", "~name", "~reason"});
  for (const OpCoverage& type : types) {
    auto const unsupported = static_cast<int64_t>(type.unsupported.size());
    all += type.count;
    missing += unsupported;
    if (type.count > unsupported) table.row({type.op, grouped(type.count - unsupported), {"yes", Tone::good}, "", ""});
    for (const auto& [name, reason] : type.unsupported) table.row({type.op, "1", {"no", Tone::bad}, name, reason});
  }
  return fmt::format("{} of {} ops of the file are supported\n\n{}", grouped(all - missing), grouped(all),
                     table.text());
}

}  // namespace narrow
