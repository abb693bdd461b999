// Functions of one 8-bit number as tables: a faster variant for every kernel that computes such a function element by
// element.
#pragma once

#include <array>
#include <limits>
#include <memory>

#include "rows/describe.h"

namespace narrow {

/// out[i] = table[in[i] - smallest value] for `count` elements of 8 bits.
template <class In, class Out>
void look_up(int64_t count, const std::array<Out, 256>& table, const In* in, Out* out) {
  for (int64_t i = 0; i < count; ++i) out[i] = table[static_cast<size_t>(in[i] - std::numeric_limits<In>::min())];
}

/// What run(in, out), a function of 256 elements, computes of each value of 8 bits in ascending order.
template <class In, class Out, class F>
std::array<Out, 256> tabulate(F run) {
  std::array<In, 256> in{};
  std::array<Out, 256> out{};
  for (int i = 0; i < 256; ++i) in[static_cast<size_t>(i)] = static_cast<In>(i + std::numeric_limits<In>::min());
  run(in.data(), out.data());
  return out;
}

/// The variant of a kernel f(params, in, out) of single 8-bit elements, whose parameters have a `count` of them: the
/// kernel fills a table once.
template <auto kFunction>
struct Tabulated;
template <class Params, class In, class Out, void (*kFunction)(const Params*, const In*, Out*)>
struct Tabulated<kFunction> {
  static_assert(sizeof(In) == 1);
  using Table = std::array<Out, 256>;

  static Packed pack(const KnownCall& call) {
    Params all = *static_cast<const Params*>(call.params);
    all.count = 256;
    auto const fill = [&](const In* in, Out* out) { kFunction(&all, in, out); };
    return {std::make_shared<const Table>(tabulate<In, Out>(fill)), 0, {}};
  }

  static void run(const KernelFrame& f) {
    int64_t const count = static_cast<const Params*>(f.params)->count;
    look_up(count * f.samples, *static_cast<const Table*>(f.packed), static_cast<const In*>(f.pointers[0]),
            static_cast<Out*>(f.pointers[1]));
  }

  static constexpr KernelVariant kVariants[] = {
      {.name = "8-bit table", .run = run, .takes_samples = true, .pack = pack}};
};

/// The row of such a kernel in C.
template <auto kFunction>
constexpr Kernel tabulated_kernel(const char* name, const char* source, const ParamTable& params) {
  Kernel out = c_kernel<kFunction>(name, source, params, Tabulated<kFunction>::kVariants);
  out.by_element = true;
  return out;
}

}  // namespace narrow
