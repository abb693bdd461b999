// The rows of a .csv and their fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "read/data/byte_source.h"

namespace narrow {

/// Where a row of a text starts.
struct CsvPlace {
  int64_t offset = 0;  // in bytes
  int64_t line = 1;    // counted from 1
};

/// Reads rows from a place on. Empty lines are passed over.
class CsvRowReader {
 public:
  CsvRowReader(const ByteSource& source, CsvPlace from, size_t longest)
      : source_(source), at_(from.offset), line_(from.line), longest_(longest) {}

  /// False at the end. `row` is the text without the end of its line, and lives until the next call. Errors: bad_data
  /// for a row longer than `longest` bytes, and those of the source.
  Result<bool> next(std::string_view& row, CsvPlace& place);

 private:
  Status fill();

  const ByteSource& source_;
  int64_t at_;  // of the byte behind the buffer
  int64_t line_;
  size_t longest_;
  std::string buffer_;
  size_t used_ = 0;
};

/// The fields of a row, one after the other. Spaces around a field and the quotes around a quoted one are no part of
/// it; a separator between quotes is.
class CsvFields {
 public:
  CsvFields(std::string_view row, char separator) : rest_(row), separator_(separator) {}

  /// False behind the last field, of which there is always one.
  bool next(std::string_view& field);

 private:
  std::string_view rest_;
  char separator_;
  bool done_ = false;
};

/// What separates the fields of a text, as its first row shows: a semicolon where there is one outside of quotes, else
/// a comma.
char csv_separator(std::string_view first_row);

/// Whether there are words in a row, and no number.
bool is_csv_heading(std::string_view row, char separator);

/// The start of a text, behind the mark that some programs put before UTF-8. bad_data where it is text of 16-bit units.
Result<CsvPlace> csv_start(const ByteSource& source);

/// A decimal number; false where the field is none. Where semicolons separate fields, a comma is a decimal point.
bool parse_csv_number(std::string_view field, char separator, double& out);

}  // namespace narrow
