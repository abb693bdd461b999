#include "read/onnx/constant.h"

#include <array>

#include "base/printable.h"
#include "graph/real_values.h"

namespace narrow::onnx {
namespace {

struct ElementType {
  const char* name;
  DType dtype = DType::variant;  // variant: narrow has none
};

// By the numbers of TensorProto.DataType.
constexpr std::array<ElementType, 17> kTypes{{{"undefined"},
                                              {"float", DType::float32},
                                              {"uint8", DType::uint8},
                                              {"int8", DType::int8},
                                              {"uint16", DType::uint16},
                                              {"int16", DType::int16},
                                              {"int32", DType::int32},
                                              {"int64", DType::int64},
                                              {"string"},
                                              {"bool", DType::boolean},
                                              {"float16", DType::float16},
                                              {"double", DType::float64},
                                              {"uint32", DType::uint32},
                                              {"uint64", DType::uint64},
                                              {"complex64"},
                                              {"complex128"},
                                              {"bfloat16", DType::bfloat16}}};

tl::unexpected<Error> miscounted(const onnx_format::TensorProto& proto, const Shape& shape) {
  return fail(ErrorKind::bad_file, "the values of a constant are not as many as its shape " + shape.text() + " says",
              "'" + readable(proto.name()) + "'");
}

template <class T, class List>
SharedBytes listed(const List& values) {
  std::vector<T> out;
  out.reserve(static_cast<size_t>(values.size()));
  for (auto v : values) out.push_back(static_cast<T>(v));
  return SharedBytes::copy_of(std::span<const T>(out));
}

/// The values that lie in a list of numbers of the format rather than in raw bytes.
SharedBytes from_lists(const onnx_format::TensorProto& proto, DType dtype) {
  switch (dtype) {
    case DType::float32:
      return listed<float>(proto.float_data());
    case DType::float64:
      return listed<double>(proto.double_data());
    case DType::int64:
      return listed<int64_t>(proto.int64_data());
    case DType::uint64:
      return listed<uint64_t>(proto.uint64_data());
    case DType::uint32:
      return listed<uint32_t>(proto.uint64_data());
    case DType::int32:
      return listed<int32_t>(proto.int32_data());
    case DType::int16:
      return listed<int16_t>(proto.int32_data());
    case DType::uint16:
    case DType::float16:
    case DType::bfloat16:
      return listed<uint16_t>(proto.int32_data());
    case DType::int8:
      return listed<int8_t>(proto.int32_data());
    default:
      return listed<uint8_t>(proto.int32_data());
  }
}

/// Short floats as float32.
void widen(Tensor& t) {
  if (t.dtype != DType::float16 && t.dtype != DType::bfloat16) return;
  std::vector<float> wide(static_cast<size_t>(t.elements()));
  real_values(t, t.data.data(), wide);
  t.data = SharedBytes::copy_of(std::span<const float>(wide));
  t.dtype = DType::float32;
}

}  // namespace

Result<DType> element_type(int32_t data_type) {
  auto const at = static_cast<size_t>(data_type);
  bool const named = data_type >= 0 && at < kTypes.size();
  if (named && kTypes[at].dtype != DType::variant) return kTypes[at].dtype;
  return fail(ErrorKind::unsupported,
              "element type " + (named ? std::string(kTypes[at].name) : std::to_string(data_type)) + " cannot be read");
}

Result<DType> computed_type(int32_t data_type) {
  NARROW_TRY(DType const dtype, element_type(data_type));
  return dtype == DType::float16 || dtype == DType::bfloat16 ? DType::float32 : dtype;
}

Result<Tensor> constant_of(const onnx_format::TensorProto& proto, const Weights& weights) {
  std::string const where = "'" + readable(proto.name()) + "'";
  if (proto.data_location() == 1 || proto.external_data_size() > 0)
    return fail(ErrorKind::unsupported, "the values of a constant lie in another file", where,
                "store them in the model: onnx.save_model(onnx.load(path), path, save_as_external_data=False)");
  auto dtype = element_type(proto.data_type());
  if (!dtype) return pass(std::move(dtype), where);
  std::vector<int32_t> dims;
  for (int64_t d : proto.dims()) {
    if (d < 0 || d > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, "a constant has a dimension of " + std::to_string(d), where);
    dims.push_back(static_cast<int32_t>(d));
  }
  auto shape = Shape::make(dims);
  if (!shape) return pass(std::move(shape), where);
  Tensor t;
  t.name = proto.name();
  t.dtype = *dtype;
  t.shape = std::move(*shape);
  t.constant = true;
  if (SharedBytes const taken = weights.raw(proto); !taken.empty())
    t.data = taken;
  else if (proto.has_raw_data())
    t.data = SharedBytes::copy_of(std::as_bytes(std::span(proto.raw_data().data(), proto.raw_data().size())));
  else
    t.data = from_lists(proto, t.dtype);
  auto const bytes = storage_bytes(t.dtype, t.elements());
  if (!bytes || static_cast<uint64_t>(*bytes) != t.data.size()) return miscounted(proto, t.shape);
  widen(t);
  return t;
}

}  // namespace narrow::onnx
