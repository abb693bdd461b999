// Talk: what a command says beside its result, on standard error, unless --quiet was given.
#pragma once

#include <string>
#include <vector>

namespace narrow {

/// From now on nothing is said but errors: no progress, no warnings, no text on standard output.
void be_quiet();
bool is_quiet();

/// A line for each: "narrow: warning: ...", fields named as the options that set them.
void print_warnings(const std::vector<std::string>& warnings);

/// "narrow: note: ..."
void print_note(const std::string& note);

}  // namespace narrow
