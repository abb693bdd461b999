#include "cli/print_error.h"

#include <cstdio>
#include <string>

#include "cli/option_names.h"
#include "cli/terminal.h"

namespace narrow {

Error as_shown(Error error) {
  error = in_options(std::move(error));
  if (error.kind == ErrorKind::bad_option && error.where.empty()) error.where = "command line";
  return error;
}

void print_error(const Error& error) {
  std::string text = "narrow: " + on_error(Tone::bad, "error:") + " " + error.what;
  if (!error.where.empty()) text += " (" + error.where + ")";
  text += "\n";
  if (!error.remedy.empty()) text += error.remedy + "\n";
  std::fputs(text.c_str(), stderr);
}

void write_error(JsonWriter& out, const Error& error) {
  out.key("error")
      .begin_object()
      .member("kind", to_string(error.kind))
      .member("what", error.what)
      .member("where", error.where)
      .member("remedy", error.remedy)
      .end_object();
}

}  // namespace narrow
