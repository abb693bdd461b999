// How a test runs one call of a kernel.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <span>
#include <vector>

#include "ops/def/kernel_call.h"

namespace narrow {

/// By argument the bytes of the array that it is; none for the others.
inline std::vector<std::span<const std::byte>> constants_of(const KernelCall& call) {
  std::vector<std::span<const std::byte>> out;
  for (const CallArgument& a : call.arguments)
    out.push_back(a.source == CallArgument::Source::array
                      ? std::span<const std::byte>(call.arrays[static_cast<size_t>(a.index)].bytes)
                      : std::span<const std::byte>());
  return out;
}

/// Runs the call's C function on these operands and results, as an emitted program calls it.
inline void run_call(const KernelCall& call, const std::vector<void*>& operands, const std::vector<void*>& results) {
  constexpr uint64_t kMark = 0x5A5A5A5A5A5A5A5A;
  std::vector<std::byte> params = call.params;
  for (auto [field, index] : call.pointed) {
    const void* const at = call.arrays[index].bytes.data();
    std::memcpy(params.data() + field->offset, &at, sizeof at);
  }
  std::vector<uint64_t> memory(static_cast<size_t>(call.scratch_bytes / 8 + 2), kMark);
  std::vector<void*> pointers;
  for (const CallArgument& a : call.arguments) {
    using Source = CallArgument::Source;
    auto const i = static_cast<size_t>(a.index);
    void* at = nullptr;
    if (a.source == Source::operand) at = operands[i];
    if (a.source == Source::array) at = const_cast<std::byte*>(call.arrays[i].bytes.data());
    if (a.source == Source::result) at = results[i];
    if (a.source == Source::scratch) at = memory.data();
    pointers.push_back(at);
  }
  call.kernel->run({params.data(), pointers.data(), nullptr, nullptr, 1});
  for (size_t i = static_cast<size_t>(call.scratch_bytes + 7) / 8; i < memory.size(); ++i)
    EXPECT_EQ(memory[i], kMark) << "behind its scratch memory";
}

}  // namespace narrow
