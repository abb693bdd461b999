// What a fuzz target defines. With clang, libFuzzer drives it; without, standalone.cc does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace narrow {

/// Inputs to start from: small valid ones that reach far.
std::vector<std::string> fuzz_seeds();

}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
