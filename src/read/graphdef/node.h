// Node: a node of a TensorFlow graph as the functions of ops/ see it.
#pragma once

#include <string>
#include <vector>

#include "read/graphdef/reading.h"
#include "read/graphdef/rules.h"

namespace narrow::graphdef {

/// What to do about a node that narrow has no form of.
inline constexpr const char* kCutRemedy =
    "`inputs` and `outputs` leave out what comes before and after the part of the network that narrow can read";

class Node {
 public:
  Node(Reading& reading, const tf_format::NodeDef& def, const NodeRule& rule, std::vector<Value> operands)
      : reading_(reading), def_(def), rule_(rule), operands_(std::move(operands)) {}

  Reading& reading() { return reading_; }
  GraphBuilder& builder() { return reading_.builder; }
  const NodeRule& rule() const { return rule_; }
  const std::string& name() const { return def_.name(); }
  const std::string& type() const { return def_.op(); }

  // Attributes; what a file leaves out is TensorFlow's default, which the caller gives.
  const tf_format::AttrValue* attribute(const char* name) const;
  int64_t integer(const char* name, int64_t otherwise) const;
  float real(const char* name, float otherwise) const;
  bool flag(const char* name, bool otherwise) const;
  std::string text(const char* name, const char* otherwise) const;
  std::string function(const char* name) const;  // its name
  std::vector<int64_t> list(const char* name) const;
  Result<DType> dtype(const char* name, DType otherwise) const;  // the one that narrow computes with

  size_t operands() const { return operands_.size(); }
  const std::vector<Value>& values() const { return operands_; }
  /// Operand i; bad_file where the node has fewer.
  Result<Value> value(size_t i) const;
  /// Operand i as a tensor of the model, which a constant becomes.
  Result<int> tensor(size_t i);
  /// Operand i, which must be a constant; unsupported where it is computed.
  Result<ConstantPtr> constant(size_t i) const;
  /// The same of integers that do not follow from free dimensions.
  Result<std::vector<int64_t>> integers(size_t i) const;
  /// The only element of such an operand.
  Result<int64_t> one_integer(size_t i) const;
  /// The elements of a constant of float32.
  Result<std::vector<float>> reals(size_t i) const;
  /// A constant or tensor's shape.
  Result<Shape> shape(size_t i) const;

  /// A value as a tensor of the model.
  Result<int> place(const Value& value);
  /// A constant with its dimensions in another order and, beyond that, in a shape of as many elements; a FakeQuant
  /// before it follows as ops of the model. `order` empty: as it is.
  Result<int> place(const ConstantPtr& constant, const std::vector<int>& order, const Shape& shape);

  /// Adds an op; its only result has the node's name (with `part` after it) and `dtype`.
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs, DType dtype,
                  const std::string& part = "");
  /// The same with the element type of the first operand.
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::string& part = "");
  /// The same for ops of several results.
  Result<std::vector<int>> add_all(const OpDef& def, Attributes attributes, std::vector<int> inputs,
                                   const std::vector<DType>& dtypes, const std::string& part = "");

  /// Whether the node's data_format has channels before height and width.
  bool channels_first() const;
  /// A tensor with channels first as one with channels last, and back.
  Result<int> to_channels_last(int tensor);
  Result<int> to_channels_first(int tensor);

 private:
  Reading& reading_;
  const tf_format::NodeDef& def_;
  const NodeRule& rule_;
  std::vector<Value> operands_;
};

/// A node's results where it has one, a tensor.
inline Result<std::vector<Value>> one(Result<int> tensor) {
  if (!tensor) return pass(std::move(tensor));
  return std::vector<Value>{of_tensor(*tensor)};
}
inline std::vector<Value> one(Constant constant) {
  return {of_constant(std::move(constant))};
}

}  // namespace narrow::graphdef
