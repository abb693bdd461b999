#include <algorithm>
#include <map>

#include "graph/attribute_type.h"
#include "ops/arithmetic/plain.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/move.h"
#include "rows/describe.h"

namespace narrow {
namespace {

/// For each element, the first place of its value, and all first places in rising order.
struct Occurrences {
  std::vector<int64_t> value_of;  // by element, an index into `first`
  std::vector<int64_t> first;
};

/// A number that is none equals nothing, itself included.
template <class T>
Occurrences occurrences(std::span<const T> values) {
  Occurrences out;
  std::map<T, int64_t> seen;
  for (size_t i = 0; i < values.size(); ++i) {
    auto const next = static_cast<int64_t>(out.first.size());
    int64_t const index = values[i] == values[i] ? seen.try_emplace(values[i], next).first->second : next;
    if (index == next) out.first.push_back(static_cast<int64_t>(i));
    out.value_of.push_back(index);
  }
  return out;
}

template <class... Types>
Result<Occurrences> find(const Tensor& data) {
  Occurrences found;
  auto fits = [&]<class T>(T) {
    if (data.dtype != PlainType<T>::dtype) return false;
    found = occurrences(data.values<T>());
    return true;
  };
  if ((fits(Types()) || ...)) return found;
  return no_kernel(data.dtype);
}

Result<Occurrences> found_in_unique(const Tensor& data) {
  if (!data.known())
    return fail(ErrorKind::unsupported, "computed data: how many results there are is known from its values only");
  if (data.shape.rank() != 1)
    return fail(ErrorKind::unsupported, "the data has shape " + data.shape.text() + "; one dimension is needed");
  return find<float, int8_t, uint8_t, int16_t, int32_t, int64_t>(data);
}

Result<std::vector<Shape>> infer_unique(const OpView& op) {
  NARROW_TRY(Occurrences const found, found_in_unique(op.input(0)));
  NARROW_TRY(Shape values, Shape::make({{static_cast<int32_t>(found.first.size())}}));
  return std::vector{std::move(values), op.input(0).shape};
}

/// The elements at `places`.
std::vector<std::byte> taken(const Tensor& data, const std::vector<int64_t>& places) {
  std::vector<std::byte> out;
  auto const bytes = static_cast<int64_t>(element_bytes(data.dtype));
  for (int64_t place : places)
    out.insert(out.end(), data.data.data() + place * bytes, data.data.data() + (place + 1) * bytes);
  return out;
}

template <class Index>
Step known_step(const std::vector<std::byte>& values, const std::vector<int64_t>& value_of) {
  std::vector<Index> const indices(value_of.begin(), value_of.end());
  Step step = call_step(copy_call(constant_array("values", ElementType::untyped, values)));
  step.calls.push_back(copy_call(constant_array("indices", element_type_of<Index>(), indices), 1));
  return step;
}

Result<Step> lower_unique(const OpView& op, const LowerContext&) {
  NARROW_TRY(Occurrences const found, found_in_unique(op.input(0)));
  DType const indices = op.output(1).dtype, stated = op.attributes<UniqueAttributes>().idx_out_type;
  if (indices != stated)
    return fail(ErrorKind::bad_file,
                std::string("indices of ") + to_string(indices) + ", where the op states " + to_string(stated));
  if (op.output(0).dtype != op.input(0).dtype)
    return fail(ErrorKind::unsupported, std::string("values of ") + to_string(op.output(0).dtype) + " from data of " +
                                            to_string(op.input(0).dtype));
  std::vector<std::byte> const values = taken(op.input(0), found.first);
  if (indices == DType::int32) return known_step<int32_t>(values, found.value_of);
  if (indices == DType::int64) return known_step<int64_t>(values, found.value_of);
  return fail(ErrorKind::unsupported, std::string("indices of ") + to_string(indices));
}

}  // namespace

constexpr AttributeField kUniqueFields[] = {
    field<&UniqueAttributes::idx_out_type>("idx_out_type"),
};
const AttributeType UniqueAttributes::kType = attribute_type<UniqueAttributes>("Unique", kUniqueFields);

const OpDef kUnique{
    .name = "UNIQUE",
    .attributes = &UniqueAttributes::kType,
    .arity = {.outputs = 2},
    .quant = {.roles = {Role::index}, .output8 = ScaleRule::none, .output16 = ScaleRule::none},
    .infer = infer_unique,
    .lower = lower_unique,
};

}  // namespace narrow
