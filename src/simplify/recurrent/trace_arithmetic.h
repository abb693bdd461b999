// Ops that compute, over the numbers of elements.
#pragma once

#include <optional>
#include <vector>

#include "base/shape.h"
#include "simplify/recurrent/expressions.h"

namespace narrow {

using Numbers = std::vector<int32_t>;

/// The elements of `numbers` of a tensor of shape `from`, repeated to shape `to`.
Numbers broadcast_numbers(const Numbers& numbers, const Shape& from, const Shape& to);

/// Sums, differences or products of elements, one by one. Nothing where elements of several samples meet.
std::optional<Numbers> trace_binary(Expressions& expressions, ExpressionKind kind, const Numbers& a, const Numbers& b);

/// A function of each element. Nothing where it would mix samples.
std::optional<Numbers> trace_function(Expressions& expressions, CellFunction function, const Numbers& a);

/// The rows of `a`, each of `columns`, times weights [out, columns]; `bias` may be null. Nothing where a row holds
/// elements of several samples.
std::optional<Numbers> trace_linear(Expressions& expressions, const Numbers& a, int columns, const Floats& weights,
                                    const Floats& bias, int out);

}  // namespace narrow
