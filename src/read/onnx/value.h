// Value: a tensor of an ONNX file and how its dimensions are stored.
#pragma once

#include <numeric>
#include <vector>

#include "graph/model.h"

namespace narrow::onnx {

/// Dimension i of what is stored is dimension order[i] of the tensor as the file has it.
using Order = std::vector<int>;

/// A tensor of the graph that is being made, and how the file's dimensions lie in it. The file has channels before
/// height and width and narrow's layers have them last: a layer's result stays as the layer makes it until something
/// needs the file's order, which is seldom.
struct Value {
  int tensor = kNoTensor;
  Order order{};  // as many as the tensor has dimensions
};

/// The order of the file: 0, 1, 2, ...
inline Order plain(int rank) {
  Order out(static_cast<size_t>(rank));
  std::iota(out.begin(), out.end(), 0);
  return out;
}

/// Batch, then what lies between, then dimension 1, the channels.
inline Order channels_last(int rank) {
  Order out = plain(rank);
  if (rank < 3) return out;
  out.erase(out.begin() + 1);
  out.push_back(1);
  return out;
}

/// Where dimension d of the file is stored.
inline int place(const Order& order, int d) {
  int at = 0;
  while (order[static_cast<size_t>(at)] != d) ++at;
  return at;
}

}  // namespace narrow::onnx
