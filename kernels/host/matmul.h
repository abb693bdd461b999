// BATCH_MATMUL as dot products: both operands become rows and columns of one wider type, lying one behind the other;
// then each row meets all columns.
#ifndef NARROW_KERNELS_HOST_MATMUL_H
#define NARROW_KERNELS_HOST_MATMUL_H

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "dot.h"

extern "C" {
#include "portable/layers/batch_matmul.h"
}

namespace narrow::host {

// One operand's vectors, rows of a or columns of b, as they lie in memory. Strides count elements.
struct MatmulSide {
  std::int64_t matrices;
  std::int32_t vectors;  // of one matrix
  std::int32_t depth;
  std::int32_t vector_stride;
  std::int32_t step;  // along a vector
  std::int32_t zero_point;
  std::int64_t elements() const { return matrices * vectors * depth; }
};

// Matrices of an operand that is walked with these strides.
inline std::int64_t matrices_of(const nw_broadcast& walk, const nw_i32 (&stride)[NW_BROADCAST_RANK]) {
  std::int64_t last = 0;
  for (int d = 0; d < NW_BROADCAST_RANK; ++d) last += std::int64_t{stride[d]} * (walk.extent[d] - 1);
  return last + 1;
}

inline MatmulSide rows_of(const nw_batch_matmul_params& p) {
  return {matrices_of(p.matrices, p.matrices.a_stride), p.rows, p.depth, p.a_row_stride, p.a_step, p.a_zero_point};
}
inline MatmulSide columns_of(const nw_batch_matmul_params& p) {
  return {matrices_of(p.matrices, p.matrices.b_stride), p.cols, p.depth, p.b_col_stride, p.b_step, p.b_zero_point};
}

// All vectors of `side`, one behind the other, zero points removed.
template <class From, class Wide>
void lay_out(const MatmulSide& side, const From* from, Wide* to) {
  std::int64_t const size = std::int64_t{side.vectors} * side.depth;
  auto const real = [zero = side.zero_point](From v) {
    if constexpr (std::is_floating_point_v<From>)
      return v;
    else
      return static_cast<Wide>(v - zero);
  };
  for (std::int64_t m = 0; m < side.matrices; ++m, from += size)
    for (std::int64_t v = 0; v < side.vectors; ++v, to += side.depth) {
      const From* const vector = from + v * side.vector_stride;
      if (side.step == 1)
        for (std::int64_t k = 0; k < side.depth; ++k) to[k] = real(vector[k]);
      else
        for (std::int64_t k = 0; k < side.depth; ++k) to[k] = real(vector[k * side.step]);
    }
}

// The pieces of the scratch memory of a call, each aligned to 64 bytes.
template <class Wide, class Sum>
struct MatmulScratch {
  static std::size_t rounded(std::int64_t elements, std::size_t size) {
    return (static_cast<std::size_t>(elements) * size + 63) / 64 * 64;
  }
  std::size_t rows, columns, sums;
  MatmulScratch(const nw_batch_matmul_params& p, bool columns_known)
      : rows(rounded(rows_of(p).elements(), sizeof(Wide))),
        columns(columns_known ? 0 : rounded(columns_of(p).elements(), sizeof(Wide))),
        sums(rounded(p.cols, sizeof(Sum))) {}
  std::size_t bytes() const { return rows + columns + sums; }
};

// finish(p.cols sums of one row, out) makes a row of the result. `known`: the columns of b, laid out; null where they
// are not known before the call. prepare(row) changes a row of a before it is used. p's multiplier and shift are not
// read.
template <class Wide, class Sum, class A, class B, class Out, class Prepare, class Finish>
void matmul(const nw_batch_matmul_params& p, const A* a, const B* b, Out* out, const Wide* known, void* scratch,
            Prepare prepare, Finish finish) {
  MatmulScratch<Wide, Sum> const sizes(p, known != nullptr);
  auto* const pieces = static_cast<std::byte*>(scratch);
  auto* const rows = reinterpret_cast<Wide*>(pieces);
  auto* const own = reinterpret_cast<Wide*>(pieces + sizes.rows);
  auto* const sums = reinterpret_cast<Sum*>(pieces + sizes.rows + sizes.columns);
  MatmulSide const a_side = rows_of(p);
  lay_out(a_side, a, rows);
  for (std::int64_t r = 0; r < a_side.matrices * p.rows; ++r) prepare(rows + r * p.depth);
  if (!known) lay_out(columns_of(p), b, own);
  const Wide* const columns = known ? known : own;
  constexpr int kLast = NW_BROADCAST_RANK - 1;
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    for (nw_i32 i = 0; i < p.matrices.extent[kLast]; ++i) {
      std::int64_t const ma = at.a + std::int64_t{i} * p.matrices.a_stride[kLast];
      std::int64_t const mb = at.b + std::int64_t{i} * p.matrices.b_stride[kLast];
      for (nw_i32 r = 0; r < p.rows; ++r, out += p.cols) {
        dot(rows + (ma * p.rows + r) * p.depth, columns + mb * p.cols * p.depth, p.cols, p.depth, sums);
        finish(sums, out);
      }
    }
  } while (nw_broadcast_next(&p.matrices, &at));
}

}  // namespace narrow::host

#endif
