#include "cli/range_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cli/shell_word.h"
#include "cli/table.h"

namespace narrow {
namespace {

/// The name by which --act-max finds a tensor that was searched: the first part where no other begins with it.
std::string short_name(const SearchReport& search, const std::string& name) {
  std::string const first = first_name(name);
  int64_t same = 0;
  for (const SearchedRange& r : search.ranges) {
    same += first_name(r.tensor) == first;
    same += std::count_if(r.together.begin(), r.together.end(),
                          [&](const std::string& other) { return first_name(other) == first; });
  }
  return same > 1 ? name : first;
}

/// "0.25", "64".
std::string limit_text(double limit) {
  return fmt::format("{:g}", limit);
}

void write_trial(JsonWriter& out, const RangeTrial& t) {
  out.begin_object();
  if (t.range > 0) out.member("range", t.range);
  out.member("accuracy", t.accuracy).member("agreement", t.agreement).member("error", t.error).end_object();
}

}  // namespace

Result<HandRanges> parse_act_max(const std::string& text) {
  HandRanges out;
  auto refuse = [&](const std::string& entry) {
    return fail(ErrorKind::bad_option, fmt::format("--act-max does not take '{}'", entry), "command line",
                "write NAME=V,NAME=V with V above 0: values beyond +-V are clipped");
  };
  std::string entry;
  for (size_t at = 0; at <= text.size();) {
    size_t const comma = std::min(text.find(',', at), text.size());
    entry += text.substr(at, comma - at);
    at = comma + 1;
    size_t const equals = entry.rfind('=');
    const char* const number = equals == std::string::npos ? "" : entry.c_str() + equals + 1;
    char* end = nullptr;
    double const value = std::strtod(number, &end);
    if (end == number || *end != '\0') {  // the comma may be part of the name
      if (comma == text.size()) return refuse(entry);
      entry += ',';
      continue;
    }
    if (equals == 0 || !std::isfinite(value) || value <= 0) return refuse(entry);
    out.emplace_back(entry.substr(0, equals), value);
    entry.clear();
  }
  return out;
}

std::string act_max_text(const SearchReport& search, bool all, double SearchedRange::*of) {
  std::string list;
  for (const SearchedRange& r : search.ranges)
    if (all || r.*of < r.candidates.front().range)
      list += (list.empty() ? "" : ",") + short_name(search, r.tensor) + "=" + limit_text(r.*of);
  return list;
}

std::string quality_text(const RangeTrial& trial) {
  return trial.accuracy ? fmt::format("{:.2f} %", *trial.accuracy * 100) : fmt::format("{:.3g}", trial.error);
}

/// Whether a range narrower than the widest is the best of some activation by itself.
static bool found_narrower(const SearchReport& search) {
  return std::ranges::any_of(search.ranges,
                             [](const SearchedRange& r) { return r.found < r.candidates.front().range; });
}

std::string verdict_text(const SearchReport& search) {
  auto text = [](const RangeTrial& t) {
    return (t.accuracy ? fmt::format("accuracy {:.2f} %, ", *t.accuracy * 100) : "") +
           fmt::format("agreement {:.2f} %, error {:.3g}", t.agreement * 100, t.error);
  };
  std::string out = fmt::format("found: {}; widest: {}", text(search.found), text(search.widest));
  if (!found_narrower(search))
    out += "; no activation is better off with less than its widest range";
  else if (search.kept_widest)
    out += fmt::format("; what was found is no better in {}, so the widest ranges are kept", search.worse_in);
  else if (!search.worse_in.empty())
    out += fmt::format("; what was found is no better in {}, and kept as asked", search.worse_in);
  return out;
}

std::string search_text(const SearchReport& search) {
  if (search.ranges.empty()) return "no activation has a range to search\n";
  size_t most = 0;
  for (const SearchedRange& r : search.ranges) most = std::max(most, r.candidates.size());
  std::vector<std::string> headings{"op", search.kept_widest ? ">found" : ">chosen"};
  for (size_t i = 0; i < most; ++i) headings.push_back(i == 0 ? ">widest" : fmt::format(">1/{}", 1 << i));
  headings.push_back("~tensor");
  Table table(headings);
  for (const SearchedRange& r : search.ranges) {
    std::vector<Cell> row{r.op.empty() ? "input" : r.op, limit_text(r.found)};
    for (size_t i = 0; i < most; ++i) {
      bool const tried = i < r.candidates.size();
      row.emplace_back(tried ? quality_text(r.candidates[i]) + (r.candidates[i].range == r.found ? " *" : "  ") : "");
    }
    row.emplace_back(first_name(r.tensor));
    table.row(std::move(row));
  }
  const char* const what = search.accuracy ? "accuracy" : "mean squared error of the outputs";
  std::string out = fmt::format("range search: {} over {} samples, by the range of each activation in turn\n{}", what,
                                search.samples, table.text());
  std::string const plain = search.accuracy ? fmt::format("float: accuracy {:.2f} %; ", *search.accuracy * 100) : "";
  out += plain + "quantized, " + verdict_text(search) + "\n";
  if (search.kept_widest && found_narrower(search))
    out += fmt::format("to take what was found: --range search:always, or --act-max {}\n",
                       shell_word(act_max_text(search, false)));
  return out;
}

void write_search(JsonWriter& out, const SearchReport& search) {
  out.key("search").begin_array();
  for (const SearchedRange& r : search.ranges) {
    out.begin_object().member("tensor", r.tensor).member("op", r.op).member("together", r.together);
    out.key("candidates").begin_array();
    for (const RangeTrial& t : r.candidates) write_trial(out, t);
    out.end_array().member("found", r.found).member("chosen", r.chosen).end_object();
  }
  out.end_array().key("search_summary").begin_object();
  out.member("samples", search.samples).member("accuracy", search.accuracy);
  write_trial(out.key("widest"), search.widest);
  write_trial(out.key("found"), search.found);
  out.member("kept", search.kept_widest ? "widest" : "found")
      .member("worse_in", search.worse_in)
      .member("act_max", act_max_text(search, false))
      .end_object();
}

}  // namespace narrow
