#include "epilogue.h"

#include <algorithm>

#include "nw_requantize.h"

namespace narrow::host {
namespace {

template <class V>
std::vector<V> repeated(std::span<const V> values) {
  std::vector<V> out(values.begin(), values.end());
  if (values.empty()) return out;
  for (int i = 0; i < kEpilogueSlack; ++i) out.push_back(values[static_cast<std::size_t>(i) % values.size()]);
  return out;
}

}  // namespace

Epilogue::Epilogue(const EpilogueParams& params)
    : rounding(params.rounding),
      rule(params.rule),
      wide(params.wide),
      shifts_left(std::ranges::any_of(params.shift, [](std::int32_t s) { return s > 0; })),
      zero_point(params.zero_point),
      low(params.min - params.zero_point),
      high(params.max - params.zero_point),
      multiplier(repeated(params.multiplier)),
      shift(repeated(params.shift)),
      scale(repeated(params.scale)),
      scale64(repeated(params.scale64)) {
  if (rounding == Rounding::wide || (rounding == Rounding::by_rule && wide))
    for (std::int32_t& m : multiplier) m = nw_reduce_multiplier(m);
}

}  // namespace narrow::host
