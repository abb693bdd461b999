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
  std::string name;          // "OHWI"; empty: no weights, or read by ops of different kinds
  std::vector<int> order;    // dimension i is dimension order[i] of what is stored; empty: as stored
  bool interleaved = false;  // the order of arm_fully_connected_q7_opt, which is that of no dimensions: one list
};

/// What `choice` makes of weights of that element type that are stored so.
Layout layout_of(WeightLayout stored, DType dtype, const LayoutChoice& choice);

/// Where CMSIS-NN's arm_fully_connected_q7_opt expects the weights of a matrix of `rows` x `columns`: element i is
/// element order[i] of the matrix, row by row. Four rows at a time, and in them four columns at a time: of rows 0 and 1
/// columns 0 and 2, the same of rows 2 and 3, then columns 1 and 3 likewise; within a pair of rows the row changes
/// first. Columns that are left over follow one by one, and rows that are left over as they are.
std::vector<size_t> cmsis_q7_opt_order(size_t rows, size_t columns);

/// Dimensions in the layout's order.
std::vector<int32_t> arranged_shape(const Shape& stored, const Layout& layout);

/// Values of a constant, `bytes` each, in the layout's order.
SharedBytes arranged(const Tensor& tensor, const Layout& layout);

}  // namespace narrow
