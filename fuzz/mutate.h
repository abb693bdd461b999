// Damage to models that keeps their files well-formed: what the verifier of the format lets through.
#pragma once

#include "base/bytes.h"
#include "decisions.h"
#include "tflite/format.h"

namespace narrow {

/// Changes one thing: operands, shapes, types, quantization, values, lists of inputs and outputs, which ops there are
/// and in what order, graphs that ops run.
void mutate(format::ModelT& model, Decisions& decide);

/// The file of a model, every field written out, then `changes` fields of ops' options set to other numbers.
Bytes pack(const format::ModelT& model, size_t changes, Decisions& decide);

}  // namespace narrow
