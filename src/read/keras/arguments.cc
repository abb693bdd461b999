// What a layer is called with, for layers that take more than results of other layers.
#include <cmath>

#include "read/keras/json_access.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

tl::unexpected<Error> unusable(const char* name) {
  return fail(ErrorKind::unsupported, "narrow has no form of the argument " + std::string(name) + " of the call", "",
              "convert the model to .tflite");
}

/// Numbers of any nesting, and the lengths of the lists, which are the same at each depth.
bool take_numbers(const Json& value, size_t depth, std::vector<int32_t>& dims, std::vector<double>& out) {
  if (value.is_array()) {
    if (depth > 7 || value.empty()) return false;
    if (dims.size() == depth) dims.push_back(static_cast<int32_t>(value.size()));
    if (static_cast<size_t>(dims[depth]) != value.size()) return false;
    for (const Json& part : value)
      if (!take_numbers(part, depth + 1, dims, out)) return false;
    return true;
  }
  if (depth != dims.size() || !value.is_number()) return false;
  out.push_back(value.get<double>());
  return std::isfinite(out.back());
}

/// The input of the call, of `count`, that a value stands for, or nothing.
std::optional<size_t> tensor_in(const Json& value, size_t count) {
  const Json* const index = member(value, kTensorKey);
  const auto* const i = index ? index->get_ptr<const Json::number_integer_t*>() : nullptr;
  if (!i || *i < 0 || static_cast<size_t>(*i) >= count) return std::nullopt;
  return static_cast<size_t>(*i);
}

}  // namespace

const Json* Layer::argument(size_t position, const char* name) const {
  const Json* found = nullptr;
  if (call_ && position < call_->args.size()) found = &call_->args[position];
  if (!found && call_) found = member(call_->kwargs, name);
  if (!found) return setting(name);
  return found->is_null() ? nullptr : found;
}

Result<std::vector<int>> Layer::integers_of(size_t position, const char* name) const {
  const Json* const given = argument(position, name);
  std::vector<int> out;
  if (!given) return out;
  std::vector<int32_t> dims;
  std::vector<double> values;
  if (!take_numbers(*given, 0, dims, values) || dims.size() > 1) return unusable(name);
  for (double const v : values) {
    if (v != std::floor(v) || std::abs(v) > 1 << 30) return unusable(name);
    out.push_back(static_cast<int>(v));
  }
  return out;
}

Result<int> Layer::operand(size_t position, const char* name, DType dtype) {
  const Json* given = argument(position, name);
  if (!given) return kNoTensor;
  if (auto const index = tensor_in(*given, inputs_.size())) return inputs_[*index];
  // Arrays are objects that hold their values.
  if (const Json* const config = member(*given, "config"))
    if (const Json* const value = member(*config, "value")) given = value;
  std::vector<int32_t> dims;
  std::vector<double> values;
  if (!take_numbers(*given, 0, dims, values)) return unusable(name);
  NARROW_TRY(Shape const shape, Shape::make(dims));
  if (dtype == DType::int32) {
    std::vector<int32_t> whole;
    for (double const v : values) {
      if (v != std::floor(v) || std::abs(v) > INT32_MAX) return unusable(name);
      whole.push_back(static_cast<int32_t>(v));
    }
    return indices(name, shape, whole);
  }
  if (dtype != DType::float32) return unusable(name);
  return constant(name, shape, std::vector<float>(values.begin(), values.end()));
}

Result<std::vector<int>> Layer::operands(size_t position, const char* name) {
  const Json* const given = argument(position, name);
  std::vector<int> out;
  if (!given) return out;
  for (const Json& part : given->is_array() ? *given : Json::array({*given})) {
    auto const index = tensor_in(part, inputs_.size());
    if (!index) return unusable(name);
    out.push_back(inputs_[*index]);
  }
  return out;
}

}  // namespace narrow::keras
