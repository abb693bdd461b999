// Layers that are integer already, with their constants stored in other widths.
#pragma once

#include <optional>

#include "ops/def/op_def.h"
#include "quantize/weights/layer_constants.h"

namespace narrow {

/// Whether an op is a layer over integers whose weights are constants of 8 bits with scales.
bool is_integer_layer(const OpView& op);

/// What such a layer computes with, in the words of a file that says it itself: TFLite's rule for its types where it
/// says nothing.
Arithmetic arithmetic_of(const OpView& op);

/// The constants of such a layer in the widths that `settings` ask for: 8-bit weights in 16 bits, number by number, so
/// that nothing else changes; a bias in another width, rounded where it does not fit as it is. Nothing where they ask
/// for no other than the file has. unsupported where a bias is not constant.
Result<std::optional<LayerConstants>> rewrite_integer_layer(const OpView& op, const Settings& settings);

}  // namespace narrow
