#include "report/text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>

#include "base/printable.h"

namespace narrow {
namespace {

constexpr const char* kDash = "\xE2\x80\x93";
constexpr const char* kEllipsis = "\xE2\x80\xA6";

/// The number with a unit of thousands before it: "6.7 k".
std::string with_prefix(int64_t number) {
  constexpr std::array kPrefixes{"", "k", "M", "G", "T"};
  auto value = static_cast<double>(number);
  size_t at = 0;
  while (std::abs(value) >= 999.5 && at + 1 < kPrefixes.size()) value /= 1000, ++at;
  if (at == 0) return fmt::format("{} ", number);
  return fmt::format("{:.{}f} {}", value, std::abs(value) < 9.995 ? 2 : std::abs(value) < 99.95 ? 1 : 0, kPrefixes[at]);
}

/// Where a character of UTF-8 begins at or after `at`.
size_t character_at(const std::string& text, size_t at) {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) ++at;
  return at;
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (char const c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string sentence(const std::string& text) {
  std::string out;
  bool code = false;
  for (char const c : escaped(text)) {
    if (c != '`') {
      out += c;
      continue;
    }
    out += code ? "</code>" : "<code>";
    code = !code;
  }
  return code ? out + "</code>" : out;
}

std::string shortened(const std::string& name, size_t most) {
  std::string const first = name.substr(0, name.find(';'));
  if (first.size() <= most) return first;
  size_t const head = character_at(first, most / 2 - 1);
  size_t const tail = character_at(first, first.size() - (most - most / 2));
  return first.substr(0, head) + kEllipsis + first.substr(tail);
}

std::string name_html(const std::string& name, size_t most) {
  std::string const shown = shortened(name, most);
  if (shown == name) return escaped(name);
  return fmt::format("<span title=\"{}\">{}</span>", escaped(name), escaped(shown));
}

NameLabels::NameLabels(const Report& report) {
  std::map<std::string, size_t> prefixes;
  for (const ReportOp& op : report.ops)
    for (size_t at = op.name.find('/'); at != std::string::npos && at < op.name.find(';');
         at = op.name.find('/', at + 1))
      ++prefixes[op.name.substr(0, at + 1)];
  for (auto const& [prefix, count] : prefixes)
    if (count * 2 > report.ops.size() && count > 2 && prefix.size() > prefix_.size()) prefix_ = prefix;
}

std::string NameLabels::text(const std::string& name, size_t most) const {
  bool const cut = !prefix_.empty() && name.size() > prefix_.size() && name.starts_with(prefix_);
  return shortened(cut ? name.substr(prefix_.size()) : name, most);
}

std::string NameLabels::html(const std::string& name, size_t most) const {
  std::string const shown = text(name, most);
  if (shown == name) return escaped(name);
  return fmt::format("<span title=\"{}\">{}</span>", escaped(name), escaped(shown));
}

std::string thousands(int64_t number) {
  std::string digits = std::to_string(number);
  size_t const first = number < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3;) digits.insert(i -= 3, ",");
  return digits;
}

std::string bytes_words(int64_t bytes) {
  return with_prefix(bytes) + "B";
}

std::string count_words(int64_t count) {
  std::string out = with_prefix(count);
  if (out.back() == ' ') out.pop_back();
  return out;
}

std::string decibel_words(const std::optional<double>& db) {
  if (!db || std::isnan(*db)) return kDash;
  if (std::isinf(*db)) return *db > 0 ? "exact" : kDash;
  return fmt::format("{:.1f} dB", *db);
}

std::string percent_words(const std::optional<double>& share) {
  return share ? fmt::format("{:.2f} %", 100 * *share) : kDash;
}

std::string short_number(double value) {
  return fmt::format("{:.4g}", value);
}

std::string shape_words(const std::vector<int32_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace narrow
