#include "emit/constants/names.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace narrow {
namespace {

constexpr size_t kLongest = 40;        // of a plain name, so that identifiers stay within what old compilers tell apart
constexpr size_t kLongestChosen = 32;  // of a name that a user gives

// In alphabetical order.
constexpr std::array<std::string_view, 37> kKeywords{
    "_Bool",   "_Complex", "_Imaginary", "auto",   "break",    "case",   "char",    "const",  "continue", "default",
    "do",      "double",   "else",       "enum",   "extern",   "float",  "for",     "goto",   "if",       "inline",
    "int",     "long",     "register",   "return", "short",    "signed", "sizeof",  "static", "struct",   "switch",
    "typedef", "union",    "unsigned",   "void",   "volatile", "while",  "restrict"};

// Names that files, targets of Make and CMake and functions of a project have, and headers of the C library, whose
// places those of a project would take on a compiler's include path.
constexpr auto kTaken = std::to_array<std::string_view>(
    {"Makefile", "all",     "assert",        "clean",    "complex", "ctype",  "edit_cache", "errno",
     "fenv",     "help",    "install",       "inttypes", "iso646",  "limits", "locale",     "math",
     "nw",       "package", "rebuild_cache", "selftest", "setjmp",  "signal", "stdarg",     "stdbool",
     "stddef",   "stdint",  "stdio",         "stdlib",   "string",  "test",   "tgmath",     "time"});

// The C locale's, whatever the process has.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string plain(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (is_letter(c) || is_digit(c)) {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

}  // namespace

std::string plain_name(const std::string& name) {
  std::string_view rest = std::string_view(name).substr(0, name.find(';'));
  std::string out = plain(rest);
  // The end of a path says more than its beginning.
  while (out.size() > kLongest && rest.find('/') != std::string_view::npos) {
    rest.remove_prefix(rest.find('/') + 1);
    out = plain(rest);
  }
  return out.size() > kLongest ? out.substr(out.size() - kLongest) : out;
}

bool is_identifier(const std::string& name) {
  auto const fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
  return !name.empty() && name.size() <= kLongestChosen && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(), fits) &&
         std::find(kKeywords.begin(), kKeywords.end(), name) == kKeywords.end() &&
         std::find(kTaken.begin(), kTaken.end(), name) == kTaken.end();
}

std::string default_identifier(const std::string& path) {
  constexpr size_t kMost = 16;  // leaves room for the rest of a macro's name, see short_op_names
  std::string name = plain_name(std::filesystem::path(path).stem().string());
  name = name.substr(0, kMost);
  if (!is_identifier(name)) name = name.empty() ? "model" : ("model_" + name).substr(0, kMost);
  while (name.ends_with('_')) name.pop_back();
  return name;
}

}  // namespace narrow
