// Attributes with other values in some of their fields.
#pragma once

#include <string>
#include <vector>

#include "decisions.h"
#include "graph/attribute_type.h"

namespace narrow {

/// Draws a value for a field; the alternative that is visited says of which kind.
struct FieldDraw {
  const AttributeField& field;
  Decisions& decide;

  int64_t number() const { return static_cast<int64_t>(decide.below(6)) - 1; }

  FieldValue operator()(bool now) const { return !now; }
  FieldValue operator()(int64_t) const {
    return field.names.empty() ? number() : static_cast<int64_t>(decide.below(field.names.size()));
  }
  FieldValue operator()(float) const {
    constexpr float kReals[] = {0.0F, 1.0F, -1.0F, 0.5F, 1e-6F, 255.0F};
    return decide.of(kReals);
  }
  FieldValue operator()(const std::string&) const { return std::string(decide.once_in(2) ? "v" : "w"); }
  FieldValue operator()(const std::vector<int32_t>&) const {
    std::vector<int32_t> out(decide.below(4));
    for (int32_t& v : out) v = static_cast<int32_t>(number());
    return out;
  }
  FieldValue operator()(const std::vector<float>&) const {
    std::vector<float> out(decide.below(4));
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(i);
    return out;
  }
};

/// The attributes with one field in four drawn anew.
inline Attributes drawn(Attributes attributes, Decisions& decide) {
  if (attributes.empty()) return attributes;
  for (const AttributeField& field : attributes.type()->fields)
    if (decide.once_in(4)) field.set(attributes, std::visit(FieldDraw{field, decide}, field.get(attributes)));
  return attributes;
}

}  // namespace narrow
