// Certificate: what the sums of a C program can reach, whatever its inputs hold, worked out from its weights.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emit/c/c_program.h"
#include "emit/c/reached_sums.h"

namespace narrow {

/// A number on the way from products to a result: the type that holds it, and what it can be, by output channel.
struct CertifiedNumber {
  const char* name = nullptr;
  int bits = 32;  // of the type, signed
  std::vector<IntegerRange> channels;
};

/// A call that sums products of data and constant weights.
struct CertifiedCall {
  std::string params;  // its parameter struct in the C source, which tells it from other calls
  const char* kernel = nullptr;
  IntegerRange input;  // all that the data can be: what their type holds
  int64_t input_zero_point = 0;
  std::vector<int64_t> bias;             // by channel, in units of the sum; 0 where the call has none
  std::vector<CertifiedNumber> numbers;  // sum, accumulator, shifted, product, scaled: docs/certificates.md
};

struct Certificate {
  std::string name;  // of the program
  std::vector<CertifiedCall> calls;
};

/// Every number that can be reached is within its range, and the ends of `sum` and `accumulator` are reached by some
/// input. Every partial sum of any order of the products is within `sum`. Errors: unsupported where a number can leave
/// its type (names op and channel).
Result<Certificate> certificate(const CProgram& program);

/// How many bits are left in the type at least: 2^n times each number still fits.
int spare_bits(const CertifiedNumber& number);

/// The least spare_bits of all numbers called `name`; 64 where there are none.
int spare_bits(const Certificate& certificate, const char* name);

/// As `tools/check_certificate` reads it: a line for each call.
std::string to_json(const Certificate& certificate);

}  // namespace narrow
