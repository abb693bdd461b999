#include "read/graphdef/constant.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/checked.h"
#include "graph/real_values.h"

namespace narrow::graphdef {
namespace {

constexpr size_t kLeastTaken = 256;  // bytes: fewer may lie unaligned inside of their string and are copied

/// The list of a type's values in a message, as T; the last one stands for all that are missing, 0 where there is none.
template <class T, class List>
Bytes filled(const List& list, int64_t elements) {
  Bytes out(static_cast<size_t>(elements) * sizeof(T));
  T value{};
  for (int64_t i = 0; i < elements; ++i) {
    if (i < list.size()) value = static_cast<T>(list.Get(static_cast<int>(i)));
    std::memcpy(out.data() + static_cast<size_t>(i) * sizeof(T), &value, sizeof(T));
  }
  return out;
}

Result<Bytes> listed_values(const tf_format::TensorProto& t, DType dtype, int64_t elements) {
  switch (dtype) {
    case DType::float32:
      return filled<float>(t.float_val(), elements);
    case DType::float64:
      return filled<double>(t.double_val(), elements);
    case DType::int32:
      return filled<int32_t>(t.int_val(), elements);
    case DType::int16:
      return filled<int16_t>(t.int_val(), elements);
    case DType::uint16:
      return filled<uint16_t>(t.int_val(), elements);
    case DType::int8:
      return filled<int8_t>(t.int_val(), elements);
    case DType::uint8:
      return filled<uint8_t>(t.int_val(), elements);
    case DType::int64:
      return filled<int64_t>(t.int64_val(), elements);
    case DType::boolean:
      return filled<uint8_t>(t.bool_val(), elements);
    case DType::float16:
    case DType::bfloat16:
      return filled<uint16_t>(t.half_val(), elements);
    case DType::uint32:
      return filled<uint32_t>(t.uint32_val(), elements);
    case DType::uint64:
      return filled<uint64_t>(t.uint64_val(), elements);
    default:
      return fail(ErrorKind::unsupported, std::string("a constant of type ") + to_string(dtype));
  }
}

template <class T>
std::vector<int64_t> widened(const Constant& c) {
  auto const v = c.values<T>();
  return {v.begin(), v.end()};
}

}  // namespace

Result<DType> dtype_of_number(int number) {
  if (number > 100) number -= 100;  // a reference to a variable of the type
  switch (number) {
    case 1:
      return DType::float32;
    case 2:
      return DType::float64;
    case 3:
      return DType::int32;
    case 4:
      return DType::uint8;
    case 5:
      return DType::int16;
    case 6:
      return DType::int8;
    case 7:
      return DType::string;
    case 9:
      return DType::int64;
    case 10:
      return DType::boolean;
    case 14:
      return DType::bfloat16;
    case 17:
      return DType::uint16;
    case 19:
      return DType::float16;
    case 20:
      return DType::resource;
    case 21:
      return DType::variant;
    case 22:
      return DType::uint32;
    case 23:
      return DType::uint64;
    default:
      return fail(ErrorKind::unsupported, "element type number " + std::to_string(number));
  }
}

void take_contents(tf_format::GraphDef& graph, TensorContents& contents) {
  auto take = [&](tf_format::NodeDef& node) {
    for (auto& [name, attribute] : *node.mutable_attr()) {
      if (!attribute.has_tensor() || attribute.tensor().tensor_content().size() < kLeastTaken) continue;
      auto& tensor = *attribute.mutable_tensor();
      std::shared_ptr<const std::string> const kept(tensor.release_tensor_content());
      contents[&tensor] = SharedBytes(kept, std::as_bytes(std::span(kept->data(), kept->size())));
    }
  };
  for (auto& node : *graph.mutable_node()) take(node);
  for (auto& function : *graph.mutable_library()->mutable_function())
    for (auto& node : *function.mutable_node_def()) take(node);
}

DType computed_dtype(DType dtype) {
  return dtype == DType::float16 || dtype == DType::bfloat16 ? DType::float32 : dtype;
}

Constant in_computed_dtype(Constant constant) {
  if (computed_dtype(constant.dtype) == constant.dtype) return constant;
  Tensor stored;
  stored.dtype = constant.dtype;
  stored.shape = constant.shape;
  std::vector<float> wide(static_cast<size_t>(constant.shape.elements()));
  real_values(stored, constant.data.data(), wide);
  constant.data = SharedBytes::copy_of(std::span<const float>(wide));
  constant.dtype = DType::float32;
  return constant;
}

namespace {

Result<Constant> stored_tensor(const tf_format::TensorProto& tensor, const TensorContents& contents,
                               const Limits& limits, int64_t& budget) {
  Constant out;
  NARROW_TRY(out.dtype, dtype_of_number(tensor.dtype()));
  std::vector<int32_t> dims;
  for (const auto& d : tensor.tensor_shape().dim()) {
    if (d.size() < 0 || d.size() > limits.tensor_elements)
      return fail(ErrorKind::bad_file, "a constant has a dimension of " + std::to_string(d.size()));
    dims.push_back(static_cast<int32_t>(d.size()));
  }
  NARROW_TRY(out.shape, Shape::make(dims, limits));
  if (out.dtype == DType::string) return out;  // no op that narrow has reads strings; file names are carried
  size_t const element = element_bytes(out.dtype);
  auto const bytes = checked_mul(out.shape.elements(), static_cast<int64_t>(element));
  if (!bytes || element == 0)
    return fail(ErrorKind::unsupported, std::string("a constant of type ") + to_string(out.dtype));
  auto const taken = contents.find(&tensor);
  SharedBytes const content =
      taken != contents.end() ? taken->second : SharedBytes::copy_of(std::span<const char>(tensor.tensor_content()));
  if (!content.empty()) {
    if (static_cast<int64_t>(content.size()) != *bytes)
      return fail(ErrorKind::bad_file, "a constant of shape " + out.shape.text() + " has " +
                                           std::to_string(content.size()) + " bytes of values instead of " +
                                           std::to_string(*bytes));
    out.data = content;
    return out;
  }
  if (*bytes > budget)
    return fail(ErrorKind::limit_exceeded,
                "constants that repeat a value take more than " + std::to_string(kMostFilledBytes) + " bytes");
  budget -= *bytes;
  NARROW_TRY(Bytes values, listed_values(tensor, out.dtype, out.shape.elements()));
  out.data = SharedBytes(std::move(values));
  return out;
}

}  // namespace

Result<Constant> read_tensor(const tf_format::TensorProto& tensor, const TensorContents& contents, const Limits& limits,
                             int64_t& budget) {
  NARROW_TRY(Constant stored, stored_tensor(tensor, contents, limits, budget));
  return in_computed_dtype(std::move(stored));
}

Result<std::vector<int64_t>> integers_of(const Constant& c) {
  switch (c.dtype) {
    case DType::int32:
      return widened<int32_t>(c);
    case DType::int64:
      return widened<int64_t>(c);
    case DType::int16:
      return widened<int16_t>(c);
    case DType::int8:
      return widened<int8_t>(c);
    case DType::uint8:
    case DType::boolean:
      return widened<uint8_t>(c);
    default:
      return fail(ErrorKind::unsupported, std::string("integers of type ") + to_string(c.dtype));
  }
}

Constant integer_constant(DType dtype, const Shape& shape, const std::vector<int64_t>& values, std::vector<bool> free) {
  Bytes bytes(values.size() * element_bytes(dtype));
  for (size_t i = 0; i < values.size(); ++i)  // files are little-endian, and so are the machines that narrow runs on
    std::memcpy(bytes.data() + i * element_bytes(dtype), &values[i], element_bytes(dtype));
  if (std::find(free.begin(), free.end(), true) == free.end()) free.clear();
  return {dtype, shape, SharedBytes(std::move(bytes)), std::move(free), {}, {}};
}

Constant in_shape(Constant constant, const Shape& shape) {
  constant.shape = shape;
  return constant;
}

Result<Constant> rounded_to_range(const Constant& c) {
  if (!c.range) return c;
  NARROW_TRY(std::vector<float> const out, rounded_to_range(c.values<float>(), *c.range));
  return Constant{c.dtype, c.shape, SharedBytes::copy_of(std::span<const float>(out)), {}, {}, c.name};
}

}  // namespace narrow::graphdef
