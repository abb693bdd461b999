// printable: text that may hold names from files, for people: neither more lines nor commands to the terminal.
#pragma once

#include <string>

namespace narrow {

/// `text` with ? for each control character, line feeds too.
std::string printable(std::string text);

/// A name from a file as it may stand in a message: printable, the middle of a long one left out.
std::string readable(const std::string& name);

}  // namespace narrow
