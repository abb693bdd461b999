// Drives a fuzz target without libFuzzer: its seeds, files given by name, then random or systematic damage to them.
// usage: TARGET [-runs=N] [-seed=N] [FILE...]
//        TARGET -every=N         every truncation and every single-byte change of the first N seeds; with -step=S
//                                only at every S-th place
//        TARGET -write=FOLDER    only writes the seeds there
// An input that is not answered within 5 s or ends the process is left in TARGET.crash.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <random>
#include <set>

#include "seeds.h"

namespace narrow {
namespace {

using Random = std::mt19937_64;

constexpr unsigned kMostSeconds = 5;

/// The input that is being run, for the signal handler.
struct Current {
  const char* bytes = nullptr;
  size_t size = 0;
  char file[4096] = "fuzz.crash";
};
Current current;

/// Keeps the input and ends in the way the signal asks for.
void keep_input(int signal) {
  int const file = open(current.file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  bool const kept = file >= 0 && write(file, current.bytes, current.size) == static_cast<ssize_t>(current.size);
  constexpr char kSlow[] = "no answer within 5 s\n", kEnded[] = "the process was ended by an input\n";
  const char* text = signal == SIGALRM ? kSlow : kEnded;
  size_t const length = signal == SIGALRM ? sizeof kSlow : sizeof kEnded;
  if (write(STDERR_FILENO, text, length - 1) < 0 || !kept) _exit(5);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

struct Slowest {
  double seconds = 0;
  size_t bytes = 0;
};

class Driver {
 public:
  void run(const std::string& bytes) {
    current.bytes = bytes.data();
    current.size = bytes.size();
    alarm(kMostSeconds);
    auto const start = std::chrono::steady_clock::now();
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
    if (took.count() > slowest_.seconds) slowest_ = {took.count(), bytes.size()};
    ++runs_;
    total_ += took.count();
  }

  void print(size_t seeds, const std::string& how) const {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    std::printf(
        "%zu seeds and %ld inputs (%s) answered; %.2f ms each, slowest %.1f ms (%zu bytes); peak memory %.1f MiB\n",
        seeds, runs_, how.c_str(), 1e3 * total_ / static_cast<double>(std::max(runs_, 1L)), 1e3 * slowest_.seconds,
        slowest_.bytes, static_cast<double>(use.ru_maxrss) / 1024);
  }

 private:
  long runs_ = 0;
  double total_ = 0;
  Slowest slowest_;
};

size_t below(Random& random, size_t n) {
  return static_cast<size_t>(random() % n);
}

/// One of the changes that find most bugs in parsers: other bytes, special numbers, missing and doubled parts.
void damage(std::string& bytes, Random& random) {
  if (bytes.empty()) bytes = "\n";
  size_t const at = below(random, bytes.size());
  size_t const n = 1 + below(random, std::min<size_t>(bytes.size() - at, 16));
  switch (below(random, 6)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(random, 8)));
      break;
    case 1:
      bytes[at] = static_cast<char>(random());
      break;
    case 2:
      bytes.erase(at, n);
      break;
    case 3:
      bytes.insert(at, bytes.substr(at, n));
      break;
    case 4:
      bytes.resize(at);
      break;
    default: {
      constexpr char kSpecial[] = {0, 1, 127, -128, -1};
      bytes.replace(at, n, n, kSpecial[below(random, std::size(kSpecial))]);
    }
  }
}

void run_damaged(Driver& driver, const std::vector<std::string>& seeds, long runs, uint64_t seed) {
  Random random(seed);
  for (long i = 0; i < runs; ++i) {
    std::string bytes = seeds[below(random, seeds.size())];
    for (size_t n = 1 + below(random, 4); n > 0; --n) damage(bytes, random);
    driver.run(bytes);
  }
}

/// Every length, and in every place a flipped bit at either end, all bits, zero, ones and the next number.
void run_every(Driver& driver, const std::string& whole, size_t step) {
  for (size_t n = 0; n < whole.size(); n += step) driver.run(whole.substr(0, n));
  for (size_t at = 0; at < whole.size(); at += step) {
    auto const b = static_cast<unsigned char>(whole[at]);
    for (int value : std::set{b ^ 0x01, b ^ 0x80, b ^ 0xFF, 0x00, 0xFF, (b + 1) & 0xFF}) {
      if (value == b) continue;
      std::string bytes = whole;
      bytes[at] = static_cast<char>(value);
      driver.run(bytes);
    }
  }
}

struct Arguments {
  long runs = 10000;
  uint64_t seed = 1;
  size_t every = 0;
  size_t step = 1;
  std::string write;
  std::vector<std::string> files;
};

Arguments parse(int argc, char** argv) {
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    std::string const argument = argv[i];
    if (argument.starts_with("-write=")) {
      a.write = argument.substr(7);
    } else if (argument.starts_with("-runs=")) {
      a.runs = std::atol(argument.c_str() + 6);
    } else if (argument.starts_with("-seed=")) {
      a.seed = static_cast<uint64_t>(std::atoll(argument.c_str() + 6));
    } else if (argument.starts_with("-every=")) {
      a.every = static_cast<size_t>(std::atol(argument.c_str() + 7));
    } else if (argument.starts_with("-step=")) {
      a.step = static_cast<size_t>(std::max(1L, std::atol(argument.c_str() + 6)));
    } else {
      a.files.push_back(argument);
    }
  }
  return a;
}

int drive(int argc, char** argv) {
  Arguments const a = parse(argc, argv);
  if (!a.write.empty()) return write_seeds(a.write);
  std::snprintf(current.file, sizeof current.file, "%s.crash", argv[0]);
  for (int s : {SIGALRM, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(s, keep_input);
  std::vector<std::string> seeds = fuzz_seeds();
  for (const std::string& file : a.files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  Driver driver;
  for (const std::string& seed : seeds) driver.run(seed);
  if (a.every > 0) {
    for (size_t i = 0; i < std::min(a.every, seeds.size()); ++i) run_every(driver, seeds[i], a.step);
    driver.print(seeds.size(),
                 "every length and byte of " + std::to_string(a.every) + ", step " + std::to_string(a.step));
  } else {
    run_damaged(driver, seeds, a.runs, a.seed);
    driver.print(seeds.size(), "seed " + std::to_string(a.seed));
  }
  return 0;
}

}  // namespace
}  // namespace narrow

int main(int argc, char** argv) {
  return narrow::drive(argc, argv);
}
