#include "tflite/read_tensor.h"

#include <algorithm>

#include "tflite/alignment.h"
#include "tflite/enums.h"
#include "tflite/passthrough.h"

namespace narrow {
namespace {

Result<DType> read_type(format::TensorType type) {
  if (auto const known = from_format<DType>(type)) return *known;
  return fail(ErrorKind::unsupported, "the element type " + std::to_string(static_cast<int>(type)) + " is not known");
}

std::span<const int32_t> ints(const flatbuffers::Vector<int32_t>* stored) {
  return stored ? std::span<const int32_t>(stored->data(), stored->size()) : std::span<const int32_t>();
}

/// Reads the shape and its signature. A dimension that either of them leaves free becomes 1 in the shape and -1 in the
/// signature.
Status read_shape(const format::Tensor& stored, Tensor& tensor, const Limits& limits) {
  std::span<const int32_t> const shape = ints(stored.shape()), signature = ints(stored.shape_signature());
  if (!signature.empty() && signature.size() != shape.size())
    return fail(ErrorKind::bad_file, "its shape has " + std::to_string(shape.size()) +
                                         " dimensions and its shape signature " + std::to_string(signature.size()));
  size_t const kept = std::min(shape.size(), static_cast<size_t>(limits.rank) + 1);  // one too many: `make` refuses it
  std::vector<int32_t> dims(shape.begin(), shape.begin() + static_cast<ptrdiff_t>(kept)), open = dims;
  for (size_t i = 0; i < kept; ++i) {
    if (dims[i] != -1 && (signature.empty() || signature[i] != -1)) continue;
    dims[i] = 1;
    open[i] = -1;
  }
  NARROW_TRY(tensor.shape, Shape::make(dims, limits));
  if (open != dims) tensor.shape_signature = std::move(open);
  return {};
}

/// Files of old converters may have no zero points, or one for all scales; in memory there is one for each scale.
Status read_quantization(const format::QuantizationParameters& stored, Quantization& q, Meter& meter) {
  auto const* scales = stored.scale();
  auto const* zero_points = stored.zero_point();
  if (!scales || scales->size() == 0) return {};
  size_t const n = scales->size(), given = zero_points ? zero_points->size() : 0;
  if (!aligned(zero_points)) return fail(ErrorKind::bad_file, "its zero points are not aligned");
  NARROW_CHECK(meter.take(n * (sizeof(float) + sizeof(int64_t))));
  if (given > 1 && given != n)
    return fail(ErrorKind::bad_file,
                "it has " + std::to_string(n) + " scales and " + std::to_string(given) + " zero points");
  q.scales.assign(scales->begin(), scales->end());
  if (given == n)
    q.zero_points.assign(zero_points->begin(), zero_points->end());
  else
    q.zero_points.assign(n, given ? zero_points->Get(0) : 0);
  q.axis = stored.quantized_dimension();
  return {};
}

bool has_details(const format::Tensor& stored) {
  auto const* q = stored.quantization();
  return q && q->details() && q->details_type() != format::QuantizationDetails::NONE;
}

size_t index_bytes(format::SparseIndexVector type, const void* stored) {
  if (!stored) return 0;
  switch (type) {
    case format::SparseIndexVector::Int32Vector: {
      auto const* v = static_cast<const format::Int32Vector*>(stored)->values();
      return v ? v->size() * sizeof(int32_t) : 0;
    }
    case format::SparseIndexVector::Uint16Vector: {
      auto const* v = static_cast<const format::Uint16Vector*>(stored)->values();
      return v ? v->size() * sizeof(uint16_t) : 0;
    }
    case format::SparseIndexVector::Uint8Vector: {
      auto const* v = static_cast<const format::Uint8Vector*>(stored)->values();
      return v ? v->size() : 0;
    }
    case format::SparseIndexVector::NONE:
      break;
  }
  return 0;
}

/// The memory is counted before unpacking, as several parts may point to the same bytes.
Status read_sparsity(const format::SparsityParameters& stored, format::TensorT& kept, Meter& meter) {
  if (auto const* dims = stored.dim_metadata())
    for (const format::DimensionMetadata* d : *dims) {
      if (std::max(d->array_segments_type(), d->array_indices_type()) > format::SparseIndexVector::MAX)
        return fail(ErrorKind::unsupported, "its sparse index is of a newer form of the format");
      NARROW_CHECK(meter.take(sizeof(format::DimensionMetadataT) +
                              index_bytes(d->array_segments_type(), d->array_segments()) +
                              index_bytes(d->array_indices_type(), d->array_indices())));
    }
  kept.sparsity.reset(stored.UnPack());
  for (auto& d : kept.sparsity->dim_metadata) {
    drop_type_without_value(d->array_segments);
    drop_type_without_value(d->array_indices);
  }
  return {};
}

Status read_details(const format::QuantizationParameters& stored, format::TensorT& kept) {
  if (stored.details_type() > format::QuantizationDetails::MAX)
    return fail(ErrorKind::unsupported, "its quantization is of a newer form of the format");
  kept.quantization = std::make_unique<format::QuantizationParametersT>();
  auto& details = kept.quantization->details;
  details.type = stored.details_type();
  if (stored.details())
    details.value = format::QuantizationDetailsUnion::UnPack(stored.details(), stored.details_type(), nullptr);
  drop_type_without_value(details);
  return {};
}

/// Keeps the fields that Tensor has no place for. narrow cannot compute with tensors whose values depend on them.
Status read_passthrough(const format::Tensor& stored, Tensor& tensor, Meter& meter) {
  auto const* variants = stored.variant_tensors();
  bool const has_variants = variants && variants->size() > 0;
  tensor.opaque = stored.sparsity() || stored.external_buffer() != 0 || has_details(stored);
  if (!tensor.opaque && !has_variants) return {};
  format::TensorT kept;
  if (stored.sparsity()) NARROW_CHECK(read_sparsity(*stored.sparsity(), kept, meter));
  if (has_details(stored)) NARROW_CHECK(read_details(*stored.quantization(), kept));
  if (has_variants)
    for (const format::VariantSubType* v : *variants) {
      NARROW_CHECK(meter.take(sizeof(format::VariantSubTypeT) + (v->shape() ? v->shape()->size() * sizeof(int) : 0)));
      kept.variant_tensors.emplace_back(v->UnPack());
    }
  kept.external_buffer = stored.external_buffer();
  bool const names_tensors =
      has_details(stored) && stored.quantization()->details_type() != format::QuantizationDetails::CustomQuantization;
  auto passthrough = std::make_shared<PassthroughTensor>(kept, names_tensors);
  NARROW_CHECK(meter.take(passthrough->table.size()));
  tensor.passthrough = std::move(passthrough);
  return {};
}

}  // namespace

Result<Tensor> read_tensor(const format::Tensor& stored, Buffers& buffers, Meter& meter, const Limits& limits) {
  Tensor tensor;
  NARROW_CHECK(meter.take(sizeof(Tensor)));
  if (stored.name()) {
    NARROW_CHECK(meter.take(stored.name()->size()));
    tensor.name = stored.name()->str();
  }
  NARROW_TRY(tensor.dtype, read_type(stored.type()));
  NARROW_CHECK(read_shape(stored, tensor, limits));
  if (stored.quantization()) NARROW_CHECK(read_quantization(*stored.quantization(), tensor.quantization, meter));
  NARROW_CHECK(read_passthrough(stored, tensor, meter));
  NARROW_TRY(tensor.data, buffers.at(stored.buffer(), element_bytes(tensor.dtype), meter));
  tensor.constant = !tensor.data.empty() || stored.external_buffer() != 0;
  tensor.variable = stored.is_variable();
  tensor.unranked = tensor.shape.rank() == 0 && !stored.has_rank() && !tensor.constant;
  return tensor;
}

}  // namespace narrow
