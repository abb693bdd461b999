// In which order the elements of weights are written.
#pragma once

#include <string>
#include <vector>

#include "graph/model.h"
#include "narrow/export.h"
#include "ops/def/op_def.h"

namespace narrow {

/// The layout of one constant.
struct Layout {
  std::string name;        // "OHWI"; empty: no weights, or read by ops of different kinds
  std::vector<int> order;  // dimension i is dimension order[i] of what is stored; empty: as stored
};

/// What `choice` makes of weights that are stored so.
Layout layout_of(WeightLayout stored, const LayoutChoice& choice);

/// Dimensions in the layout's order.
std::vector<int32_t> arranged_shape(const Shape& stored, const Layout& layout);

/// Values of a constant, `bytes` each, in the layout's order.
SharedBytes arranged(const Tensor& tensor, const Layout& layout);

}  // namespace narrow
