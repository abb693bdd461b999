#include "random.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace narrow {
namespace {

constexpr unsigned kDefaultSeed = 20261129;

unsigned read_seed() {
  const char* wanted = std::getenv("NARROW_SEED");
  if (!wanted || !*wanted) return kDefaultSeed;
  unsigned seed = 0;
  const char* const end = wanted + std::strlen(wanted);
  if (auto const [at, error] = std::from_chars(wanted, end, seed); error == std::errc() && at == end) return seed;
  std::fprintf(stderr, "NARROW_SEED is no whole number under 2^32: %s\n", wanted);
  std::exit(2);
}

/// FNV-1a: the same on every platform.
unsigned mixed(unsigned hash, const char* text) {
  for (; *text; ++text) hash = (hash ^ static_cast<unsigned char>(*text)) * 16777619U;
  return hash;
}

class PrintSeed : public testing::Environment {
  void SetUp() override { std::printf("random numbers from NARROW_SEED=%u\n", run_seed()); }
};

const testing::Environment* const kPrintSeed = testing::AddGlobalTestEnvironment(new PrintSeed);

}  // namespace

unsigned run_seed() {
  static unsigned const seed = read_seed();
  return seed;
}

unsigned test_seed() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  unsigned const hash = (run_seed() ^ 2166136261U) * 16777619U;
  return test ? mixed(mixed(hash, test->test_suite_name()), test->name()) : hash;
}

}  // namespace narrow
