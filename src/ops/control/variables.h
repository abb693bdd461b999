// Variables: the values that ops of one program keep for each other, from one run to the next.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/shape.h"
#include "graph/tensor.h"

namespace narrow {

/// At first no variable has a value; what CALL_ONCE runs gives them their first.
class Variables {
 public:
  /// The number of the variable of that name; the same for equal names.
  int32_t handle(const std::string& container, const std::string& name);

  /// Forgets all values: a sequence of samples begins.
  void reset();

  /// Whether graph `index` has not been entered since the last reset; from now on it has.
  bool enter_once(int index) { return entered_.insert(index).second; }

  /// Errors: bad_file where `handle` is no variable's.
  Status assign(int32_t handle, DType dtype, const Shape& shape, std::span<const std::byte> values);

  /// Brings the value of a variable to `out`, which has room for it. Errors: bad_file where it has none yet, or one of
  /// another type or shape.
  Status read(int32_t handle, DType dtype, const Shape& shape, std::byte* out) const;

 private:
  struct Value {
    bool present = false;
    DType dtype = DType::float32;
    Shape shape;
    Bytes bytes;
  };

  Status check(int32_t handle) const;

  std::vector<std::pair<std::string, std::string>> names_;
  std::vector<Value> values_;
  std::set<int> entered_;
};

}  // namespace narrow
