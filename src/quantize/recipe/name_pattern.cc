#include "quantize/recipe/name_pattern.h"

#include <re2/re2.h>

#include "base/printable.h"

namespace narrow {
namespace {

constexpr int64_t kMostMemory = int64_t{4} << 20;  // bytes of an expression and of what a search keeps
constexpr size_t kLongestText = 4096;

re2::RE2::Options options() {
  re2::RE2::Options out;
  out.set_log_errors(false);
  out.set_max_mem(kMostMemory);
  return out;
}

/// What is wrong, and at which character: "invalid character class range '[z-a]' at character 7".
std::string reason(const re2::RE2& expression, const std::string& text) {
  const std::string& part = expression.error_arg();
  std::string what = expression.error();
  what = what.substr(0, what.find(':'));  // what follows is the part
  size_t const at = part.empty() || part == text ? std::string::npos : text.find(part);
  return at == std::string::npos ? what : what + " '" + readable(part) + "' at character " + std::to_string(at + 1);
}

}  // namespace

Result<NamePattern> NamePattern::compile(const std::string& text, const std::string& where) {
  if (text.size() > kLongestText)
    return fail(ErrorKind::bad_option, "a regular expression of " + std::to_string(text.size()) + " characters", where,
                "give at most " + std::to_string(kLongestText) + "; a recipe can have many rules");
  auto compiled = std::make_shared<const re2::RE2>(text, options());
  if (!compiled->ok())
    return fail(ErrorKind::bad_option,
                "'" + readable(text) + "' is not a regular expression: " + reason(*compiled, text), where,
                "names are matched by RE2's syntax, without look-ahead and back-references; a backslash before one of "
                "\\.+*?()|[]{}^$ takes it as it is");
  return NamePattern(std::move(compiled));
}

NamePattern NamePattern::exactly(std::string_view name) {
  return NamePattern(std::make_shared<const re2::RE2>("\\A" + re2::RE2::QuoteMeta(name) + "\\z", options()));
}

bool NamePattern::found_in(std::string_view name) const {
  return re2::RE2::PartialMatch(name, *compiled_);
}

}  // namespace narrow
