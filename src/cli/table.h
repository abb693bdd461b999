// Table: rows of text in aligned columns, for people.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/terminal.h"

namespace narrow {

/// What stands in a row and a column, and whether it is good or bad news.
struct Cell {
  Cell(std::string words) : text(std::move(words)) {}
  Cell(const char* words) : text(words) {}
  Cell(std::string words, Tone how) : text(std::move(words)), tone(how) {}

  std::string text;
  Tone tone = Tone::plain;
};

class Table {
 public:
  /// A heading may begin with a sign, which is not shown: '>' for a column of numbers, which are aligned to the right,
  /// '~' for one of names and the like, '=' for one of text that is worth nothing in parts. Where lines do not fit a
  /// terminal, cells of '~' columns lose of their middles, and then those of columns without a sign.
  explicit Table(const std::vector<std::string>& headings) : rows_{{headings.begin(), headings.end()}} {}
  /// Control characters in cells are shown as ?, and the middle of what is longer than 240 bytes as "...".
  void row(std::vector<Cell> cells);
  /// Each line ended by a newline; no spaces at a line's end.
  std::string text() const;

 private:
  std::vector<std::vector<Cell>> rows_;
};

/// What tables show of an op's or tensor's name: converters join the names of all ops that became one by semicolons,
/// and this is the first.
std::string first_name(const std::string& name);

/// 1234567 as "1,234,567".
std::string grouped(int64_t number);

}  // namespace narrow
