// Codecs by operator code and by name.
#include "tflite/codec.h"

#include <string>

namespace narrow {
namespace {

constexpr std::span<const Codec> (*kFamilies[])() = {
    activations_codecs, arithmetic_codecs, control_codecs,   conversions_codecs, indexing_codecs,
    layers_codecs,      layout_codecs,     recurrent_codecs, reductions_codecs,  windows_codecs,
};

template <class Matches>
const Codec* find(const Matches& matches) {
  for (auto family : kFamilies)
    for (const Codec& codec : family())
      if (matches(codec)) return &codec;
  return nullptr;
}

}  // namespace

const Codec* find_codec(format::BuiltinOperator code) {
  return find([&](const Codec& c) { return c.code == code; });
}

const Codec* find_codec(std::string_view name) {
  return find([&](const Codec& c) { return name == c.name(); });
}

}  // namespace narrow
