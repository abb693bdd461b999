// What convolutions and pools say of their windows.
#pragma once

#include "ops/def/attributes.h"
#include "read/graphdef/node.h"

namespace narrow::graphdef {

struct PerSide {
  int h = 1, w = 1;
};

/// Height and width of a list such as strides = [1, 2, 2, 1], in the order of the node's data format; 1 and 1 where the
/// list is left out. bad_file for lists of another length, and for what windows cannot have.
Result<PerSide> per_side(const Node& node, const char* list);

/// The node's padding; explicit sizes become SAME or VALID where they are as large for data and filter of these sizes,
/// and else a PAD op before the layer: `data` is its result then.
Result<Padding> padding_of(Node& node, int& data, PerSide filter, PerSide strides, PerSide dilations);

}  // namespace narrow::graphdef
