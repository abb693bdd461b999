#include "cli/table.h"

#include <algorithm>

#include "base/printable.h"

namespace narrow {
namespace {

constexpr size_t kWidest = 240;  // bytes of a cell: one long name must not pad every row

/// Columns of a terminal that UTF-8 text takes; every character here is one column wide.
size_t columns(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// `text`, whole characters of its middle left out where it is too long.
std::string cut(const std::string& text) {
  if (text.size() <= kWidest) return text;
  auto const inside = [&](size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
  size_t begin = kWidest / 2, end = text.size() - kWidest / 2;
  for (int i = 0; i < 3 && inside(begin); ++i) --begin;
  for (int i = 0; i < 3 && inside(end); ++i) ++end;
  return text.substr(0, begin) + "..." + text.substr(end);
}

}  // namespace

void Table::row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = printable(cut(cell));
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<bool> right(rows_[0].size());
  std::vector<size_t> widths(rows_[0].size());
  auto rows = rows_;
  for (size_t c = 0; c < right.size(); ++c) {
    right[c] = rows[0][c].starts_with('>');
    if (right[c]) rows[0][c].erase(0, 1);
    for (const auto& row : rows) widths[c] = std::max(widths[c], columns(row[c]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (size_t c = 0; c < row.size(); ++c) {
      std::string const space(widths[c] - columns(row[c]), ' ');
      line += (c ? "  " : "") + (right[c] ? space + row[c] : row[c] + space);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string first_name(const std::string& name) {
  return name.substr(0, name.find(';'));
}

std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<int64_t>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

}  // namespace narrow
