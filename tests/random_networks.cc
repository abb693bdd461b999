// Writes random networks as emitted C into one folder, for tests/random_networks_test.py, which compiles and runs them:
//   narrow_random_networks FOLDER COUNT SEED
// Each network is n<i>.c with n<i>.h, and selftest_n<i>.c; kernels/ is shared. Prints how many there are of each
// scheme.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "emit/c/project.h"
#include "emit/random_network.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file) {
    std::fprintf(stderr, "%s cannot be written\n", path.c_str());
    std::exit(1);
  }
}

/// Whether a network of that scheme could be written as number `index`.
bool add(const std::filesystem::path& folder, unsigned seed, const char* scheme, int index) {
  Random r(seed);
  auto const model = random_network(r, scheme, index % 3 == 1);
  if (!model) return false;
  auto folded = fold_constants(*model);
  if (!folded) return false;
  std::string const name = "n" + std::to_string(index);
  Model stored = *folded;
  pack_weights(stored);
  auto const shared = std::make_shared<const Model>(std::move(*folded));
  // Kernels for chips are C on other machines: three of four networks of a scheme have them where there are some.
  TargetChip const chip{.dsp = index / 5 % 2 == 1,
                        .helium = index / 5 % 4 == 3,
                        .blocked = index / 5 % 4 == 2,
                        .tables = index / 5 % 2 == 1,
                        .wide_from = index / 10 % 4 == 2 ? 0 : INT64_MAX};
  auto const program = make_c_program(std::make_shared<const Model>(std::move(stored)), 0, name, chip);
  auto lowered = lower(shared, {.profile = all_profiles().front()});
  if (!program || !lowered) return false;
  auto const golden = golden_of_seeded(*lowered);
  if (!golden) return false;
  for (const ProjectFile& f : project_files(*program, *golden)) {
    bool const own = f.name.starts_with(name + ".") || f.name.starts_with("kernels/");
    if (own) write(folder / f.name, f.text);
    if (f.name == "selftest.c") write(folder / ("selftest_" + name + ".c"), f.text);
  }
  return true;
}

int emit(const std::filesystem::path& folder, int count, unsigned seed) {
  std::filesystem::create_directories(folder / "kernels");
  std::map<std::string, int> written;
  for (int i = 0; i < count; ++i) {
    const char* const scheme = kIntegerSchemes[i % 5];
    written[scheme] += add(folder, seed + static_cast<unsigned>(i), scheme, i);
  }
  for (const auto& [scheme, networks] : written) std::printf("%s %d\n", scheme.c_str(), networks);
  return 0;
}

}  // namespace
}  // namespace narrow

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s FOLDER COUNT SEED\n", argv[0]);
    return 2;
  }
  return narrow::emit(argv[1], std::atoi(argv[2]), static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)));
}
