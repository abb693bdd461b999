// Table: rows of text in aligned columns, for people.
#pragma once

#include <string>
#include <vector>

namespace narrow {

class Table {
 public:
  /// Columns of numbers are aligned to the right: those whose heading starts with '>', which is not shown.
  explicit Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }
  /// Control characters in cells are shown as ?, and the middle of what is longer than 240 bytes as "...".
  void row(std::vector<std::string> cells);
  /// Each line ended by a newline; no spaces at a line's end.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// What tables show of an op's or tensor's name: converters join the names of all ops that became one by semicolons,
/// and this is the first.
std::string first_name(const std::string& name);

/// 1234567 as "1,234,567".
std::string grouped(int64_t number);

}  // namespace narrow
