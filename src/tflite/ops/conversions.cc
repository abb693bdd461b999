// Changes of element type and quantization. The format has empty options for most; files in circulation omit them.
#include "ops/conversions/conversions.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using Fake = FakeQuantAttributes;
using FakeOptions = format::FakeQuantOptionsT;
using FakeQuantTable =
    Table<Fake, FakeOptions, Field<&Fake::min, &FakeOptions::min>, Field<&Fake::max, &FakeOptions::max>,
          Field<&Fake::num_bits, &FakeOptions::num_bits>, Field<&Fake::narrow_range, &FakeOptions::narrow_range>>;

using CastTable =
    Table<CastAttributes, format::CastOptionsT, Field<&CastAttributes::in_type, &format::CastOptionsT::in_data_type>,
          Field<&CastAttributes::out_type, &format::CastOptionsT::out_data_type>>;

using enum format::BuiltinOperator;

constexpr Codec kConversions[] = {
    codec<CastTable>(CAST, "1.5.0", "2.7.0", "2.8.0", "2.9.0", "2.12.0"),
    codec<NoTable>(DENSIFY, "2.2.0"),
    codec<NoTable>(DEQUANTIZE, "1.13.1", "1.14.0", "1.15.0", "2.2.0", "2.7.0"),
    codec<FakeQuantTable>(FAKE_QUANT, "1.5.0", "1.10.0"),
    codec<NoTable>(QUANTIZE, "1.14.0", "1.15.0", "2.7.0"),
};

}  // namespace

std::span<const Codec> conversions_codecs() {
  return kConversions;
}

}  // namespace narrow
