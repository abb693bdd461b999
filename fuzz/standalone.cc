// Drives a fuzz target without libFuzzer: its seeds, files given by name, then random damage to them.
// usage: TARGET [-runs=N] [-seed=N] [FILE...]
//        TARGET -write=FOLDER    only writes the seeds there, for libFuzzer
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "fuzz.h"

namespace narrow {
namespace {

using Random = std::mt19937_64;

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

int write(const std::vector<std::string>& seeds, const std::string& folder) {
  for (size_t i = 0; i < seeds.size(); ++i)
    if (!(std::ofstream(folder + "/seed" + std::to_string(i), std::ios::binary) << seeds[i])) return 5;
  return 0;
}

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

int drive(int argc, char** argv) {
  long runs = 10000;
  Random random(1);
  std::vector<std::string> seeds = fuzz_seeds();
  for (int i = 1; i < argc; ++i) {
    std::string const argument = argv[i];
    if (argument.starts_with("-write=")) return write(seeds, argument.substr(7));
    if (argument.starts_with("-runs=")) {
      runs = std::atol(argument.c_str() + 6);
    } else if (argument.starts_with("-seed=")) {
      random.seed(static_cast<uint64_t>(std::atoll(argument.c_str() + 6)));
    } else {
      std::ifstream file(argument, std::ios::binary);
      seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }
  for (const std::string& seed : seeds) run(seed);
  for (long i = 0; i < runs; ++i) {
    std::string bytes = seeds[below(random, seeds.size())];
    for (size_t n = 1 + below(random, 4); n > 0; --n) damage(bytes, random);
    run(bytes);
  }
  std::printf("%zu seeds and %ld damaged inputs answered\n", seeds.size(), runs);
  return 0;
}

}  // namespace
}  // namespace narrow

int main(int argc, char** argv) {
  return narrow::drive(argc, argv);
}
