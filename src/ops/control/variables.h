// Variables: the values that ops of one program keep for each other while a sample runs.
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

/// Each sample starts with no value in any variable; what CALL_ONCE runs gives them their first. So samples do not
/// depend on each other, nor on the order or the threads they are run in.
class Variables {
 public:
  /// The number of the variable of that name; the same for equal names.
  int32_t handle(const std::string& container, const std::string& name);

  /// Forgets all values: a sample begins.
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
