// The integer constants of layers: those that are quantized, and those that are integer in the file and get other
// widths.
#pragma once

#include <optional>
#include <string>

#include "ops/def/op_def.h"
#include "quantize/weights/layer_constants.h"

namespace narrow {

/// Appends to a note, behind "; " where there is something before. Appends nothing where `text` is empty.
void add_note(std::string& note, const std::string& text);

/// A layer's constants, and what there is to tell about them.
struct RewrittenLayer {
  LayerConstants constants;
  std::string note;  // "int16 bias << 3, bias error at most 0.031 LSB of the output"; may be empty
  std::optional<Arithmetic> arithmetic{};  // that the op has to state; empty where TFLite's rules hold
  std::optional<DType> bias_type{};        // that the op has to state, also where it has no bias; empty: as before
};

/// Quantizes the constants of a float layer. `weights` and `bias` (null where there is none) are the constants behind
/// its operands (see StoredConstants); int8 weights that its kernels take stay as they are where the width holds them.
/// bad_option where the widths contradict each other, unsupported where a bias does not fit.
Result<RewrittenLayer> quantize_layer_op(const Op& op, const Tensor& weights, const Tensor* bias,
                                         const LayerSpec& spec);

/// Whether an op is a layer over integers whose weights are int8 constants with scales.
bool is_integer_layer(const OpView& op);

/// Changes the widths of such a layer's constants to those of `settings`: int8 weights become int16 number by number,
/// so that nothing else changes, or are stored as int4, which must hold them; a bias is rounded where its new width
/// does not hold it exactly. Nothing where the file has these widths already. unsupported where weights do
/// not fit, or a bias does not or is not constant; bad_option where the widths contradict each other.
Result<std::optional<RewrittenLayer>> change_widths(const OpView& op, const Settings& settings);

}  // namespace narrow
