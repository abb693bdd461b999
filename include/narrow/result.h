// Result<T>: a value or an Error that says what went wrong, where, and what the reader of it can do.
#pragma once

#include <narrow/visibility.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace narrow {

/// What kind of failure an Error is; the command line turns it into an exit code. Only `internal` is our own bug.
enum class ErrorKind { bad_file, unsupported, limit_exceeded, bad_data, bad_option, io, cancelled, internal };

/// The kind's name as shown to people, e.g. "bad_file".
NARROW_API const char* to_string(ErrorKind kind);

/// A failure: one line of text, the place it happened in, and a remedy (may be empty).
///
/// Texts name what a caller may set as this interface spells it, in backquotes: a field of a request (`samples`), with
/// a value (`io=int16`), or a call with fields (`quantize scheme=int8`). A front end may put its own spelling there, as
/// the command line does with its options.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string what;
  std::string where;       // "tensor 7 of op 12 (CONV_2D) in model.tflite"; grows outwards by `in`
  std::string remedy;      // one line, what to do about it; may be empty
  std::string field = {};  // the field of the request that is at fault, "io"; empty where no single one is

  /// The same error with an outer place appended: "op 3 (ADD)" in "graph 0" reads "op 3 (ADD), graph 0".
  NARROW_API Error in(std::string outer) &&;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// An unexpected value ready to be returned from a function of any Result type.
NARROW_API tl::unexpected<Error> fail(ErrorKind kind, std::string what, std::string where = {},
                                      std::string remedy = {});

/// A request that cannot be met as it is: bad_option, with the field at fault (may be empty).
NARROW_API tl::unexpected<Error> refuse(std::string field, std::string what, std::string remedy = {},
                                        std::string where = {});

/// The error of `result`, moved out, ready to be returned; `where` (may be empty) is appended to its place.
template <class R>
tl::unexpected<Error> pass(R&& result, std::string where = {}) {
  Error error = std::forward<R>(result).error();
  return tl::unexpected<Error>(where.empty() ? std::move(error) : std::move(error).in(std::move(where)));
}

}  // namespace narrow

#define NARROW_JOIN_(a, b) a##b
#define NARROW_JOIN(a, b) NARROW_JOIN_(a, b)

// NARROW_TRY(auto x, f()); declares x from f()'s value, or returns f()'s error.
#define NARROW_TRY_(tmp, decl, ...)                \
  auto tmp = (__VA_ARGS__);                        \
  if (!tmp) return ::narrow::pass(std::move(tmp)); \
  decl = std::move(*tmp)
#define NARROW_TRY(decl, ...) NARROW_TRY_(NARROW_JOIN(narrow_try_, __LINE__), decl, __VA_ARGS__)

// NARROW_CHECK(f()); returns f()'s error, if any.
#define NARROW_CHECK_(tmp, ...)                      \
  do {                                               \
    auto tmp = (__VA_ARGS__);                        \
    if (!tmp) return ::narrow::pass(std::move(tmp)); \
  } while (false)
#define NARROW_CHECK(...) NARROW_CHECK_(NARROW_JOIN(narrow_check_, __LINE__), __VA_ARGS__)
