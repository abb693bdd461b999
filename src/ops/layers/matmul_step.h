// The step of a BATCH_MATMUL: both operands become rows and columns of one wider type, lying one behind the other; then
// each row meets all columns.
#pragma once

#include <memory>
#include <vector>

#include "host/dot.h"
#include "ops/layers/batch_matmul.h"

namespace narrow {

/// One operand's vectors (rows of operand 0, columns of operand 1) as they lie in memory.
struct MatmulSide {
  int64_t matrices = 0;
  int vectors = 0;  // of one matrix
  int depth = 0;
  bool strided = false;  // the elements of a vector lie `vectors` apart; otherwise they are neighbours
  int zero_point = 0;
  int64_t elements() const { return matrices * vectors * depth; }
};

/// All vectors of `side`, one behind the other, zero points removed.
template <class From, class Wide>
void lay_out(const MatmulSide& side, const From* from, Wide* to) {
  int64_t const size = int64_t{side.vectors} * side.depth;
  for (int64_t m = 0; m < side.matrices; ++m, from += size)
    for (int v = 0; v < side.vectors; ++v)
      for (int k = 0; k < side.depth; ++k) {
        int64_t const at = side.strided ? int64_t{k} * side.vectors + v : int64_t{v} * side.depth + k;
        if constexpr (std::is_floating_point_v<From>)
          *to++ = from[at];
        else
          *to++ = static_cast<Wide>(from[at] - side.zero_point);
      }
}

inline MatmulSide rows_of(const MatmulGeometry& g, int zero_point) {
  return {g.a_count, g.rows, g.depth, g.adjoint_a, zero_point};
}
inline MatmulSide columns_of(const MatmulGeometry& g, int zero_point) {
  return {g.b_count, g.cols, g.depth, !g.adjoint_b, zero_point};
}

/// The pieces of the scratch of a step, each aligned to 64 bytes.
template <class Wide, class Sum>
struct MatmulScratch {
  static size_t rounded(int64_t bytes) { return (static_cast<size_t>(bytes) + 63) / 64 * 64; }
  size_t rows, columns, sums;
  MatmulScratch(const MatmulGeometry& g, bool columns_known)
      : rows(rounded(rows_of(g, 0).elements() * static_cast<int64_t>(sizeof(Wide)))),
        columns(columns_known ? 0 : rounded(columns_of(g, 0).elements() * static_cast<int64_t>(sizeof(Wide)))),
        sums(rounded(int64_t{g.cols} * static_cast<int64_t>(sizeof(Sum)))) {}
  size_t bytes() const { return rows + columns + sums; }
};

/// The step; finish(matrix of b, sums of one row, out) makes a row of the result. `known`: the columns of a constant
/// operand 1, laid out; empty for a computed one. prepare(row) changes a row of operand 0 before it is used.
template <class A, class B, class Wide, class Sum, class Out, class Prepare, class Finish>
Step matmul_step(const MatmulGeometry& g, int a_zero_point, int b_zero_point, std::vector<Wide> known, Prepare prepare,
                 Finish finish) {
  MatmulScratch<Wide, Sum> const scratch(g, !known.empty());
  auto const shared = std::make_shared<const std::vector<Wide>>(std::move(known));
  MatmulSide const rows = rows_of(g, a_zero_point), columns = columns_of(g, b_zero_point);
  auto run = [=](const StepArgs& s) {
    auto* const a = reinterpret_cast<Wide*>(s.scratch);
    auto* const own = reinterpret_cast<Wide*>(s.scratch + scratch.rows);
    auto* const sums = reinterpret_cast<Sum*>(s.scratch + scratch.rows + scratch.columns);
    const Wide* b = shared->empty() ? own : shared->data();
    auto* out = static_cast<Out*>(s.out[0]);
    lay_out(rows, static_cast<const A*>(s.in[0]), a);
    for (int64_t r = 0; r < rows.matrices * rows.vectors; ++r) prepare(a + r * g.depth);
    if (shared->empty()) lay_out(columns, static_cast<const B*>(s.in[1]), own);
    constexpr int kLast = NW_BROADCAST_RANK - 1;
    nw_broadcast_cursor at = nw_broadcast_begin();
    do {
      for (int i = 0; i < g.matrices.extent[kLast]; ++i) {
        int64_t const ma = at.a + int64_t{i} * g.matrices.a_stride[kLast];
        int64_t const mb = at.b + int64_t{i} * g.matrices.b_stride[kLast];
        for (int r = 0; r < g.rows; ++r, out += g.cols) {
          host::dot(a + (ma * g.rows + r) * g.depth, b + mb * g.cols * g.depth, g.cols, g.depth, sums);
          finish(sums, out);
        }
      }
    } while (nw_broadcast_next(&g.matrices, &at));
  };
  return Step{.run = run, .scratch_bytes = scratch.bytes(), .kernel = "vector loops"};
}

}  // namespace narrow
