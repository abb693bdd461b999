// Well-formed files of models changed in what they say: read, written, simplified, run and quantized, or refused. The
// input decides which model it is and what happens to it.
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "check_model.h"
#include "fuzz.h"
#include "mutate.h"
#include "seed_models.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  for (size_t i = 0; i < seed_models().size(); ++i) {
    Decisions decide(i);
    std::string bytes(48, '\0');
    for (char& c : bytes) c = static_cast<char>(decide.below(256));
    auto const model = static_cast<uint16_t>(i);
    std::memcpy(bytes.data(), &model, sizeof model);
    seeds.push_back(std::move(bytes));
  }
  return seeds;
}

namespace {

Bytes changed_model(Decisions& decide) {
  const std::string& seed = decide.of(seed_models());
  format::ModelT model;
  format::GetModel(seed.data())->UnPackTo(&model);
  for (size_t n = decide.below(5); n > 0; --n) mutate(model, decide);
  return pack(model, decide.below(3), decide);
}

}  // namespace
}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  Decisions decide(std::span(data, size));
  Bytes const bytes = changed_model(decide);
  if (const char* file = std::getenv("NARROW_FUZZ_MODEL"))  // to look at what an input stands for
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  check_quantizing(SharedBytes(bytes));
  return 0;
}
