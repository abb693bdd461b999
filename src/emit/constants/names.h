// Names for files and C identifiers, made from the names that a model has.
#pragma once

#include <string>

namespace narrow {

/// What a model calls something as lower-case letters, digits and single underscores: the part before the first ';'
/// (converters join the names of all ops that became one), long ones without their beginning. May be empty, may begin
/// with a digit.
std::string plain_name(const std::string& name);

/// An identifier of at most 16 characters, made from the name of a file without its folders and its ending.
std::string default_identifier(const std::string& path);

/// Whether `name` may be a C identifier of the user's choice: a letter first, at most 32 characters, no keyword, and
/// no name that a project needs or that a header of the C library has.
bool is_identifier(const std::string& name);

}  // namespace narrow
