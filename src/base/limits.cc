#include "base/limits.h"

#include <algorithm>
#include <array>

namespace narrow {
namespace {

struct Named {
  const char* name;
  int64_t most;  // what may be asked for: beyond it, numbers of other types would not fit
  void (*set)(Limits&, int64_t);
};

constexpr int64_t kInt = INT32_MAX;

constexpr std::array<Named, 7> kNamed{{
    {"arena-bytes", INT64_MAX / 2, [](Limits& l, int64_t v) { l.arena_bytes = v; }},
    {"file-bytes", int64_t{1} << 31, [](Limits& l, int64_t v) { l.file_bytes = v; }},
    {"graph-runs", kInt, [](Limits& l, int64_t v) { l.graph_runs = static_cast<int>(v); }},
    {"graphs", kInt, [](Limits& l, int64_t v) { l.graphs = static_cast<int>(v); }},
    {"ops", kInt, [](Limits& l, int64_t v) { l.ops = static_cast<int>(v); }},
    {"tensor-elements", kInt, [](Limits& l, int64_t v) { l.tensor_elements = v; }},
    {"tensors", kInt, [](Limits& l, int64_t v) { l.tensors = static_cast<int>(v); }},
}};

constexpr std::array<const char*, kNamed.size()> kNames = [] {
  std::array<const char*, kNamed.size()> out{};
  for (size_t i = 0; i < out.size(); ++i) out[i] = kNamed[i].name;
  return out;
}();

Limits in_force;

}  // namespace

const Limits& limits_in_force() {
  return in_force;
}

void set_limits(const Limits& limits) {
  in_force = limits;
}

std::span<const char* const> limit_names() {
  return kNames;
}

bool set_limit(Limits& limits, std::string_view name, int64_t value) {
  auto const at = std::find_if(kNamed.begin(), kNamed.end(), [&](const Named& n) { return name == n.name; });
  if (at == kNamed.end() || value < 1 || value > at->most) return false;
  at->set(limits, value);
  return true;
}

std::string how_to_raise(std::string_view name) {
  return "the limit can be raised: `limit=" + std::string(name) + "=N`";
}

}  // namespace narrow
