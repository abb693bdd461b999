// Attributes that several ops have under one name and with one meaning, for code that does not know the op.
#pragma once

#include <optional>

#include "graph/model.h"
#include "ops/def/attributes.h"

namespace narrow {

/// A field of that name and type in the attribute struct of each op that has it.
template <class T>
struct SharedAttribute {
  const char* name;
};

/// What the op applies to its result.
inline constexpr SharedAttribute<Activation> kActivation{"activation"};
/// The element type of a quantized bias; float32 where the file leaves it to the runtime to guess.
inline constexpr SharedAttribute<DType> kQuantizedBiasType{"quantized_bias_type"};
/// How runtimes round float data that meets integer weights: with a zero point of its own, or symmetrically.
inline constexpr SharedAttribute<bool> kAsymmetricQuantizeInputs{"asymmetric_quantize_inputs"};
/// The format's old 16-bit form of sums, whose scales are powers of two.
inline constexpr SharedAttribute<bool> kPotScaleInt16{"pot_scale_int16"};

/// The value of that attribute; nothing for ops that do not have it.
std::optional<Activation> attribute(const Op& op, SharedAttribute<Activation> which);
std::optional<DType> attribute(const Op& op, SharedAttribute<DType> which);

/// Sets the attribute; does nothing for ops that do not have it.
void set_attribute(Op& op, SharedAttribute<Activation> which, Activation value);
void set_attribute(Op& op, SharedAttribute<DType> which, DType value);
void set_attribute(Op& op, SharedAttribute<bool> which, bool value);

/// The fused activation of an op for which runtimes compute one (OpDef::fuses_activation); nothing for others, even
/// where the format has a field for it.
std::optional<Activation> fused_activation(const Op& op);

/// Makes that the fused activation of an op that has one.
void fuse_activation(Op& op, Activation activation);

/// What the attributes of an op say that it applies to its result, whether runtimes compute it or not.
Activation stated_activation(const Op& op);

}  // namespace narrow
