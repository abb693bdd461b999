// Random calls of portable kernels without weights: pools, and ops of two operands.
#pragma once

#include "emit/random_layers.h"

extern "C" {
#include "portable/windows/pool.h"
}

namespace narrow {

inline Layer random_pool(const Kernel& kernel, Random& r) {
  nw_pool_params p{};
  p.window = window(r, 6, 40);
  nw_window& w = p.window;
  w.batches = static_cast<nw_i32>(r.between(1, 2));
  w.pad_top = std::min(w.pad_top, w.filter_h - 1);
  w.output_c = w.input_c;
  // Each window holds an element of the image.
  w.output_h = std::min(w.output_h, (w.input_h + w.pad_top - 1) / w.stride_h + 1);
  w.output_w = std::min(w.output_w, (w.input_w + w.pad_left - 1) / w.stride_w + 1);
  p.out_min = r.chance(0.7) ? -128 : static_cast<nw_i32>(r.between(-128, 0));
  p.out_max = r.chance(0.7) ? 127 : static_cast<nw_i32>(r.between(0, 127));
  return Layer{kernel_call(kernel, p, {operand(0), result()}),
               {},
               {},
               int64_t{w.batches} * w.input_h * w.input_w * w.input_c,
               int64_t{w.batches} * w.output_h * w.output_w * w.output_c};
}

/// How two operands meet: of one shape, or one of them repeated in all rows, along rows, or everywhere.
inline nw_broadcast random_meeting(Random& r) {
  nw_broadcast s{};
  std::fill_n(s.extent, NW_BROADCAST_RANK, 1);
  constexpr int kRow = NW_BROADCAST_RANK - 2, kElement = NW_BROADCAST_RANK - 1;
  auto const rows = static_cast<nw_i32>(r.between(1, 6)), depth = static_cast<nw_i32>(r.between(1, 60));
  s.extent[kRow] = rows;
  s.extent[kElement] = depth;
  s.a_stride[kRow] = s.b_stride[kRow] = depth;
  s.a_stride[kElement] = s.b_stride[kElement] = 1;
  nw_i32* const repeated = r.chance(0.5) ? s.a_stride : s.b_stride;
  int64_t const kind = r.between(0, 5);
  if (kind == 3) repeated[kRow] = 0;
  if (kind == 4) repeated[kRow] = 1, repeated[kElement] = 0;
  if (kind == 5) repeated[kRow] = repeated[kElement] = 0;
  return s;
}

/// Elements that an operand holds.
inline int64_t elements_of(const nw_broadcast& s, const nw_i32* stride) {
  int64_t out = 1;
  for (int d = 0; d < NW_BROADCAST_RANK; ++d) out += int64_t{s.extent[d] - 1} * stride[d];
  return out;
}

/// A call of a kernel of two operands under `p`, whose `shape` is set; the second operand is the layer's weights.
template <class Params>
Layer pair_layer(const Kernel& kernel, const Params& p, Random& r) {
  Layer out{kernel_call(kernel, p, {operand(0), operand(1), result()}), {}, {}, 0, 1};
  out.weights = r.values<int8_t>(elements_of(p.shape, p.shape.b_stride));
  out.inputs = elements_of(p.shape, p.shape.a_stride);
  for (nw_i32 e : p.shape.extent) out.outputs *= e;
  return out;
}

/// The same bytes as the portable kernel's, apart from the input, and over it where the kernel permits that.
inline void expect_same_pair(const Layer& l, const KernelCall& call, Random& r) {
  auto input = r.values<int8_t>(l.inputs);
  auto const wanted = portable(l, input);
  std::vector<int8_t> out(wanted.size());
  run(call, l, input.data(), out.data());
  ASSERT_EQ(out, wanted) << to_text(call);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (call.arguments[i] != operand(0) || l.inputs != l.outputs) continue;
    if (!call.kernel->may_overwrite(i, call.params.data())) continue;
    run(call, l, input.data(), input.data());
    ASSERT_EQ(input, wanted) << "in place: " << to_text(call);
  }
}

}  // namespace narrow
