// How a command's failure is told.
#pragma once

#include "base/json_writer.h"
#include "narrow/result.h"

namespace narrow {

/// The error with options in the place of fields, and the command line as the place where it has no other.
Error as_shown(Error error);

/// Prints an error `as_shown` to standard error.
void print_error(const Error& error);

/// Writes it as the member `error` of an object.
void write_error(JsonWriter& out, const Error& error);

}  // namespace narrow
