#include "tflite/write_tensor.h"

#include "tflite/enums.h"
#include "tflite/passthrough.h"

namespace narrow {
namespace {

flatbuffers::Offset<format::QuantizationParameters> write_quantization(Builder& builder, const Quantization& q,
                                                                       const format::TensorT& rest) {
  bool const details = rest.quantization && rest.quantization->details.value;
  if (!q.present() && !details) return 0;
  auto& fbb = builder.fbb();
  // Runtimes require as many zero points as scales.
  std::vector<int64_t> zero_points = q.zero_points;
  if (zero_points.size() != q.scales.size()) zero_points.assign(q.scales.size(), q.zero_point());
  auto const scales = builder.vector_or_none(std::span<const float>(q.scales));
  auto const zeros = builder.vector_or_none(std::span<const int64_t>(zero_points));
  auto const make = [&] {
    auto const type = details ? rest.quantization->details.type : format::QuantizationDetails::NONE;
    auto const packed = details ? rest.quantization->details.Pack(fbb) : flatbuffers::Offset<void>();
    return format::CreateQuantizationParameters(fbb, 0, 0, scales, zeros, type, packed, q.axis).o;
  };
  if (details) return make();
  return builder.once(
      "quantization " + std::to_string(scales.o) + " " + std::to_string(zeros.o) + " " + std::to_string(q.axis), make);
}

flatbuffers::Offset<format::SparsityParameters> write_sparsity(Builder& builder, const format::TensorT& rest) {
  return rest.sparsity ? format::CreateSparsityParameters(builder.fbb(), rest.sparsity.get())
                       : flatbuffers::Offset<format::SparsityParameters>();
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<format::VariantSubType>>> write_variants(
    Builder& builder, const format::TensorT& rest) {
  if (rest.variant_tensors.empty()) return 0;
  std::vector<flatbuffers::Offset<format::VariantSubType>> out;
  for (auto const& v : rest.variant_tensors) out.push_back(format::CreateVariantSubType(builder.fbb(), v.get()));
  return builder.fbb().CreateVector(out);
}

}  // namespace

flatbuffers::Offset<format::Tensor> write_tensor(Builder& builder, BufferTable& buffers, const Tensor& tensor) {
  auto const* passthrough = dynamic_cast<const PassthroughTensor*>(tensor.passthrough.get());
  format::TensorT const rest = passthrough ? passthrough->table.unpack() : format::TensorT();
  // What ops compute from shapes is not stored: the runtime computes it for the shapes that it has.
  uint32_t const buffer = buffers.add(tensor.constant ? tensor.data.bytes() : std::span<const std::byte>());
  auto const shape = builder.vector(tensor.shape.dims());
  auto const signature = builder.vector_or_none(std::span<const int32_t>(tensor.shape_signature));
  auto const name = builder.text(tensor.name);
  auto const quantization = write_quantization(builder, tensor.quantization, rest);
  auto const sparsity = write_sparsity(builder, rest);
  auto const variants = write_variants(builder, rest);
  format::TensorBuilder out(builder.fbb());
  out.add_shape(shape);
  out.add_type(to_format(tensor.dtype));
  out.add_buffer(buffer);
  if (!name.IsNull()) out.add_name(name);
  if (!quantization.IsNull()) out.add_quantization(quantization);
  if (!sparsity.IsNull()) out.add_sparsity(sparsity);
  if (!signature.IsNull()) out.add_shape_signature(signature);
  if (!variants.IsNull()) out.add_variant_tensors(variants);
  out.add_is_variable(tensor.variable);
  // Needed for scalars only: without it, an empty shape would mean that the rank is unknown.
  out.add_has_rank(tensor.shape.rank() == 0 && !tensor.unranked);
  out.add_external_buffer(rest.external_buffer);
  return out.Finish();
}

}  // namespace narrow
