// Words and numbers of the report as HTML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "narrow/report.h"

namespace narrow {

/// Text as HTML shows it: names from files too, without control characters.
std::string escaped(const std::string& text);

/// The same; what stands in backquotes is set as code.
std::string sentence(const std::string& text);

/// The first of several names joined by semicolons; more than `most` characters lose their middle.
std::string shortened(const std::string& name, size_t most);

/// `shortened`, with the whole name as the tooltip.
std::string name_html(const std::string& name, size_t most = 40);

/// Names without the folders that most of a model's names begin with ("functional_1/"), which tell nothing.
class NameLabels {
 public:
  explicit NameLabels(const Report& report);
  /// At most `most` characters.
  std::string text(const std::string& name, size_t most) const;
  /// As HTML, with the whole name as the tooltip where that is another one.
  std::string html(const std::string& name, size_t most = 40) const;

 private:
  std::string prefix_;  // empty, or ends in '/'
};

/// 1234567 as "1,234,567".
std::string thousands(int64_t number);

/// "6.7 kB", "1.2 MB": k is 1000.
std::string bytes_words(int64_t bytes);

/// "2.1 M", "640 k"; below 1000 as it is.
std::string count_words(int64_t count);

/// "38.5 dB"; "exact" where there is no error, a dash where it is not known.
std::string decibel_words(const std::optional<double>& db);

/// "97.2 %"; a dash where it is not known.
std::string percent_words(const std::optional<double>& share);

/// Four significant digits.
std::string short_number(double value);

/// "[1, 8, 8, 12]"
std::string shape_words(const std::vector<int32_t>& shape);

}  // namespace narrow
