#include "tflite/read_op.h"

#include <algorithm>

#include "ops/def/op_def.h"
#include "tflite/alignment.h"
#include "tflite/called_graphs.h"
#include "tflite/codec.h"
#include "tflite/custom_op.h"
#include "tflite/passthrough.h"

namespace narrow {
namespace {

Result<OpCode> read_op_code(const format::OperatorCode& stored, Meter& meter) {
  // Codes past 127 do not fit the old one-byte field, which then holds a smaller placeholder.
  auto const code =
      std::max(stored.builtin_code(), static_cast<format::BuiltinOperator>(stored.deprecated_builtin_code()));
  if (code < format::BuiltinOperator::MIN || code > format::BuiltinOperator::MAX)
    return fail(ErrorKind::unsupported, "operator code " + std::to_string(static_cast<int>(code)) + " is not known");
  OpCode out{code, format::EnumNameBuiltinOperator(code), stored.version()};
  if (code != format::BuiltinOperator::CUSTOM) return out;
  if (!stored.custom_code() || stored.custom_code()->size() == 0)
    return fail(ErrorKind::bad_file, "a custom op has no name");
  NARROW_CHECK(meter.take(stored.custom_code()->size()));
  out.name = stored.custom_code()->str();
  return out;
}

bool has_large_options(const format::Operator& stored) {
  return stored.large_custom_options_offset() > 1;
}

/// Whether the op has more than operands and the options that `op` holds as attributes.
bool has_more(const format::Operator& stored, const OpCode& code) {
  auto const* mutating = stored.mutating_variable_inputs();
  bool const custom = code.code != format::BuiltinOperator::CUSTOM && stored.custom_options();
  return custom || has_large_options(stored) || (mutating && mutating->size() > 0) ||
         stored.builtin_options_2_type() != format::BuiltinOptions2::NONE || stored.debug_metadata_index() != -1;
}

/// Moves options that are stored after the FlatBuffer into the kept table, as the writer writes no such files.
Status move_large_options(const format::Operator& stored, const SharedBytes& file, format::OperatorT& kept,
                          Meter& meter) {
  uint64_t const offset = stored.large_custom_options_offset(), size = stored.large_custom_options_size();
  if (offset > file.size() || size > file.size() - offset)
    return fail(ErrorKind::bad_file, "its options lie beyond the end of the file", {}, "the file may be cut off");
  NARROW_CHECK(meter.take(size));
  auto const* begin = reinterpret_cast<const uint8_t*>(file.data()) + offset;
  kept.custom_options.assign(begin, begin + size);
  kept.large_custom_options_offset = 0;
  kept.large_custom_options_size = 0;
  return {};
}

Status keep_passthrough(const format::Operator& stored, const OpCode& code, bool known, const SharedBytes& file, Op& op,
                        Meter& meter) {
  if (known && !has_more(stored, code)) return {};
  if (stored.builtin_options_type() > format::BuiltinOptions::MAX ||
      stored.builtin_options_2_type() > format::BuiltinOptions2::MAX)
    return fail(ErrorKind::unsupported, "its options are of a newer form of the format");
  if (!aligned_options(stored)) return fail(ErrorKind::bad_file, "its options are not aligned");
  format::OperatorT kept;
  stored.UnPackTo(&kept);
  kept.inputs.clear();
  kept.outputs.clear();
  kept.intermediates.clear();
  kept.opcode_index = 0;
  if (known) kept.builtin_options.Reset();
  if (known && code.code == format::BuiltinOperator::CUSTOM) kept.custom_options.clear();
  drop_type_without_value(kept.builtin_options);
  drop_type_without_value(kept.builtin_options_2);
  if (has_large_options(stored)) NARROW_CHECK(move_large_options(stored, file, kept, meter));
  auto passthrough = std::make_shared<PassthroughOp>(op.type, code.code, !known, kept);
  NARROW_CHECK(meter.take(passthrough->table.size()));
  op.passthrough = std::move(passthrough);
  return {};
}

/// The op that a row of the table stands for: a builtin that has a codec, or one of narrow's own custom ops; null for
/// an op that narrow does not know.
const OpDef* known_op(const OpCode& code) {
  if (code.code != format::BuiltinOperator::CUSTOM) return find_codec(code.code) ? find_op(code.name) : nullptr;
  auto const name = op_of_custom_name(code.name);
  return name && !find_codec(*name) ? find_op(*name) : nullptr;
}

Result<Attributes> attributes_of(const format::Operator& stored, const OpCode& code, const OpDef& def) {
  if (const Codec* codec = find_codec(code.code)) return codec->read(stored);
  auto const* options = stored.custom_options();
  return decode_attributes(options ? std::span(options->data(), options->size()) : std::span<const uint8_t>(),
                           def.attributes);
}

/// Whether narrow knows the op and its attributes can express what its options say.
Result<bool> read_attributes(const format::Operator& stored, const OpCode& code, Op& op) {
  const OpDef* const def = known_op(code);
  if (!def) return false;
  auto attributes = attributes_of(stored, code, *def);
  if (!attributes && attributes.error().kind == ErrorKind::unsupported) return false;
  if (!attributes) return pass(std::move(attributes));
  op.attributes = std::move(*attributes);
  op.def = def;
  op.type = def->name;
  return true;
}

}  // namespace

Result<std::vector<OpCode>> read_op_codes(const format::Model& model, Meter& meter) {
  std::vector<OpCode> out;
  if (!model.operator_codes()) return out;
  for (const format::OperatorCode* stored : *model.operator_codes()) {
    NARROW_CHECK(meter.take(sizeof(OpCode)));
    auto code = read_op_code(*stored, meter);
    if (!code) return pass(std::move(code), "operator code " + std::to_string(out.size()));
    out.push_back(std::move(*code));
  }
  return out;
}

Result<std::vector<int>> read_indices(const flatbuffers::Vector<int32_t>* stored, Meter& meter) {
  if (!stored) return std::vector<int>();
  NARROW_CHECK(meter.take(stored->size() * sizeof(int)));
  return std::vector<int>(stored->begin(), stored->end());
}

Result<Op> read_op(const format::Operator& stored, const std::vector<OpCode>& codes, const SharedBytes& file,
                   Meter& meter) {
  if (stored.opcode_index() >= codes.size())
    return fail(ErrorKind::bad_file, "it is of kind " + std::to_string(stored.opcode_index()) + "; the file has " +
                                         std::to_string(codes.size()));
  const OpCode& code = codes[stored.opcode_index()];
  NARROW_CHECK(meter.take(sizeof(Op) + code.name.size()));
  Op op;
  op.type = code.name;
  op.version = code.version;
  NARROW_TRY(op.inputs, read_indices(stored.inputs(), meter));
  NARROW_TRY(op.outputs, read_indices(stored.outputs(), meter));
  NARROW_TRY(op.intermediates, read_indices(stored.intermediates(), meter));
  auto known = read_attributes(stored, code, op);
  if (!known) return pass(std::move(known), readable(code.name));
  const Codec* const codec = find_codec(code.code);
  if (!*known || (codec && codec->name_graphs)) op.graphs = called_graphs(stored);
  NARROW_CHECK(meter.take(op.graphs.size() * sizeof(int)));
  if (auto kept = keep_passthrough(stored, code, *known, file, op, meter); !kept)
    return pass(std::move(kept), readable(code.name));
  return op;
}

}  // namespace narrow
