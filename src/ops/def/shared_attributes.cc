#include "ops/def/shared_attributes.h"

#include "graph/attribute_type.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

const AttributeField* field_of(const Op& op, const char* name) {
  return op.attributes.empty() ? nullptr : op.attributes.type()->field(name);
}

void set(Op& op, const char* name, const FieldValue& value) {
  if (const AttributeField* const field = field_of(op, name)) field->set(op.attributes, value);
}

template <class Enum>
std::optional<Enum> enum_attribute(const Op& op, const char* name) {
  const AttributeField* const field = field_of(op, name);
  if (!field) return std::nullopt;
  return static_cast<Enum>(std::get<int64_t>(field->get(op.attributes)));
}

}  // namespace

std::optional<Activation> attribute(const Op& op, SharedAttribute<Activation> which) {
  return enum_attribute<Activation>(op, which.name);
}
std::optional<DType> attribute(const Op& op, SharedAttribute<DType> which) {
  return enum_attribute<DType>(op, which.name);
}

void set_attribute(Op& op, SharedAttribute<Activation> which, Activation value) {
  set(op, which.name, static_cast<int64_t>(value));
}
void set_attribute(Op& op, SharedAttribute<DType> which, DType value) {
  set(op, which.name, static_cast<int64_t>(value));
}
void set_attribute(Op& op, SharedAttribute<bool> which, bool value) {
  set(op, which.name, value);
}

std::optional<Activation> fused_activation(const Op& op) {
  return op.def && op.def->fuses_activation ? attribute(op, kActivation) : std::nullopt;
}

void fuse_activation(Op& op, Activation activation) {
  set_attribute(op, kActivation, activation);
}

Activation stated_activation(const Op& op) {
  return attribute(op, kActivation).value_or(Activation::none);
}

}  // namespace narrow
