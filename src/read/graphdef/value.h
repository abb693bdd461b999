// Value: what a result of a TensorFlow node stands for while its graph is read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/model.h"
#include "read/graphdef/constant.h"

namespace narrow::graphdef {

struct Value;

/// What is one of: a constant, a tensor of the model, a list of values (TensorArray, TensorList), a variable, a random
/// number, or nothing, on a branch that is not taken.
struct Value {
  ConstantPtr constant = {};
  int tensor = kNoTensor;  // beside `constant` where that is free: the tensor that holds it for any size
  std::shared_ptr<const std::vector<Value>> list = {};
  std::string variable = {};
  std::optional<std::pair<double, double>> random = {};  // uniform in [first, second)
  std::vector<std::string> texts = {};                   // of a constant of text
  bool dead = false;

  bool known() const { return constant && !constant->any_free(); }
};

inline Value of_tensor(int tensor) {
  Value v;
  v.tensor = tensor;
  return v;
}
inline Value of_constant(Constant constant) {
  Value v;
  v.constant = std::make_shared<const Constant>(std::move(constant));
  return v;
}
inline Value of_list(std::vector<Value> values) {
  Value v;
  v.list = std::make_shared<const std::vector<Value>>(std::move(values));
  return v;
}
inline Value nothing() {
  Value v;
  v.dead = true;
  return v;
}

}  // namespace narrow::graphdef
