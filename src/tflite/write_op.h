// Writing of ops of a .tflite file.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "graph/model.h"
#include "tflite/builder.h"

namespace narrow {

/// The file's table of operators, which lists each kind and version once, in the order of first use.
class OpCodeTable {
 public:
  explicit OpCodeTable(Builder& builder) : builder_(builder) {}

  /// Index of the op's row.
  uint32_t add(const Op& op);

  flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<format::OperatorCode>>> finish();

 private:
  Builder& builder_;
  std::map<std::tuple<int, std::string, int>, uint32_t> index_;  // code, name, version
  std::vector<flatbuffers::Offset<format::OperatorCode>> rows_;
};

/// The op; `position` gives the place in the file of each tensor of its graph. unsupported where the format
/// cannot express it.
Result<flatbuffers::Offset<format::Operator>> write_op(Builder& builder, OpCodeTable& codes, const Op& op,
                                                       const std::vector<int>& position);

/// A list of tensor indices in the file.
flatbuffers::Offset<flatbuffers::Vector<int32_t>> write_indices(Builder& builder, const std::vector<int>& tensors,
                                                                const std::vector<int>& position);

}  // namespace narrow
