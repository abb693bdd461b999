#include "cli/byte_count.h"

#include <fmt/format.h>

#include <charconv>

namespace narrow {

Result<std::optional<int64_t>> byte_count(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  int64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view const unit(end, static_cast<size_t>(text.data() + text.size() - end));
  int64_t const factor = unit.empty() ? 1 : unit == "k" || unit == "K" ? 1024 : unit == "M" ? 1024 * 1024 : 0;
  constexpr int64_t kMost = int64_t{1} << 40;
  if (error != std::errc() || factor == 0 || value < 1 || value > kMost)
    return fail(ErrorKind::bad_option, fmt::format("{} does not take '{}'", option, text), "command line",
                "give bytes, as 65536, or with a unit: 64k, 1M");
  return std::optional(value * factor);
}

}  // namespace narrow
