// Normalization: what a file's metadata say of the numbers that an input takes.
#pragma once

#include <optional>

#include "graph/model.h"

namespace narrow {

/// An input takes (x - mean) / deviation of raw numbers x, such as pixels. Of several channels these are the ends that
/// reach farthest for pixels from 0 to 255.
struct NormalizedPixels {
  double lo = 0;
  double hi = 0;
};

/// Of input `input` of graph `graph`, where the metadata TFLITE_METADATA of the model give a normalization; nothing
/// also where they are damaged, as nothing that is computed depends on them.
std::optional<NormalizedPixels> normalized_pixels(const Model& model, int graph, size_t input);

}  // namespace narrow
