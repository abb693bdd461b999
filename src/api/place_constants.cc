#include "api/place_constants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "emit/constants/names.h"
#include "quantize/recipe/name_pattern.h"

namespace narrow {
namespace {

/// A step and the arrays that its calls read, those that have no pool yet.
struct StepConstants {
  const CStep* step;
  std::vector<size_t> arrays;
  int64_t bytes = 0;
  double products_per_byte = 0;
};

void add_pointed(const CPointer& pointer, std::set<size_t>& arrays) {
  if (pointer.source == CPointer::Source::array) arrays.insert(pointer.index);
  for (const CPointer& each : pointer.list) add_pointed(each, arrays);
}

StepConstants constants_of(const CProgram& program, const CStep& step) {
  std::set<size_t> arrays;
  for (const CCall& call : step.calls) {
    for (const CPointer& p : call.pointers) add_pointed(p, arrays);
    for (auto [field, array] : program.params[call.params].pointed) arrays.insert(array);
  }
  StepConstants out{&step, {}};
  for (size_t a : arrays) {
    if (!program.arrays[a].pool.empty()) continue;
    out.arrays.push_back(a);
    out.bytes += program.array_bytes(program.arrays[a]);
  }
  if (out.bytes > 0) out.products_per_byte = static_cast<double>(program.macs(step)) / static_cast<double>(out.bytes);
  return out;
}

/// Steps that have constants without a pool, in the order in which they are placed.
std::vector<StepConstants> steps_with_constants(const CProgram& program, const NamePattern& pattern) {
  std::vector<StepConstants> out;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      if (pattern.found_in(s.name))
        if (StepConstants c = constants_of(program, s); c.bytes > 0) out.push_back(std::move(c));
  std::ranges::stable_sort(out, std::greater<>(), &StepConstants::products_per_byte);
  return out;
}

tl::unexpected<Error> refused(const ConstantPool& pool, const std::string& why, const std::string& remedy) {
  return refuse("place", fmt::format("pool '{}' {}", pool.name, why), remedy);
}

Result<PlacedPool> fill(CProgram& program, const ConstantPool& pool) {
  NARROW_TRY(NamePattern const pattern, NamePattern::compile(pool.ops, "`place`, pool '" + pool.name + "'"));
  PlacedPool out{pool.name, 0, pool.bytes, {}};
  int64_t least = 0;
  for (const StepConstants& found : steps_with_constants(program, pattern)) {
    StepConstants const c = constants_of(program, *found.step);  // what steps before share with it has its place
    if (c.bytes == 0) continue;
    if (least == 0 || c.bytes < least) least = c.bytes;
    if (out.bytes + c.bytes > pool.bytes) continue;
    for (size_t a : c.arrays) {
      program.arrays[a].pool = pool.name;
      out.constants.push_back(program.arrays[a].name);
    }
    out.bytes += c.bytes;
  }
  if (!out.constants.empty()) return out;
  if (least == 0)
    return refused(pool, fmt::format("takes constants of ops that '{}' matches, and there are none left", pool.ops),
                   "`narrow compile` prints the names of all steps");
  return refused(pool, fmt::format("has {} bytes, and nothing fits", pool.bytes),
                 fmt::format("the constants of one op take at least {} bytes", least));
}

}  // namespace

Result<std::vector<PlacedPool>> place_constants(CProgram& program, std::span<const ConstantPool> pools) {
  std::vector<PlacedPool> out;
  std::set<std::string> names;
  for (const ConstantPool& pool : pools) {
    if (!is_identifier(pool.name))
      return refused(pool, "has no name of C", "give it one of letters, digits and underscores");
    if (!names.insert(pool.name).second) return refused(pool, "is there twice", "give each pool a name of its own");
    if (pool.bytes <= 0) return refused(pool, "has no bytes", "give it a size: dtcm=16k");
    NARROW_TRY(PlacedPool filled, fill(program, pool));
    out.push_back(std::move(filled));
  }
  return out;
}

}  // namespace narrow
