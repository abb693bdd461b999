// Constants with their dimensions in another order, as formats differ in how they lay out weights.
#pragma once

#include <span>

#include "base/bytes.h"
#include "base/shape.h"

namespace narrow {

/// The values of a dense constant of that shape with dimension order[i] of it as dimension i, as NumPy's transpose
/// makes them. `order` holds each dimension of `shape` once, and `values` the elements of `shape`, each of
/// `element_bytes`.
SharedBytes permuted(std::span<const std::byte> values, size_t element_bytes, const Shape& shape,
                     std::span<const int> order);

/// The shape of such values.
Shape permuted(const Shape& shape, std::span<const int> order);

}  // namespace narrow
