#include "cli/talk.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/printable.h"
#include "cli/option_names.h"
#include "cli/terminal.h"

namespace narrow {
namespace {

bool quiet = false;

}  // namespace

void be_quiet() {
  quiet = true;
}

bool is_quiet() {
  return quiet;
}

void print_warnings(const std::vector<std::string>& warnings) {
  if (quiet) return;
  for (const std::string& warning : warnings_in_options(warnings))
    fmt::print(stderr, "narrow: {} {}\n", on_error(Tone::doubtful, "warning:"), printable(warning));
}

std::vector<std::string> warnings_in_options(const std::vector<std::string>& warnings) {
  std::vector<std::string> out;
  for (const std::string& warning : warnings) out.push_back(in_options(warning));
  return out;
}

void print_note(const std::string& note) {
  if (!quiet) fmt::print(stderr, "narrow: note: {}\n", printable(note));
}

}  // namespace narrow
