// Talk: what a command says beside its result, on standard error, unless --quiet was given.
#pragma once

#include <string>
#include <vector>

namespace narrow {

/// From now on nothing is said but errors: no progress, no warnings, no text on standard output.
void be_quiet();
bool is_quiet();

/// Prints a line for each of the library's warnings, with options in the place of fields: "narrow: warning: ...".
void print_warnings(const std::vector<std::string>& warnings);

/// The same warnings as they go into JSON.
std::vector<std::string> warnings_in_options(const std::vector<std::string>& warnings);

/// Prints what a user may like to know and need not act on: "narrow: note: ...".
void print_note(const std::string& note);

}  // namespace narrow
