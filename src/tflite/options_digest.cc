#include "tflite/options_digest.h"

#include "base/digest.h"
#include "graph/attribute_type.h"
#include "tflite/codec.h"

namespace narrow {
namespace {

void add(Digest& digest, const format::BuiltinOptionsUnion& options) {
  digest.add(static_cast<uint64_t>(options.type));
  if (options.type == format::BuiltinOptions::NONE) return;
  flatbuffers::FlatBufferBuilder alone(256);
  alone.Finish(flatbuffers::Offset<format::Operator>(options.Pack(alone).o));
  digest.add(std::as_bytes(std::span(alone.GetBufferPointer(), alone.GetSize())));
}

}  // namespace

uint64_t options_digest(const Model& model) {
  Digest digest;
  for (const Graph& g : model.graphs)
    for (const Op& op : g.ops) {
      digest.add(op.type);
      if (!op.def) continue;
      if (const Codec* codec = find_codec(std::string_view(op.type)))
        add(digest, codec->write(op.attributes));
      else
        digest.add(hash(op.attributes));
    }
  return digest.value();
}

}  // namespace narrow
