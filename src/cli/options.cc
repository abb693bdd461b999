#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <thread>

#include "base/limits.h"
#include "base/nearest.h"
#include "cli/command.h"

namespace narrow {
namespace {

constexpr int kMostThreads = 1024;

std::string joined(std::span<const std::string> words, const char* between) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : between) + w;
  return out;
}

template <class T>
std::optional<T> parse_whole(const std::string& text, T (*convert)(const char*, char**)) {
  char* end = nullptr;
  errno = 0;
  T const value = convert(text.c_str(), &end);
  if (text.empty() || *end != '\0' || errno != 0) return std::nullopt;
  return value;
}

long long whole(const char* text, char** end) {
  return std::strtoll(text, end, 10);
}

tl::unexpected<Error> refuse(const Options::Item& item, const std::string& given, std::string remedy) {
  return fail(ErrorKind::bad_option, fmt::format("{} does not take '{}'", item.name, given), "command line",
              std::move(remedy));
}

/// The words given for one item, checked and stored where the command wants them.
Status store(const Options::Item& item, const std::vector<std::string>& given) {
  const std::string& last = given.back();
  if (item.kind == Options::Kind::positional && given.size() > 1)
    return fail(ErrorKind::bad_option, fmt::format("'{}' is one argument too many", given[1]), "command line",
                fmt::format("there is one {}", item.name));
  switch (item.kind) {
    case Options::Kind::flag:
      *static_cast<bool*>(item.target) = true;
      break;
    case Options::Kind::positionals:
    case Options::Kind::texts:
      *static_cast<std::vector<std::string>*>(item.target) = given;
      break;
    case Options::Kind::positional:
    case Options::Kind::text: {
      if (!item.choices.empty() && std::find(item.choices.begin(), item.choices.end(), last) == item.choices.end()) {
        auto const meant = nearest(last, item.choices);
        return refuse(item, last,
                      (meant ? "did you mean " + *meant + "? " : "") + "choose " + joined(item.choices, ", "));
      }
      *static_cast<std::string*>(item.target) = last;
      break;
    }
    case Options::Kind::number: {
      auto const value = parse_whole<double>(last, std::strtod);
      if (!value || !std::isfinite(*value)) return refuse(item, last, "it takes a finite number");
      *static_cast<double*>(item.target) = *value;
      break;
    }
    case Options::Kind::count: {
      auto const value = parse_whole<long long>(last, whole);
      if (!value || *value < item.least)
        return refuse(item, last, fmt::format("it takes a whole number of at least {}", item.least));
      *static_cast<std::optional<int64_t>*>(item.target) = *value;
      break;
    }
    case Options::Kind::threads: {
      auto const value = parse_whole<long long>(last, whole);
      if (!value || *value < 1 || *value > kMostThreads)
        return refuse(item, last, fmt::format("it takes a whole number from 1 to {}", kMostThreads));
      *static_cast<int*>(item.target) = static_cast<int>(*value);
      break;
    }
  }
  return {};
}

/// "arena-bytes=N" and the like.
Status set_limits_from(const std::vector<std::string>& given) {
  Limits limits = limits_in_force();
  std::vector<std::string> const names(limit_names().begin(), limit_names().end());
  for (const std::string& text : given) {
    size_t const equals = std::min(text.find('='), text.size());
    auto const value = equals < text.size() ? parse_whole<long long>(text.substr(equals + 1), whole) : std::nullopt;
    if (!value || !set_limit(limits, text.substr(0, equals), *value))
      return fail(ErrorKind::bad_option, fmt::format("--limit does not take '{}'", text), "command line",
                  fmt::format("it takes NAME=N with N above 0, NAME one of: {}", joined(names, ", ")));
  }
  set_limits(limits);
  return {};
}

bool by_place(const Options::Item& item) {
  return item.kind == Options::Kind::positional || item.kind == Options::Kind::positionals;
}

bool many(const Options::Item& item) {
  return item.kind == Options::Kind::positionals;
}

}  // namespace

void Options::positional(const char* name, std::string* target, const char* help) {
  items_.push_back({Kind::positional, name, "", help, true, {}, 0, target});
}
void Options::positionals(const char* name, std::vector<std::string>* target, const char* help) {
  items_.push_back({Kind::positionals, name, "", help, true, {}, 0, target});
}
void Options::flag(const char* name, bool* target, const char* help) {
  items_.push_back({Kind::flag, name, "", help, false, {}, 0, target});
}
void Options::text(const char* name, const char* placeholder, std::string* target, const char* help) {
  items_.push_back({Kind::text, name, placeholder, help, false, {}, 0, target});
}
void Options::texts(const char* name, const char* placeholder, std::vector<std::string>* target, const char* help) {
  items_.push_back({Kind::texts, name, placeholder, help, false, {}, 0, target});
}
void Options::required_text(const char* name, const char* placeholder, std::string* target, const char* help) {
  items_.push_back({Kind::text, name, placeholder, help, true, {}, 0, target});
}
void Options::choice(const char* name, std::span<const char* const> choices, std::string* target, const char* help) {
  std::vector<std::string> words(choices.begin(), choices.end());
  std::string shown = joined(words, "|");
  items_.push_back({Kind::text, name, std::move(shown), help, false, std::move(words), 0, target});
}
void Options::required_choice(const char* name, std::span<const char* const> choices, std::string* target,
                              const char* help) {
  choice(name, choices, target, help);
  items_.back().required = true;
}
void Options::number(const char* name, const char* placeholder, double* target, const char* help) {
  items_.push_back({Kind::number, name, placeholder, help, false, {}, 0, target});
}
void Options::count(const char* name, const char* placeholder, std::optional<int64_t>* target, int64_t least,
                    const char* help) {
  items_.push_back({Kind::count, name, placeholder, help, false, {}, least, target});
}
void Options::threads(int* target) {
  *target = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostThreads);
  items_.push_back({Kind::threads, "--threads", "N", "how many threads to use (all cores)", false, {}, 1, target});
}

Result<Options::Parsed> Options::parse() {
  bool help = false;
  std::vector<std::string> limits;
  texts("--limit", "NAME=N", &limits, "what a file may ask for at most: see docs/limits.md");
  flag("--help", &help, "this text");
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<std::vector<std::string>> given(items_.size());
  std::vector<CLI::Option*> parsed;
  for (size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    std::string const name = item.name == "-o" ? "-o,--output" : item.name == "--help" ? "-h,--help" : item.name;
    if (item.kind == Kind::flag) {
      parsed.push_back(app.add_flag(name));
    } else {
      parsed.push_back(app.add_option(name, given[i]));
      if (item.kind == Kind::texts)
        parsed.back()->allow_extra_args(false);
      else if (!by_place(item))
        parsed.back()->expected(1)->take_last();
      if (by_place(item)) parsed.back()->expected(1, 1 << 20);
    }
  }
  try {
    std::vector<std::string> reversed(arguments_.rbegin(), arguments_.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& e) {
    return fail(ErrorKind::bad_option, e.what(), "command line",
                fmt::format("`narrow {} --help` lists the options", command_.name));
  }
  if (app.count("--help")) {
    print_help();
    return Parsed::helped;
  }
  for (const std::string& extra : app.remaining()) {
    if (extra == "--") continue;
    std::string const option = extra.substr(0, extra.find('='));
    std::vector<std::string> known;
    for (const Item& item : items_)
      if (!by_place(item)) known.push_back(item.name);
    auto const meant = option.starts_with('-') ? nearest(option, known) : std::nullopt;
    return fail(
        ErrorKind::bad_option,
        option.starts_with('-') ? fmt::format("there is no option {}", option)
                                : fmt::format("'{}' is one argument too many", extra),
        "command line",
        meant ? "did you mean " + *meant + "?" : fmt::format("`narrow {} --help` lists the options", command_.name));
  }
  for (size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (parsed[i]->count() > 0) {
      if (item.kind == Kind::flag) given[i] = {""};
      NARROW_CHECK(store(item, given[i]));
    } else if (item.required) {
      return fail(ErrorKind::bad_option,
                  by_place(item) ? fmt::format("{} is missing", item.name)
                                 : fmt::format("{} {} is missing", item.name, item.placeholder),
                  "command line", fmt::format("as in: {}", command_.examples[0]));
    }
  }
  NARROW_CHECK(set_limits_from(limits));
  return Parsed::ready;
}

void Options::print_help() const {
  std::string usage = fmt::format("usage: narrow {}", command_.name);
  size_t width = 0;
  auto label = [](const Item& item) {
    return item.placeholder.empty() ? item.name : item.name + " " + item.placeholder;
  };
  for (const Item& item : items_) {
    if (item.required) usage += " " + label(item) + (many(item) ? "..." : "");
    width = std::max(width, std::min<size_t>(label(item).size(), 26));
  }
  std::string out = fmt::format("  {}\n  {}\n\n{}.\n\n{} [options]\n\n", command_.examples[0], command_.examples[1],
                                command_.summary, usage);
  for (const Item& item : items_) {
    std::string const l = label(item);
    out += l.size() > width ? fmt::format("  {}\n  {:{}}  {}\n", l, "", width, item.help)
                            : fmt::format("  {:{}}  {}\n", l, width, item.help);
  }
  fmt::print("{}", out);
}

}  // namespace narrow
