// The order of dimensions in models whose files have channels before height and width.
//
// Layers of narrow have channels last. Readers put a TRANSPOSE before each layer of a file with channels first, and one
// behind it; `move_channels_last` takes those out that can go.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// The TRANSPOSE ops that a reader has put around layers, by the tensors that they give.
struct LayoutChanges {
  std::set<int> to_last;   // data of a file, with its channels moved to the end
  std::set<int> to_first;  // results of layers, as the file has them
};

/// Moves TRANSPOSE ops of the first graph behind ops that compute element by element, join, pad, or reduce, until they
/// meet their inverse, and takes out pairs of those. Results stay the same bit for bit. Unless `keep_layout`, inputs
/// and outputs that only have channels first because the file has them so get channels last, and `notes` says which.
void move_channels_last(Model& model, const LayoutChanges& changes, bool keep_layout, std::vector<std::string>& notes);

}  // namespace narrow
