// Files that are named on the command line: none that is written may be one that is read, or another that is written.
#pragma once

#include <string>
#include <vector>

#include "narrow/result.h"

namespace narrow {

/// Paths given for one argument, "-o" or "MODEL".
struct FileArgument {
  std::string name;
  std::vector<std::string> paths;
};

/// Whether an argument of that name names one file or data set.
bool names_one_file(const std::string& name);

/// bad_option where one of `arguments` that names an output names the same file or folder as another one: by a hard or
/// symbolic link, by another spelling of the path, or as a file in a folder of samples. Which arguments name files is
/// known here; devices and pipes may be named as often as wanted.
Status check_distinct(const std::vector<FileArgument>& arguments);

/// bad_option where a report is asked for (`path` is not empty) in a file that is neither a page nor JSON by its name.
Status check_report(const std::string& path);

}  // namespace narrow
