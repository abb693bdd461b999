// Fields of a .tflite file that narrow gives no meaning to, which the reader keeps for the writer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "graph/folded_values.h"
#include "tflite/format.h"

namespace narrow {

/// Resets a union that has a type and no value, as a file may hold; packing such a union is not defined.
template <class Union>
void drop_type_without_value(Union& u) {
  if (!u.value) u.Reset();
}

/// A table packed in a buffer of its own.
template <class Stored>
class PackedTable {
 public:
  using Native = typename Stored::NativeTableType;

  explicit PackedTable(const Native& native) {
    flatbuffers::FlatBufferBuilder builder(256);
    builder.Finish(Stored::Pack(builder, &native));
    auto const* p = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
    bytes_.assign(p, p + builder.GetSize());
  }
  Native unpack() const {
    Native native;
    flatbuffers::GetRoot<Stored>(bytes_.data())->UnPackTo(&native);
    return native;
  }
  size_t size() const { return bytes_.size(); }

 private:
  Bytes bytes_;
};

/// Of an op: its custom options and second options, and all options where narrow does not know the op; no operands.
struct PassthroughOp : Passthrough {
  std::string type;  // Op::type as read; once a pass has changed the type of the op, the rest no longer applies
  format::BuiltinOperator code{};
  bool all_options = false;  // the op has no attributes: all its options are in `table`
  PackedTable<format::Operator> table;

  PassthroughOp(std::string type_, format::BuiltinOperator code_, bool all, const format::OperatorT& native)
      : type(std::move(type_)), code(code_), all_options(all), table(native) {}
};

/// Of a tensor: sparsity, variant types, quantization details, and the place of its values in another file.
struct PassthroughTensor : FoldedValues {
  PackedTable<format::Tensor> table;
  bool names_tensors = false;  // the quantization details contain tensor indices

  PassthroughTensor(const format::TensorT& native, bool names) : table(native), names_tensors(names) {}

  /// Of constants stored sparse or quantized in blocks (unfold.cc).
  Result<Tensor> unfolded(const Graph& graph, const Tensor& tensor) const override;
};

/// Of a graph.
struct PassthroughGraph : Passthrough {
  int debug_metadata_index = -1;
};

/// Of the file: the tables of external buffers, the tags of signatures by key, the old list of metadata.
struct PassthroughModel : Passthrough {
  PackedTable<format::Model> table;
  std::map<std::string, std::string> signature_tags;
  std::vector<SharedBytes> metadata_buffers;  // the old list, which `metadata` superseded

  explicit PassthroughModel(const format::ModelT& native) : table(native) {}
};

}  // namespace narrow
