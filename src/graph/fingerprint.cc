#include "graph/fingerprint.h"

#include <array>

#include "base/digest.h"

namespace narrow {
namespace {

void add_ints(Digest& digest, std::span<const int> values) {
  digest.add(std::as_bytes(values));
}

void add_tensor(Digest& digest, const Tensor& t) {
  digest.add(t.name);
  digest.add(static_cast<uint64_t>(t.dtype));
  for (size_t d = 0; d < t.shape.dims().size(); ++d) {
    bool const free = !t.shape_signature.empty() && t.shape_signature[d] == -1;
    add_ints(digest, std::array{free ? 1 : t.shape.dims()[d]});
  }
  digest.add(std::as_bytes(std::span(t.quantization.scales)));
  digest.add(std::as_bytes(std::span(t.quantization.zero_points)));
  digest.add(static_cast<uint64_t>(t.quantization.axis));
  if (t.constant) digest.add(t.data.bytes());
}

}  // namespace

uint64_t fingerprint(const Model& model, uint64_t attributes) {
  Digest digest;
  digest.add(attributes);
  for (const Graph& g : model.graphs) {
    for (const Tensor& t : g.tensors) add_tensor(digest, t);
    for (const Op& op : g.ops) {
      digest.add(op.type);
      add_ints(digest, op.inputs);
      add_ints(digest, op.outputs);
      add_ints(digest, op.graphs);
    }
    add_ints(digest, g.inputs);
    add_ints(digest, g.outputs);
  }
  return digest.value();
}

}  // namespace narrow
