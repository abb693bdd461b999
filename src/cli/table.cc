#include "cli/table.h"

#include <algorithm>
#include <utility>

#include "base/printable.h"

namespace narrow {
namespace {

constexpr size_t kWidest = 240;  // bytes of a cell: one long name must not pad every row

constexpr size_t kNarrowest = 9;  // columns that a shortened cell keeps: three characters on each side of "..."

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;  // a character of UTF-8 that has begun before
}

/// Columns of a terminal that UTF-8 text takes; every character here is one column wide.
size_t columns(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

/// `text`, whole characters of its middle left out where it is too long.
std::string cut(const std::string& text) {
  if (text.size() <= kWidest) return text;
  size_t begin = kWidest / 2, end = text.size() - kWidest / 2;
  for (int i = 0; i < 3 && continues(text[begin]); ++i) --begin;
  for (int i = 0; i < 3 && continues(text[end]); ++i) ++end;
  return text.substr(0, begin) + "..." + text.substr(end);
}

/// `text` in at most `width` columns, at least three of them.
std::string shortened(const std::string& text, size_t width) {
  if (columns(text) <= width) return text;
  size_t const tail = (width - 3) / 2, head = width - 3 - tail;
  size_t begin = 0, end = text.size();
  for (size_t n = 0; n < head; ++n)
    for (++begin; begin < text.size() && continues(text[begin]);) ++begin;
  for (size_t n = 0; n < tail; ++n)
    for (--end; end > 0 && continues(text[end]);) --end;
  return text.substr(0, begin) + "..." + text.substr(end);
}

enum class Kind { words, name, whole, number };

Kind kind_of(const std::string& heading) {
  switch (heading.empty() ? ' ' : heading.front()) {
    case '>':
      return Kind::number;
    case '=':
      return Kind::whole;
    case '~':
      return Kind::name;
    default:
      return Kind::words;
  }
}

/// Narrows the widest columns of a kind until a line fits, or all of them are as narrow as they may be.
void fit(std::vector<size_t>& widths, const std::vector<Kind>& kinds, Kind kind, size_t most) {
  size_t line = 2 * (widths.size() - 1);
  for (size_t width : widths) line += width;
  for (; line > most; --line) {
    size_t* widest = nullptr;
    for (size_t c = 0; c < widths.size(); ++c)
      if (kinds[c] == kind && widths[c] > (widest ? *widest : kNarrowest)) widest = &widths[c];
    if (!widest) return;
    --*widest;
  }
}

}  // namespace

void Table::row(std::vector<Cell> cells) {
  for (Cell& cell : cells) cell.text = printable(cut(cell.text));
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<Kind> kinds;
  std::vector<size_t> widths(rows_[0].size());
  auto rows = rows_;
  for (size_t c = 0; c < widths.size(); ++c) {
    std::string& heading = rows[0][c].text;
    kinds.push_back(kind_of(heading));
    if (kinds[c] != Kind::words) heading.erase(0, 1);
    for (const auto& row : rows) widths[c] = std::max(widths[c], columns(row[c].text));
  }
  if (auto const most = line_width())
    for (Kind const kind : {Kind::name, Kind::words}) fit(widths, kinds, kind, *most);
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    size_t spaces = 0;  // that stand before the next cell with text
    for (size_t c = 0; c < row.size(); ++c) {
      std::string const text = shortened(row[c].text, widths[c]);
      size_t const space = widths[c] - columns(text);
      spaces += (c ? 2 : 0) + (kinds[c] == Kind::number ? space : 0);
      if (!text.empty()) line += std::string(std::exchange(spaces, 0), ' ') + on_output(row[c].tone, text);
      if (kinds[c] != Kind::number) spaces += space;
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
