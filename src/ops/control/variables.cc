#include "ops/control/variables.h"

#include <algorithm>

#include "graph/model.h"

namespace narrow {

int32_t Variables::handle(const std::string& container, const std::string& name) {
  std::pair<std::string, std::string> const key(container, name);
  auto const at = std::find(names_.begin(), names_.end(), key);
  auto const index = static_cast<int32_t>(at - names_.begin());
  if (at == names_.end()) {
    names_.push_back(key);
    values_.emplace_back();
  }
  return index;
}

void Variables::reset() {
  for (Value& v : values_) v.present = false;
  entered_.clear();
}

Status Variables::check(int32_t handle) const {
  if (handle >= 0 && static_cast<size_t>(handle) < values_.size()) return {};
  return fail(ErrorKind::bad_file, "its handle is that of no variable");
}

Status Variables::assign(int32_t handle, DType dtype, const Shape& shape, std::span<const std::byte> values) {
  NARROW_CHECK(check(handle));
  Value& v = values_[static_cast<size_t>(handle)];
  v.present = true;
  v.dtype = dtype;
  v.shape = shape;
  v.bytes.assign(values.begin(), values.end());
  return {};
}

Status Variables::read(int32_t handle, DType dtype, const Shape& shape, std::byte* out) const {
  NARROW_CHECK(check(handle));
  const Value& v = values_[static_cast<size_t>(handle)];
  std::string const name = "variable '" + readable(names_[static_cast<size_t>(handle)].second) + "'";
  if (!v.present) return fail(ErrorKind::bad_file, name + " is read before it has a value");
  if (v.dtype != dtype || v.shape != shape)
    return fail(ErrorKind::bad_file, name + " holds " + to_string(v.dtype) + " " + v.shape.text() + "; it is read as " +
                                         to_string(dtype) + " " + shape.text());
  std::copy(v.bytes.begin(), v.bytes.end(), out);
  return {};
}

}  // namespace narrow
