#include "cli/html_text.h"

#include "base/printable.h"

namespace narrow {

std::string html_text(const std::string& text) {
  std::string out;
  for (char const c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace narrow
