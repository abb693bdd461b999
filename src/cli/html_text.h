// Text inside of HTML and SVG.
#pragma once

#include <string>

namespace narrow {

/// The text with the characters that have a meaning in HTML and XML written as entities, and controls as "?".
std::string html_text(const std::string& text);

}  // namespace narrow
