// In which order the elements of weights are written.
#pragma once

#include <string>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// What a user asks for; weights that a choice says nothing about stay as they are stored.
struct LayoutChoice {
  enum class Conv { stored, ohwi, hwio };
  Conv conv = Conv::stored;
  bool transposed = false;  // fully connected weights as [in, out]
};

/// "stored", "ohwi", "hwio", "transposed", or one of the two in the middle and the last with a comma between them.
/// bad_option otherwise.
Result<LayoutChoice> parse_layout(const std::string& text);

/// How weights are stored, by the kind of the op that reads them.
enum class WeightKind { other, conv, depthwise, dense };
WeightKind weight_kind(const Op& op);

/// The layout of one constant.
struct Layout {
  std::string name;        // "OHWI"; empty: no weights, or read by ops of different kinds
  std::vector<int> order;  // dimension i is dimension order[i] of what is stored; empty: as stored
};

/// What `choice` makes of weights of a kind.
Layout layout_of(WeightKind kind, const LayoutChoice& choice);

/// Dimensions in the layout's order.
std::vector<int32_t> arranged_shape(const Shape& stored, const Layout& layout);

/// Values of a constant, `bytes` each, in the layout's order.
SharedBytes arranged(const Tensor& tensor, const Layout& layout);

}  // namespace narrow
