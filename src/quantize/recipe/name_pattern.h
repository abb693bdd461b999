// NamePattern: a regular expression that is searched in names.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "narrow/result.h"

namespace re2 {
class RE2;
}

namespace narrow {

/// A regular expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax). Searching takes time linear in
/// the length of a name and a bounded amount of memory, whatever the expression and the name are.
class NamePattern {
 public:
  /// bad_option, naming `where` the text is from and the part of it at fault, where it is no such expression.
  static Result<NamePattern> compile(const std::string& text, const std::string& where);

  /// Matches that name alone.
  static NamePattern exactly(std::string_view name);

  /// Whether some part of `name` matches.
  bool found_in(std::string_view name) const;

 private:
  explicit NamePattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace narrow
