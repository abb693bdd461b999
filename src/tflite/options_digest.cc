#include "tflite/options_digest.h"

#include "base/digest.h"
#include "tflite/spelling.h"

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
      if (const Spelling* spelling = op.def ? find_spelling(std::string_view(op.type)) : nullptr)
        add(digest, spelling->write(op.attributes));
    }
  return digest.value();
}

}  // namespace narrow
