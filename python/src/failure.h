// Failure: an Error of the library on its way to Python, where it arrives as narrow.Error.
#pragma once

#include <nanobind/nanobind.h>
#include <narrow/result.h>

#include <string>
#include <utility>

#include "text.h"

namespace narrow::python {

struct Failure {
  Error error;
};

/// The value of a result, or its error thrown.
template <class T>
T value(Result<T>&& result) {
  if (!result) throw Failure{std::move(result).error()};
  return std::move(*result);
}

inline void check(Status&& status) {
  if (!status) throw Failure{std::move(status).error()};
}

/// bad_option: a keyword whose value cannot be used.
[[noreturn]] void refuse_value(const std::string& keyword, const std::string& given, const std::string& remedy);

/// Makes Failure arrive as `error_class`, which takes kind, what, where, remedy and field.
void translate_failures();

}  // namespace narrow::python
