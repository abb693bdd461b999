// Changes of element type and quantization. The format has empty options for both; files in circulation omit them.
#include "tflite/fields.h"

namespace narrow {
namespace {

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<NoTable>(DEQUANTIZE, "1.13.1", "1.14.0", "1.15.0", "2.2.0", "2.7.0"),
    spell<NoTable>(QUANTIZE, "1.14.0", "1.15.0", "2.7.0"),
};

}  // namespace

std::span<const Spelling> precision_spellings() {
  return kRows;
}

}  // namespace narrow
