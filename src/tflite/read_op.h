// Reading of one op of a .tflite file.
#pragma once

#include <vector>

#include "graph/model.h"
#include "tflite/format.h"
#include "tflite/meter.h"

namespace narrow {

/// A row of the file's table of operators.
struct OpCode {
  format::BuiltinOperator code{};
  std::string name;  // of the builtin or custom op
  int version = 1;
};

/// The table; bad_file for a custom op without a name, unsupported for a builtin newer than the format known here.
Result<std::vector<OpCode>> read_op_codes(const format::Model& model, Meter& meter);

/// The op, with its attributes where narrow knows it. Its other fields are kept for the writer.
Result<Op> read_op(const format::Operator& stored, const std::vector<OpCode>& codes, const SharedBytes& file,
                   Meter& meter);

/// A list of indices; empty where absent.
Result<std::vector<int>> read_indices(const flatbuffers::Vector<int32_t>* stored, Meter& meter);

}  // namespace narrow
