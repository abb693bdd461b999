#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace narrow {
namespace {

bool wide = false;

/// A whole number above 0 in a variable of the environment.
std::optional<size_t> number_in(const char* variable) {
  const char* const value = std::getenv(variable);
  if (!value) return std::nullopt;
  std::string_view const text = value;
  size_t number = 0;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool const whole = code == std::errc() && end == text.data() + text.size() && number > 0;
  return whole ? std::optional(number) : std::nullopt;
}

bool shows_colours(int descriptor) {
  const char* const kind = std::getenv("TERM");
  return isatty(descriptor) && !std::getenv("NO_COLOR") && kind && std::string_view(kind) != "dumb";
}

/// How ECMA-48 selects the colour of a tone (SGR 32, 33, 31).
const char* colour(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "\033[32m";
    case Tone::doubtful:
      return "\033[33m";
    case Tone::bad:
      return "\033[31m";
    case Tone::plain:
      break;
  }
  return "";
}

std::string coloured(Tone tone, std::string text, int descriptor) {
  if (tone == Tone::plain || text.empty() || !shows_colours(descriptor)) return text;
  return colour(tone) + text + "\033[0m";
}

}  // namespace

void be_wide() {
  wide = true;
}

std::optional<size_t> line_width() {
  if (wide || !isatty(STDOUT_FILENO)) return std::nullopt;
  if (auto const asked = number_in("COLUMNS")) return asked;
  struct winsize size {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

std::string on_output(Tone tone, std::string text) {
  return coloured(tone, std::move(text), STDOUT_FILENO);
}

std::string on_error(Tone tone, std::string text) {
  return coloured(tone, std::move(text), STDERR_FILENO);
}

}  // namespace narrow
