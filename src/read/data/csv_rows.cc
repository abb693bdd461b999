#include "read/data/csv_rows.h"

#include <algorithm>
#include <charconv>
#include <span>

namespace narrow {
namespace {

constexpr size_t kBuffer = 64 << 10;
constexpr size_t kLongestNumber = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view s) {
  size_t const first = s.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

/// Where the quoted text that `s` begins with ends: behind its last quote. npos where it does not end.
size_t end_of_quoted(std::string_view s) {
  size_t at = s.find('"', 1);
  while (at != std::string_view::npos && at + 1 < s.size() && s[at + 1] == '"') at = s.find('"', at + 2);
  return at == std::string_view::npos ? at : at + 1;
}

}  // namespace

Result<bool> CsvRowReader::next(std::string_view& row, CsvPlace& place) {
  while (true) {
    std::string_view const rest = std::string_view(buffer_).substr(used_);
    size_t const end = rest.find('\n');
    if (end == std::string_view::npos && at_ < source_.size()) {
      if (rest.size() > longest_)
        return fail(ErrorKind::bad_data, "line " + std::to_string(line_) + " is longer than a sample can be");
      NARROW_CHECK(fill());
      continue;
    }
    if (rest.empty()) return false;
    row = rest.substr(0, end);
    place = {at_ - static_cast<int64_t>(rest.size()), line_++};
    used_ += std::min(rest.size(), row.size() + 1);
    if (row.ends_with('\r')) row.remove_suffix(1);
    if (row.find_first_not_of(" \t") != std::string_view::npos) return true;
  }
}

Status CsvRowReader::fill() {
  buffer_.erase(0, used_);
  used_ = 0;
  size_t const have = buffer_.size();
  size_t const n = std::min(kBuffer, static_cast<size_t>(source_.size() - at_));
  buffer_.resize(have + n);
  NARROW_CHECK(source_.read(at_, std::as_writable_bytes(std::span(buffer_).subspan(have))));
  at_ += static_cast<int64_t>(n);
  return {};
}

bool CsvFields::next(std::string_view& field) {
  if (done_) return false;
  size_t const start = std::min(rest_.find_first_not_of(" \t"), rest_.size());
  size_t from = 0;
  if (rest_.substr(start).starts_with('"'))
    if (size_t const quoted = end_of_quoted(rest_.substr(start)); quoted != std::string_view::npos)
      from = start + quoted;
  size_t const end = rest_.find(separator_, from);
  field = trimmed(rest_.substr(0, end));
  if (from > 0 && field.size() == from - start) field = trimmed(field.substr(1, field.size() - 2));
  done_ = end == std::string_view::npos;
  if (!done_) rest_.remove_prefix(end + 1);
  return true;
}

char csv_separator(std::string_view first_row) {
  CsvFields fields(first_row, ';');
  std::string_view field;
  fields.next(field);
  return fields.next(field) ? ';' : ',';
}

bool is_csv_heading(std::string_view row, char separator) {
  CsvFields fields(row, separator);
  bool words = false;
  double number = 0;
  for (std::string_view field; fields.next(field);) {
    if (parse_csv_number(field, separator, number)) return false;
    words |= !field.empty();
  }
  return words;
}

Result<CsvPlace> csv_start(const ByteSource& source) {
  std::string start(static_cast<size_t>(std::min<int64_t>(source.size(), 3)), '\0');
  NARROW_CHECK(source.read(0, std::as_writable_bytes(std::span(start))));
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF"))
    return fail(ErrorKind::bad_data, "the text is UTF-16", {}, "save it as UTF-8");
  return CsvPlace{.offset = start == kByteOrderMark ? int64_t{3} : int64_t{0}};
}

bool parse_csv_number(std::string_view field, char separator, double& out) {
  char digits[kLongestNumber];
  if (field.starts_with('+')) field.remove_prefix(1);
  if (field.empty() || field.size() > kLongestNumber) return false;
  std::copy(field.begin(), field.end(), digits);
  if (separator == ';')
    if (size_t const comma = field.find(','); comma != std::string_view::npos) digits[comma] = '.';
  auto const [end, code] = std::from_chars(digits, digits + field.size(), out);
  return code == std::errc() && end == digits + field.size();
}

}  // namespace narrow
