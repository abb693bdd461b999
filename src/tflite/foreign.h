// What the reader keeps for the writer of the fields of a .tflite file that narrow has no meaning for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "graph/tensor.h"
#include "tflite/format.h"

namespace narrow {

/// A file may name a union's type and leave its value out, which the packing of unions does not expect.
template <class Union>
void drop_type_without_value(Union& u) {
  if (!u.value) u.Reset();
}

/// A table alone in a buffer of its own.
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

/// Of an op: custom options, second options, and all options where narrow does not know the op. No operands.
struct ForeignOp : Foreign {
  std::string type;  // Op::type as it was read: where a pass has made another op of it, the rest does not apply
  format::BuiltinOperator code{};
  bool all_options = false;  // the op has no attributes: all its options are in `table`
  PackedTable<format::Operator> table;

  ForeignOp(std::string type_, format::BuiltinOperator code_, bool all, const format::OperatorT& native)
      : type(std::move(type_)), code(code_), all_options(all), table(native) {}
};

/// Of a tensor: sparsity, variant types, quantization details, and where in another file its values are.
struct ForeignTensor : Foreign {
  PackedTable<format::Tensor> table;
  bool names_tensors = false;  // the quantization details hold tensor indices

  ForeignTensor(const format::TensorT& native, bool names) : table(native), names_tensors(names) {}
};

/// Of a graph.
struct ForeignGraph : Foreign {
  int debug_metadata_index = -1;
};

/// Of the file: the tables of external buffers, tags of signatures by key, the old list of metadata.
struct ForeignModel : Foreign {
  PackedTable<format::Model> table;
  std::map<std::string, std::string> signature_tags;
  std::vector<SharedBytes> metadata_buffers;  // the list that `metadata` has superseded

  explicit ForeignModel(const format::ModelT& native) : table(native) {}
};

}  // namespace narrow
