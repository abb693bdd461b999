// What the terminal can show that standard output or standard error may be: lines of some width, and colours.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace narrow {

/// From now on lines may be as wide as they like.
void be_wide();

/// How many columns a line of standard output may take: those of $COLUMNS, else of the terminal. Nothing where it is no
/// terminal, where `be_wide` was called, or where the terminal does not say.
std::optional<size_t> line_width();

enum class Tone { plain, good, doubtful, bad };

/// `text` in the colour of a tone. As it is where a stream is no terminal, where NO_COLOR is set
/// (https://no-color.org), and where TERM is "dumb" or not set.
std::string on_output(Tone tone, std::string text);
std::string on_error(Tone tone, std::string text);

}  // namespace narrow
