#include "emit/header/call_facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "emit/constants/c_text.h"
#include "ops/def/element_dtype.h"
#include "rows/layers.h"

namespace narrow {
namespace {

/// "out_min" and "a.zero_point" as OUT_MIN and A_ZERO_POINT, unless the table has a name.
std::string macro_of(const ParamField& field) {
  if (field.macro) return field.macro;
  std::string name = upper(field.name);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

/// Integers of another type, widened to 32 bits.
std::vector<std::byte> as_int32(const ConstantArray& array) {
  std::vector<int32_t> wide;
  for (size_t i = 0; i < array.elements(); ++i)
    wide.push_back(static_cast<int32_t>(integer_at(array.type, array.bytes.data() + i * element_size(array.type))));
  auto const bytes = std::as_bytes(std::span(wide));
  return {bytes.begin(), bytes.end()};
}

void add_list(const std::string& key, const ConstantArray& array, ElementType shown, OpFacts& facts) {
  if (array.elements() > kMostListed) {
    facts.notes.push_back(
        fmt::format("{}: {} elements, which narrow makes when it lowers the op, are left out.", key, array.elements()));
    return;
  }
  bool const widened = shown == ElementType::i32 && array.type != shown;
  facts.lists.push_back(widened ? FactList{key, DType::int32, as_int32(array)}
                                : FactList{key, dtype_of(array.type), array.bytes});
}

/// Members of a parameter struct that are no pointers, and the numbers that follow.
void add_numbers(const ParamTable& table, const std::byte* params, const std::string& end, OpFacts& facts) {
  for (const ParamField& f : table.fields) {
    std::string const macro = macro_of(f);
    if (f.pointer || macro.empty()) continue;
    std::vector<std::string> values;
    for (uint32_t i = 0; i < f.count; ++i)
      values.push_back(literal(dtype_of(f.type), params + f.offset + i * element_size(f.type)));
    facts.numbers.push_back({macro + end, f.count == 1 ? values[0] : fmt::format("{{ {} }}", fmt::join(values, ", "))});
  }
  for (const DerivedNumber& d : table.derived) facts.add((d.macro + end).c_str(), d.value(params));
  if (table.note && end.empty()) facts.notes.emplace_back(table.note);
}

}  // namespace

void add_call(const KernelCall& call, size_t number, OpFacts& facts) {
  std::string const end = number == 0 ? "" : fmt::format("_{}", number);
  add_numbers(*call.kernel->params, call.params.data(), end, facts);
  for (auto [field, index] : call.pointed) {
    std::string const macro = macro_of(*field);
    if (!macro.empty()) add_list(macro + end, call.arrays[index], field->shown, facts);
  }
  // The biases of a layer are a constant of the model, whatever width a kernel takes them in.
  if (layer_key(*call.kernel)) return;
  for (const CallArgument& a : call.arguments)
    if (a.source == CallArgument::Source::array) {
      const ConstantArray& array = call.arrays[static_cast<size_t>(a.index)];
      add_list(upper(array.name) + end, array, array.type, facts);
    }
}

void add_places(const KernelCall& call, size_t number, OpFacts& facts) {
  std::string const end = number == 0 ? "" : fmt::format("_{}", number);
  for (const CallArgument& a : call.arguments) {
    if (a.source == CallArgument::Source::operand) {
      facts.add(("OPERAND" + end).c_str(), a.index);
      if (a.offset != 0) facts.add(("OPERAND_BYTE" + end).c_str(), a.offset);
    }
    if (a.source == CallArgument::Source::result) {
      if (a.index != 0) facts.add(("RESULT" + end).c_str(), a.index);
      facts.add(("OUT_BYTE" + end).c_str(), a.offset);
    }
  }
}

void add_sizes(const StepSizes& sizes, OpFacts& facts) {
  if (sizes.table) add_numbers(*sizes.table, sizes.params.data(), "", facts);
}

}  // namespace narrow
