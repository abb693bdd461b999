#include "tflite/write_op.h"

#include <algorithm>
#include <limits>

#include "tflite/codec.h"
#include "tflite/custom_op.h"
#include "tflite/passthrough.h"

namespace narrow {
namespace {

const PassthroughOp* passthrough_of(const Op& op) {
  auto const* passthrough = dynamic_cast<const PassthroughOp*>(op.passthrough.get());
  return passthrough && passthrough->type == op.type ? passthrough : nullptr;
}

/// Whether the op is one of narrow's own, which the format has no code for.
bool is_custom(const Op& op) {
  return op.def && !find_codec(std::string_view(op.type));
}

format::BuiltinOperator code_of(const Op& op) {
  if (is_custom(op)) return format::BuiltinOperator::CUSTOM;
  if (auto const* passthrough = passthrough_of(op)) return passthrough->code;
  for (format::BuiltinOperator code : format::EnumValuesBuiltinOperator())
    if (op.type == format::EnumNameBuiltinOperator(code)) return code;
  return format::BuiltinOperator::CUSTOM;
}

/// The packed bytes of a union, by which equal options are found.
std::string key_of(const format::BuiltinOptionsUnion& options) {
  flatbuffers::FlatBufferBuilder alone(256);
  alone.Finish(flatbuffers::Offset<format::Operator>(options.Pack(alone).o));
  std::string key(reinterpret_cast<const char*>(alone.GetBufferPointer()), alone.GetSize());
  key.push_back(static_cast<char>(options.type));
  return key;
}

flatbuffers::Offset<void> write_options(Builder& builder, const format::BuiltinOptionsUnion& options) {
  if (options.type == format::BuiltinOptions::NONE) return 0;
  return builder.once(key_of(options), [&] { return options.Pack(builder.fbb()).o; });
}

/// The op's fields other than operands, from its attributes and from what the reader kept.
format::OperatorT rest_of(const Op& op) {
  auto const* passthrough = passthrough_of(op);
  format::OperatorT rest = passthrough ? passthrough->table.unpack() : format::OperatorT();
  if (passthrough && passthrough->all_options) return rest;
  if (is_custom(op)) rest.custom_options = encode_attributes(op.attributes);
  if (const Codec* codec = find_codec(std::string_view(op.type))) {
    rest.builtin_options = codec->write(op.attributes);
    if (codec->name_graphs) codec->name_graphs(rest, op.graphs);
  }
  return rest;
}

}  // namespace

uint32_t OpCodeTable::add(const Op& op) {
  constexpr int kLargestByte = 127;  // the old one-byte field holds this for larger codes
  auto const code = code_of(op);
  bool const custom = code == format::BuiltinOperator::CUSTOM;
  std::string const own_name = is_custom(op) ? custom_op_name(*op.def) : custom ? op.type : std::string();
  auto [at, fresh] =
      index_.try_emplace({static_cast<int>(code), own_name, op.version}, static_cast<uint32_t>(rows_.size()));
  if (fresh) {
    auto const name = custom ? builder_.text(own_name) : flatbuffers::Offset<flatbuffers::String>();
    auto const old = static_cast<int8_t>(std::min(static_cast<int>(code), kLargestByte));
    rows_.push_back(format::CreateOperatorCode(builder_.fbb(), old, name, op.version, code));
  }
  return at->second;
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<format::OperatorCode>>> OpCodeTable::finish() {
  return builder_.fbb().CreateVector(rows_);
}

flatbuffers::Offset<flatbuffers::Vector<int32_t>> write_indices(Builder& builder, const std::vector<int>& tensors,
                                                                const std::vector<int>& position) {
  std::vector<int32_t> out;
  for (int t : tensors) out.push_back(t < 0 ? kNoTensor : position[static_cast<size_t>(t)]);
  return builder.vector(std::span<const int32_t>(out));
}

Result<flatbuffers::Offset<format::Operator>> write_op(Builder& builder, OpCodeTable& codes, const Op& op,
                                                       const std::vector<int>& position) {
  auto& fbb = builder.fbb();
  format::OperatorT const rest = rest_of(op);
  if (op.type.empty()) return fail(ErrorKind::internal, "an op without a type cannot be written");
  if (is_custom(op) && !op.graphs.empty())
    return fail(ErrorKind::unsupported,
                op.type + " cannot be written: a custom op of the .tflite format runs no graphs");
  uint32_t const code = codes.add(op);
  auto const inputs = write_indices(builder, op.inputs, position);
  auto const outputs = write_indices(builder, op.outputs, position);
  auto const inside = op.intermediates.empty() ? flatbuffers::Offset<flatbuffers::Vector<int32_t>>()
                                               : write_indices(builder, op.intermediates, position);
  auto const options = write_options(builder, rest.builtin_options);
  auto const options2 = rest.builtin_options_2.Pack(fbb);
  auto const custom = rest.custom_options.empty() ? flatbuffers::Offset<flatbuffers::Vector<uint8_t>>()
                                                  : fbb.CreateVector(rest.custom_options);
  auto const mutating = rest.mutating_variable_inputs.empty() ? flatbuffers::Offset<flatbuffers::Vector<uint8_t>>()
                                                              : fbb.CreateVector(rest.mutating_variable_inputs);
  format::OperatorBuilder out(fbb);
  out.add_opcode_index(code);
  out.add_inputs(inputs);
  out.add_outputs(outputs);
  if (!options.IsNull()) {
    out.add_builtin_options_type(rest.builtin_options.type);
    out.add_builtin_options(options);
  }
  if (!options2.IsNull()) {
    out.add_builtin_options_2_type(rest.builtin_options_2.type);
    out.add_builtin_options_2(options2);
  }
  if (!custom.IsNull()) {
    out.add_custom_options(custom);
    out.add_custom_options_format(rest.custom_options_format);
  }
  if (!mutating.IsNull()) out.add_mutating_variable_inputs(mutating);
  if (!inside.IsNull()) out.add_intermediates(inside);
  out.add_debug_metadata_index(rest.debug_metadata_index);
  return out.Finish();
}

}  // namespace narrow
