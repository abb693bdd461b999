// Words for the command line of a shell.
#pragma once

#include <string>

namespace narrow {

/// `text` as one word of a POSIX shell: in single quotes, unless none of its characters has a meaning there.
std::string shell_word(const std::string& text);

}  // namespace narrow
