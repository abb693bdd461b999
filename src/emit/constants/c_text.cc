#include "emit/constants/c_text.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "emit/constants/number_text.h"

namespace narrow {
namespace {

/// A decimal that C takes for a floating constant.
std::string with_point(std::string text) {
  if (text.ends_with("nan")) return "NAN";
  if (text == "inf") return "INFINITY";
  if (text == "-inf") return "-INFINITY";
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string float_literal(std::string text) {
  text = with_point(std::move(text));
  return text.back() == 'N' || text.back() == 'Y' ? text : text + "f";
}

template <class T>
T value_at(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// Words of a sentence in lines of a comment: " * " and text.
std::string comment_lines(std::string_view text) {
  std::string out, line = " *";
  while (!text.empty()) {
    size_t const end = std::min(text.find(' '), text.size());
    std::string_view const word = text.substr(0, end);
    if (line.size() + 1 + word.size() > kColumns && line.size() > 2) {
      out += line + "\n";
      line = " *  ";
    }
    line += " " + std::string(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + line + "\n";
}

}  // namespace

const char* c_type(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "float";
    case DType::float64:
      return "double";
    case DType::int8:
      return "int_least8_t";
    case DType::int16:
      return "int_least16_t";
    case DType::int32:
      return "int_least32_t";
    case DType::int64:
      return "int_least64_t";
    case DType::float16:
    case DType::uint16:
      return "uint_least16_t";
    case DType::uint32:
      return "uint_least32_t";
    case DType::uint64:
      return "uint_least64_t";
    default:  // uint8, boolean
      return "uint_least8_t";
  }
}

std::string literal(float value) {
  return float_literal(fmt::format("{}", value));
}

std::string literal(DType dtype, const std::byte* at) {
  switch (dtype) {
    case DType::float32:
      return literal(value_at<float>(at));
    case DType::float64:
      return with_point(number_text(dtype, at));
    case DType::float16:
      return fmt::format("0x{:04x}", value_at<uint16_t>(at));
    // C has no negative constants: the smallest numbers are made from what fits.
    case DType::int32:
      if (value_at<int32_t>(at) == INT32_MIN) return "-2147483647 - 1";
      break;
    case DType::int64:
      if (value_at<int64_t>(at) == INT64_MIN) return "-9223372036854775807 - 1";
      break;
    case DType::uint64:
      return number_text(dtype, at) + "u";
    default:
      break;
  }
  return number_text(dtype, at);
}

std::string literal_list(DType dtype, std::span<const std::byte> values, const char* line_end) {
  size_t const bytes = element_bytes(dtype), room = kColumns - std::strlen(line_end);
  std::string out, line = " ";
  for (size_t i = 0; i < values.size(); i += bytes) {
    std::string const word = literal(dtype, &values[i]) + (i + bytes < values.size() ? "," : "");
    if (line.size() + 1 + word.size() > room) {
      out += line + line_end + "\n";
      line = " ";
    }
    line += " " + word;
  }
  return out + line + line_end + "\n";
}

std::string comment(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& s : sentences) out += comment_lines(s);
  out[0] = '/';
  bool const one_line = out.find('\n') == out.size() - 1 && out.size() + 2 <= kColumns;
  if (one_line) out.pop_back();
  return out + " */\n";
}

std::string in_comment(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool const plain = c >= ' ' && c < 0x7f && c != '\\' && c != '?';
    char const before = out.empty() ? ' ' : out.back();
    if ((c == '/' && before == '*') || (c == '*' && before == '/')) out += '_';
    out += plain ? c : '_';
  }
  return out;
}

std::string quoted(const std::string& name) {
  constexpr size_t kMost = 72, kEnds = 34;
  std::string text =
      in_comment(name.size() <= kMost ? name : name.substr(0, kEnds) + "..." + name.substr(name.size() - kEnds));
  for (char& c : text)
    if (c == ' ' || c == '"') c = '_';
  return '"' + text + '"';
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace narrow
