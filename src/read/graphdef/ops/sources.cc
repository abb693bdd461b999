// Nodes without data operands: constants, inputs, variables, random numbers.
#include "read/graphdef/bundle.h"
#include "read/graphdef/freeze.h"
#include "read/graphdef/inputs.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_const(Node& node) {
  const auto* const value = node.attribute("value");
  if (!value || !value->has_tensor()) return fail(ErrorKind::bad_file, "the node has no value");
  Reading& reading = node.reading();
  NARROW_TRY(Constant constant, read_tensor(value->tensor(), *reading.contents, reading.limits, reading.fill_budget));
  constant.name = node.name();
  Value v = of_constant(std::move(constant));
  v.texts.assign(value->tensor().string_val().begin(), value->tensor().string_val().end());
  return std::vector<Value>{std::move(v)};
}

Result<std::vector<Value>> read_placeholder(Node& node) {
  NARROW_TRY(std::optional<Value> const known, training_switch(node));
  if (known) return std::vector<Value>{*known};
  NARROW_TRY(int const t, add_input(node));
  return std::vector<Value>{of_tensor(t)};
}

/// Its default where that is a single value, as the switches of training are; an input of the model otherwise.
Result<std::vector<Value>> read_placeholder_with_default(Node& node) {
  NARROW_TRY(Value const otherwise, node.value(0));
  if (otherwise.known() && otherwise.constant->shape.rank() == 0) return std::vector<Value>{otherwise};
  NARROW_TRY(int const t, add_input(node));
  return std::vector<Value>{of_tensor(t)};
}

Result<std::vector<Value>> read_handle(Node& node) {
  std::string const shared = node.text("shared_name", "");
  Value v;
  v.variable = shared.empty() ? node.name() : shared;
  return std::vector<Value>{std::move(v)};
}

Result<Value> content(Node& node, const std::string& variable) {
  auto const at = node.reading().variables.find(variable);
  if (at != node.reading().variables.end()) return at->second;
  return fail(ErrorKind::unsupported, "variable '" + variable + "' has no value in the file", "", kFreezeRemedy);
}

Result<std::vector<Value>> read_variable(Node& node) {
  NARROW_TRY(Value const handle, node.value(0));
  if (handle.variable.empty()) return std::vector<Value>{handle};  // of a function that is called with its value
  NARROW_TRY(Value v, content(node, handle.variable));
  return std::vector<Value>{std::move(v)};
}

/// A variable of TensorFlow 1, which is its value.
Result<std::vector<Value>> read_reference(Node& node) {
  if (!node.reading().restoring) {
    NARROW_TRY(Value v, content(node, node.name()));
    return std::vector<Value>{std::move(v)};
  }
  Value v;
  v.variable = node.name();
  return std::vector<Value>{std::move(v)};
}

Result<std::vector<Value>> read_assign(Node& node) {
  if (!node.reading().restoring) return fail(ErrorKind::unsupported, "the network changes a variable", "", kCutRemedy);
  NARROW_TRY(Value const handle, node.value(0));
  NARROW_TRY(Value const value, node.value(1));
  node.reading().variables.insert_or_assign(handle.variable, value);
  return std::vector<Value>{value};
}

Result<std::vector<Value>> read_nothing(Node&) {
  return std::vector<Value>{Value{}};
}

/// Uniform numbers: what dropout does with them is known where it keeps everything.
Result<std::vector<Value>> read_random(Node&) {
  Value v;
  v.random = {0.0, 1.0};
  return std::vector<Value>{std::move(v)};
}

/// Values of variables: operand 1 lists their names, which are text.
Result<std::vector<Value>> read_restore(Node& node) {
  if (!node.reading().bundle)
    return fail(ErrorKind::unsupported, "the network reads a file while it runs", "", kCutRemedy);
  NARROW_TRY(Value const names, node.value(1));
  std::vector<Value> out;
  for (const std::string& name : names.texts) {
    NARROW_TRY(Constant constant, node.reading().bundle->value(name));
    out.push_back(of_constant(std::move(constant)));
  }
  return out;
}

constexpr NodeRule kSourcesRules[] = {
    {"Assert", read_nothing},
    {"Assign", read_assign},
    {"AssignVariableOp", read_assign},
    {"Const", read_const},
    {"NoOp", read_nothing},
    {"Placeholder", read_placeholder},
    {"PlaceholderV2", read_placeholder},
    {"PlaceholderWithDefault", read_placeholder_with_default},
    {"RandomUniform", read_random},
    {"ReadVariableOp", read_variable},
    {"RestoreV2", read_restore},
    {"StatelessRandomUniform", read_random},
    {"StatelessRandomUniformV2", read_random},
    {"VarHandleOp", read_handle},
    {"Variable", read_reference},
    {"VariableV2", read_reference},
};

}  // namespace

std::span<const NodeRule> source_rules() {
  return kSourcesRules;
}

}  // namespace narrow::graphdef
