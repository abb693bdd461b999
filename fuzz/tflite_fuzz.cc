// Any bytes as a model: an error that is not our own, or a valid model that survives being written and read again.
#include <cstdio>
#include <cstdlib>

#include "../tests/same_model.h"
#include "../tests/small_file.h"
#include "fuzz.h"
#include "graph/print.h"
#include "ops/validate.h"
#include "read/read.h"
#include "tflite/write.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  auto add = [&](const Bytes& bytes) { seeds.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size()); };
  SmallFile small;
  add(small.bytes());
  small.add_foreign_parts();
  add(small.bytes());
  auto const model = read_model(SharedBytes(small.bytes()), "seed");
  if (model) add(*write_tflite(*model));  // shares its parts
  return seeds;
}

namespace {

[[noreturn]] void report(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

void check(Result<Model> model) {
  if (!model) {
    const Error& e = model.error();
    if (e.kind == ErrorKind::internal || e.what.find('\n') != std::string::npos) report("bad error: " + e.what);
    return;
  }
  if (!validate(*model)) report("settled, but not valid");
  auto const written = write_tflite(*model);
  if (!written) {
    if (written.error().kind == ErrorKind::internal) report("not written: " + written.error().what);
    return;
  }
  auto const again = read_model(SharedBytes(*written), "again");
  if (!again) report("written, but not read: " + again.error().what + " (" + again.error().where + ")");
  if (auto const d = difference(*model, *again); !d.empty()) report("not the same: " + d);
  if (*write_tflite(*again) != *written) report("written differently");
  for (const Graph& g : model->graphs) print(g);
}

}  // namespace
}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  check(read_model(SharedBytes::copy_of(std::span<const uint8_t>(data, size)), "fuzz"));
  return 0;
}
