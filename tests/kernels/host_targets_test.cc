// Which instruction sets host kernels run with.
#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "instruction_sets.h"

namespace narrow {
namespace {

TEST(HostTargets, BestIsChosenUnlessAnotherIsAskedFor) {
  std::int64_t const targets = host::available_targets(), best = targets & -targets;
  EXPECT_EQ(host::chosen_target(), best);
  for (std::int64_t left = targets; left != 0; left &= left - 1) {
    host::override_target(left & -left);
    EXPECT_EQ(host::chosen_target(), left & -left);
  }
  host::override_target(0);
  EXPECT_EQ(host::chosen_target(), best);
}

#ifdef __x86_64__
/// What the system says of the first processor.
std::set<std::string> processor_flags() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags")) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    std::set<std::string> flags;
    for (std::string word; words >> word;) flags.insert(word);
    return flags;
  }
  return {};
}

TEST(HostTargets, AreThoseOfTheProcessor) {
  std::set<std::string> const flags = processor_flags();
  if (flags.empty()) GTEST_SKIP() << "/proc/cpuinfo names no flags";
  std::set<std::string> visited;
  on_every_instruction_set([&] { visited.insert(host::best_isa().name); });
  for (auto [name, flag] : {std::pair("SSE4", "sse4_2"),
                            {"AVX2", "avx2"},
                            {"AVX-VNNI", "avx_vnni"},
                            {"AVX512", "avx512bw"},
                            {"AVX512-VNNI", "avx512_vnni"}})
    EXPECT_EQ(visited.contains(name), flags.contains(flag)) << name;
}
#endif

}  // namespace
}  // namespace narrow
