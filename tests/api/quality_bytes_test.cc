// The file that Quality::best writes does not depend on how its arithmetic is carried out.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "data_files.h"
#include "instruction_sets.h"
#include "narrow/quantize.h"
#include "shared_models.h"

namespace narrow {
namespace {

struct Case {
  std::string model, data;
  int64_t samples = 0;
  double scale = 1;
};

/// The example, and networks of the shared data that are there, with few samples.
std::vector<Case> cases() {
  std::string const digits = std::string(NARROW_SOURCE_FOLDER) + "/examples/digits/";
  std::string const shared = shared_folder() + "/data/";
  std::vector<Case> out{{digits + "float.tflite", digits + "train_x.npy", 60, 0.0625}};
  for (const Case& c : {Case{shared + "models/kws/float.tflite", shared + "kws01/x.npy", 12},
                        Case{shared + "models/resnet/float.tflite", shared + "cifar10/calibration_x.npy", 8}})
    if (std::filesystem::exists(c.model) && std::filesystem::exists(c.data)) out.push_back(c);
  return out;
}

std::string best_file(const Case& c, Scheme scheme, int threads) {
  QuantizeRequest request;
  request.scheme = scheme;
  request.quality = Quality::best;
  request.data.path = c.data;
  request.data.samples = c.samples;
  request.data.scale = c.scale;
  request.threads = threads;
  auto const model = load(c.model);
  if (!model) return model.error().what;
  auto const made = quantize(*model, request);
  if (!made) return made.error().what;
  ScratchFolder const folder("quality_bytes");
  std::string const path = folder / "best.tflite";
  if (auto const saved = save(*made->model, path); !saved) return saved.error().what;
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(QualityBytes, AreTheSameForInstructionSetsAndThreads) {
  for (const Case& c : cases())
    for (Scheme scheme : {Scheme::int8, Scheme::int16x8}) {
      if (scheme != Scheme::int8 && c.samples < 60) continue;  // seconds
      SCOPED_TRACE(c.model + " " + to_string(scheme));
      std::string const expected = best_file(c, scheme, 1);
      ASSERT_GT(expected.size(), 4000U) << expected;
      EXPECT_EQ(best_file(c, scheme, 2) == expected, true);
      EXPECT_EQ(best_file(c, scheme, 4) == expected, true);
      on_every_instruction_set([&] { EXPECT_EQ(best_file(c, scheme, 2) == expected, true); });
    }
}

TEST(QualityBytes, NetworksOfTheSharedDataAreThere) {
  if (cases().size() < 3) GTEST_SKIP() << "no shared data: the example alone was quantized";
}

#ifdef __x86_64__
TEST(QualityBytes, Avx2AndAvx512AreThere) {
  std::set<std::string> visited;
  on_every_instruction_set([&] { visited.insert(host::best_isa().name); });
  if (!visited.contains("AVX2") || !visited.contains("AVX512")) GTEST_SKIP() << "not both on this machine";
}
#endif

}  // namespace
}  // namespace narrow
