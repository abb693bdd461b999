// The families of ops that the reader and the writer of .tflite files know.
#include "tflite/spelling.h"

#include <string>

namespace narrow {
namespace {

constexpr std::span<const Spelling> (*kFamilies[])() = {
    activation_spellings, arithmetic_spellings, axis_spellings,   control_spellings,
    function_spellings,   layout_spellings,     logic_spellings,  pooling_spellings,
    precision_spellings,  product_spellings,    resize_spellings,
};

template <class Matches>
const Spelling* find(const Matches& matches) {
  for (auto family : kFamilies)
    for (const Spelling& s : family())
      if (matches(s)) return &s;
  return nullptr;
}

}  // namespace

const Spelling* find_spelling(format::BuiltinOperator code) {
  return find([&](const Spelling& s) { return s.code == code; });
}

const Spelling* find_spelling(std::string_view name) {
  return find([&](const Spelling& s) { return name == s.name(); });
}

}  // namespace narrow
