#include "base/result.h"

#include "base/printable.h"

namespace narrow {

const char* to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_file:
      return "bad_file";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::limit_exceeded:
      return "limit_exceeded";
    case ErrorKind::bad_data:
      return "bad_data";
    case ErrorKind::bad_option:
      return "bad_option";
    case ErrorKind::io:
      return "io";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::internal:
      break;
  }
  return "internal";
}

Error Error::in(std::string outer) && {
  outer = printable(std::move(outer));
  // Two stages may both know the file.
  bool const said = where == outer || where.ends_with(", " + outer);
  if (!said) where = where.empty() ? std::move(outer) : where + ", " + outer;
  return std::move(*this);
}

tl::unexpected<Error> fail(ErrorKind kind, std::string what, std::string where, std::string remedy) {
  return tl::unexpected<Error>(
      Error{kind, printable(std::move(what)), printable(std::move(where)), printable(std::move(remedy))});
}

tl::unexpected<Error> refuse(std::string field, std::string what, std::string remedy, std::string where) {
  auto out = fail(ErrorKind::bad_option, std::move(what), std::move(where), std::move(remedy));
  out.value().field = std::move(field);
  return out;
}

}  // namespace narrow
