// Exit codes: what a caller's script can tell failures apart by.
#pragma once

#include "narrow/result.h"

namespace narrow {

inline constexpr int kDone = 0;
inline constexpr int kCheckFailed = 1;  // accuracy, budget, verify

/// 2 usage, 3 bad or unsupported input, 4 a limit exceeded, 5 input or output, 70 our bug, 130 interrupted.
constexpr int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_option:
      return 2;
    case ErrorKind::bad_file:
    case ErrorKind::unsupported:
    case ErrorKind::bad_data:
      return 3;
    case ErrorKind::limit_exceeded:
      return 4;
    case ErrorKind::io:
      return 5;
    case ErrorKind::cancelled:
      return 130;
    case ErrorKind::internal:
      break;
  }
  return 70;
}

}  // namespace narrow
