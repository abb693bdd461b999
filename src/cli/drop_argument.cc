#include "cli/drop_argument.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>

namespace narrow {

Result<std::optional<MostDrop>> drop_argument(const std::string& text, bool labels) {
  if (text.empty()) return std::nullopt;
  auto refused = [&](const char* remedy) {
    return fail(ErrorKind::bad_option, fmt::format("--max-drop does not take '{}'", text), "command line", remedy);
  };
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  constexpr const char* kRemedy = "give points of top-1 as 1%, or decibels as 3dB";
  if (error != std::errc() || !std::isfinite(value)) return refused(kRemedy);
  bool const points = unit == "%" || (unit.empty() && labels);
  bool const decibels = unit == "dB" || unit == "db" || (unit.empty() && !labels);
  if (!points && !decibels) return refused(kRemedy);
  if (points && (value < 0 || value > 100)) return refused("give points from 0 to 100");
  return std::optional(MostDrop{value, points ? MostDrop::Unit::points : MostDrop::Unit::decibels});
}

}  // namespace narrow
