// Net: the graph in the making, with layouts that are settled as late as possible.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ops/build/graph_builder.h"
#include "read/onnx/value.h"
#include "read/onnx/weights.h"

namespace narrow::onnx {

/// Adds ops to a graph. What can be computed of constants is computed at once and leaves no op.
class Net {
 public:
  explicit Net(Weights& weights) : weights_(weights) {}

  GraphBuilder& builder() { return builder_; }
  const Weights& weights() const { return weights_; }
  const Tensor& at(int tensor) const { return builder_.graph().tensor(tensor); }
  const Tensor& at(const Value& v) const { return at(v.tensor); }

  /// The value's shape in the order of the file.
  Shape shape(const Value& v) const;
  int rank(const Value& v) const { return at(v).shape.rank(); }

  /// Adds an op with one result, which has element type `dtype`, or that of operand 0.
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::string& name,
                  std::optional<DType> dtype = {}, Quantization quantization = {});
  /// The same for results whose shapes the op infers, all of one element type.
  Result<std::vector<int>> add_several(const OpDef& def, Attributes attributes, std::vector<int> inputs,
                                       const std::string& name, std::vector<DType> dtypes);

  /// The tensor with its dimensions stored in this order; one more op only where it must be.
  Result<int> stored(const Value& v, const Order& order);
  /// The tensor in the order of the file.
  Result<int> plain_tensor(const Value& v) { return stored(v, plain(rank(v))); }
  /// The tensor with channels last.
  Result<int> last(const Value& v) { return stored(v, channels_last(rank(v))); }

  /// A tensor's values as another element type; itself where it has that one.
  Result<int> cast(int tensor, DType to, const std::string& name);

  /// A tensor in another shape of as many elements; `name` may be empty.
  Result<int> reshaped(int tensor, const std::vector<int32_t>& dims, const std::string& name);

  int constant(Tensor tensor);
  /// The constant of floats `reals` stands for that of integers with scales `integers`, wherever it is moved to.
  void keep_integers(int reals, int integers) { integers_[reals] = integers; }
  /// The integers that a constant of floats stands for; kNoTensor where there are none.
  int integers_of(int reals) const {
    auto const at = integers_.find(reals);
    return at == integers_.end() ? kNoTensor : at->second;
  }
  /// One float for all elements.
  int scalar(float value);
  /// One number of a type for all elements; unsupported for types that are none of numbers.
  Result<int> number(DType dtype, double value);
  /// int32 positions of a shape.
  int positions(const Shape& shape, const std::vector<int32_t>& values);

 private:
  /// Computes the last op, if its operands are constant and the results are few, and takes it away.
  void settle_last();

  Weights& weights_;
  GraphBuilder builder_;
  std::map<std::pair<int, Order>, int> moved_;  // by tensor and permutation
  std::map<int, int> reshaped_;                 // by what RESHAPE made: what it made it of
  std::map<int, int> integers_;
  int64_t budget_ = int64_t{256} << 20;  // bytes that constants may still be folded into
};

}  // namespace narrow::onnx
