#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>

#include "base/nearest.h"
#include "cli/command.h"
#include "cli/file_arguments.h"
#include "cli/terminal.h"
#include "narrow/limits.h"

namespace narrow {
namespace {

constexpr int64_t kMostThreads = 1024;
constexpr int64_t kMostSamples = INT64_MAX - 1;  // CLI11 takes larger numbers for INT64_MAX

using Words = std::vector<std::string>;

tl::unexpected<Error> refuse_value(const std::string& option, const std::string& given, std::string remedy) {
  return fail(ErrorKind::bad_option, fmt::format("{} does not take '{}'", option, given), "command line",
              std::move(remedy));
}

/// A whole number in decimal: CLI11 alone reads "010" as 8.
Result<int64_t> whole_number(const std::string& option, const std::string& text, int64_t least, int64_t most,
                             const std::string& wanted) {
  bool const decimal = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos &&
                       (text.size() == 1 || text.front() != '0');
  int64_t value = 0;
  if (!decimal || !CLI::Range(least, most)(text).empty() || !CLI::detail::lexical_cast(text, value))
    return refuse_value(option, text, "it takes a whole number " + wanted);
  return value;
}

/// "0.5" or "1/255"; false where it is no finite number.
bool parse_fraction(const std::string& text, double& value) {
  size_t const slash = std::min(text.find('/'), text.size());
  double denominator = 1;
  bool const decimal = CLI::detail::lexical_cast(text.substr(0, slash), value);
  if (!decimal || (slash < text.size() && !CLI::detail::lexical_cast(text.substr(slash + 1), denominator)))
    return false;
  value /= denominator;
  return std::isfinite(value);
}

Result<double> finite_number(const std::string& option, const std::string& given) {
  double value = 0;
  if (parse_fraction(given, value)) return value;
  return refuse_value(option, given, "it takes a finite number, as in 0.5 or 1/255");
}

/// "arena-bytes=N" and the like.
Status set_limits_from(const Words& given) {
  Limits limits = limits_in_force();
  for (const std::string& text : given) {
    size_t const equals = std::min(text.find('='), text.size());
    std::string const number = text.substr(std::min(equals + 1, text.size()));
    auto const value = whole_number("--limit", number, 1, kMostSamples, "");
    if (!value || !set_limit(limits, text.substr(0, equals), *value))
      return refuse_value(
          "--limit", text,
          fmt::format("it takes NAME=N with N above 0, NAME one of: {}", fmt::join(limit_names(), ", ")));
  }
  set_limits(limits);
  return {};
}

bool by_place(const Options::Item& item) {
  return item.form == Options::Form::place || item.form == Options::Form::places;
}

std::string label(const Options::Item& item) {
  return item.placeholder.empty() ? item.name : item.name + " " + item.placeholder;
}

/// An empty value is what a shell makes of a variable that is not set: it stands for nothing that was meant.
Status check_not_empty(const Options::Item& item, const Words& given) {
  if (std::find(given.begin(), given.end(), "") == given.end()) return {};
  return fail(ErrorKind::bad_option, item.name + " is given an empty value", "command line",
              by_place(item) ? "give a file's name" : "give a value, or leave the option out");
}

/// Tells CLI11 of an item; the words given for it come into `given`.
CLI::Option* declare(CLI::App& app, const Options::Item& item, Words& given) {
  std::string const name = item.name == "-o" ? "-o,--output" : item.name == "--help" ? "-h,--help" : item.name;
  if (item.form == Options::Form::flag) return app.add_flag(name);
  CLI::Option* const option = app.add_option(name, given);
  if (item.form == Options::Form::often) return option->allow_extra_args(false);
  if (by_place(item)) return option->expected(1, 1 << 20);
  return option->expected(1)->allow_extra_args(false)->take_last();
}

}  // namespace

void Options::positional(const char* name, std::string* target, const char* help) {
  auto store = [target](const Item& item, const Words& given) -> Status {
    if (given.size() > 1)
      return fail(ErrorKind::bad_option, fmt::format("'{}' is one argument too many", given[1]), "command line",
                  fmt::format("there is one {}", item.name));
    *target = given.front();
    return {};
  };
  items_.push_back({Form::place, name, "", help, "", store, true});
}

void Options::positionals(const char* name, Words* target, const char* help) {
  texts(name, "", target, help);
  items_.back().form = Form::places;
  items_.back().required = true;
}

void Options::flag(const char* name, bool* target, const char* help) {
  auto store = [target](const Item&, const Words&) -> Status {
    *target = true;
    return {};
  };
  items_.push_back({Form::flag, name, "", help, "", store});
}

void Options::flag_off(const char* name, bool* target, const char* help) {
  flag(name, target, help);
  items_.back().store = [target](const Item&, const Words&) -> Status {
    *target = false;
    return {};
  };
}

void Options::text(const char* name, const char* placeholder, std::string* target, const char* help,
                   std::string fallback) {
  auto store = [target](const Item&, const Words& given) -> Status {
    *target = given.back();
    return {};
  };
  items_.push_back({Form::once, name, placeholder, help, std::move(fallback), store});
}

void Options::texts(const char* name, const char* placeholder, Words* target, const char* help) {
  auto store = [target](const Item&, const Words& given) -> Status {
    *target = given;
    return {};
  };
  items_.push_back({Form::often, name, placeholder, help, "", store});
}

void Options::required_text(const char* name, const char* placeholder, std::string* target, const char* help) {
  text(name, placeholder, target, help);
  items_.back().required = true;
}

void Options::number(const char* name, const char* placeholder, double* target, const char* help) {
  auto store = [target](const Item& item, const Words& given) -> Status {
    NARROW_TRY(*target, finite_number(item.name, given.back()));
    return {};
  };
  items_.push_back({Form::once, name, placeholder, help, fmt::format("{}", *target), store});
}

void Options::number(const char* name, const char* placeholder, std::optional<double>* target, const char* help,
                     std::string fallback) {
  auto store = [target](const Item& item, const Words& given) -> Status {
    NARROW_TRY(*target, finite_number(item.name, given.back()));
    return {};
  };
  items_.push_back({Form::once, name, placeholder, help, std::move(fallback), store});
}

void Options::count(const char* name, const char* placeholder, std::optional<int64_t>* target, const char* help,
                    std::string fallback) {
  auto store = [target](const Item& item, const Words& given) -> Status {
    NARROW_TRY(*target, whole_number(item.name, given.back(), 1, kMostSamples, "of at least 1"));
    return {};
  };
  items_.push_back({Form::once, name, placeholder, help, std::move(fallback), store});
}

void Options::wide() {
  auto store = [](const Item&, const Words&) -> Status {
    be_wide();
    return {};
  };
  items_.push_back({Form::flag, "--wide", "", "tables as wide as they are, not cut to fit the terminal", "", store});
}

void Options::threads(int* target) {
  *target = 0;
  auto store = [target](const Item& item, const Words& given) -> Status {
    NARROW_TRY(int64_t const n,
               whole_number(item.name, given.back(), 1, kMostThreads, fmt::format("from 1 to {}", kMostThreads)));
    *target = static_cast<int>(n);
    return {};
  };
  items_.push_back({Form::once, "--threads", "N", "how many threads to use", "one for each core", store});
}

void Options::bits(const char* name, std::vector<int> values, const char* zero, std::optional<int>* target,
                   const char* help, const char* fallback) {
  Words words;
  for (int value : values) words.push_back(value == 0 ? zero : std::to_string(value));
  one_of(
      name, std::move(words), [target, values](size_t i) { *target = values[i]; }, help, fallback);
}

void Options::some_of(const char* name, Words words, std::function<void(size_t)> chosen, const char* help) {
  std::string shown = fmt::format("{}", fmt::join(words, "|"));
  auto store = [words, chosen](const Item& item, const Words& given) -> Status {
    for (const std::string& word : given) {
      auto const at = std::find(words.begin(), words.end(), word);
      if (at == words.end()) {
        auto const meant = nearest(word, words);
        return refuse_value(
            item.name, word,
            (meant ? "did you mean " + *meant + "? " : "") + fmt::format("choose {}", fmt::join(words, ", ")));
      }
      chosen(static_cast<size_t>(at - words.begin()));
    }
    return {};
  };
  items_.push_back({Form::often, name, std::move(shown), help, "", store, false, std::move(words)});
}

void Options::one_of(const char* name, Words words, std::function<void(size_t)> chosen, const char* help,
                     std::string fallback) {
  some_of(name, std::move(words), std::move(chosen), help);
  items_.back().form = Form::once;
  items_.back().fallback = std::move(fallback);
}

Result<Options::Parsed> Options::parse() {
  bool help = false;
  Words limits;
  texts("--limit", "NAME=N", &limits, "what a file may ask for at most: see docs/limits.md");
  bool quiet = false;  // main has looked for it already
  flag("--quiet", &quiet, "say nothing but errors: no text, progress or warnings");
  flag("--help", &help, "this text");
  if (collected_) {
    *collected_ = items_;
    return Parsed::helped;
  }
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<Words> given(items_.size());
  std::vector<CLI::Option*> declared;
  for (size_t i = 0; i < items_.size(); ++i) declared.push_back(declare(app, items_[i], given[i]));
  try {
    app.parse(Words(arguments_.rbegin(), arguments_.rend()));
  } catch (const CLI::ParseError& e) {
    return fail(ErrorKind::bad_option, e.what(), "command line",
                fmt::format("`narrow {} --help` lists the options", command_.name));
  }
  if (app.count("--help")) {
    print_help();
    return Parsed::helped;
  }
  for (const std::string& extra : app.remaining())
    if (extra != "--") return unknown(extra);
  for (size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (declared[i]->count() > 1 && names_one_file(item.name))
      return fail(ErrorKind::bad_option, fmt::format("{} is given twice", item.name), "command line",
                  item.name == "--data" ? "give one; several files are a folder" : "give one");
    if (declared[i]->count() > 0) {
      NARROW_CHECK(check_not_empty(item, given[i]));
      NARROW_CHECK(item.store(item, given[i]));
    } else if (item.required) {
      return fail(ErrorKind::bad_option, fmt::format("{} is missing", label(item)), "command line",
                  fmt::format("as in: {}", command_.examples[0]));
    }
  }
  NARROW_CHECK(set_limits_from(limits));
  std::vector<FileArgument> named;
  for (size_t i = 0; i < items_.size(); ++i)
    if (!given[i].empty()) named.push_back({items_[i].name, given[i]});
  NARROW_CHECK(check_distinct(named));
  return Parsed::ready;
}

/// An argument that no item takes.
tl::unexpected<Error> Options::unknown(const std::string& extra) const {
  std::string const option = extra.substr(0, extra.find('='));
  bool const dashed = option.starts_with('-');
  Words known;
  for (const Item& item : items_)
    if (!by_place(item)) known.push_back(item.name);
  auto const meant = dashed ? nearest(option, known) : std::nullopt;
  return fail(
      ErrorKind::bad_option,
      dashed ? fmt::format("there is no option {}", option) : fmt::format("'{}' is one argument too many", extra),
      "command line",
      meant ? "did you mean " + *meant + "?" : fmt::format("`narrow {} --help` lists the options", command_.name));
}

void Options::print_help() const {
  std::string out = fmt::format("{}.\n\nusage: narrow {}", command_.summary, command_.name);
  size_t width = 0;
  for (const Item& item : items_) {
    if (item.required) out += " " + label(item) + (item.form == Form::places ? "..." : "");
    width = std::max(width, std::min<size_t>(label(item).size(), 26));
  }
  out += " [options]\n\n";
  for (const Item& item : items_) {
    std::string const l = label(item);
    std::string const help = item.help + (item.fallback.empty() ? "" : fmt::format(" [default: {}]", item.fallback));
    out += l.size() > width ? fmt::format("  {}\n  {:{}}  {}\n", l, "", width, help)
                            : fmt::format("  {:{}}  {}\n", l, width, help);
  }
  out += fmt::format("\nexamples:\n  {}\n  {}\n", command_.examples[0], command_.examples[1]);
  fmt::print("{}", out);
}

}  // namespace narrow
