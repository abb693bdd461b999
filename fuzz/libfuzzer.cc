// What libFuzzer's own main function lacks: TARGET -write=FOLDER writes the seeds there, and nothing else.
#include <cstdlib>

#include "seeds.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kWrite = "-write=";
  std::string_view const first = *argc > 1 ? (*argv)[1] : "";
  if (first.starts_with(kWrite)) std::exit(narrow::write_seeds(std::string(first.substr(kWrite.size()))));
  return 0;
}
