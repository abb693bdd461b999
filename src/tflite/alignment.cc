#include "tflite/alignment.h"

namespace narrow {
namespace {

bool check(const format::StablehloConvolutionOptions& o) {
  return aligned(o.window_strides(), o.padding(), o.lhs_dilation(), o.rhs_dilation(), o.input_spatial_dimensions(),
                 o.kernel_spatial_dimensions(), o.output_spatial_dimensions());
}
bool check(const format::StablehloDotGeneralOptions& o) {
  return aligned(o.lhs_batching_dimensions(), o.rhs_batching_dimensions(), o.lhs_contracting_dimensions(),
                 o.rhs_contracting_dimensions());
}
bool check(const format::StablehloReduceOptions& o) {
  return aligned(o.dimensions());
}
bool check(const format::StablehloReduceWindowOptions& o) {
  return aligned(o.window_dimensions(), o.window_strides(), o.base_dilations(), o.window_dilations(), o.padding());
}
bool check(const format::StablehloGatherOptions& o) {
  return aligned(o.offset_dims(), o.collapsed_slice_dims(), o.start_index_map(), o.slice_sizes());
}
bool check(const format::StablehloScatterOptions& o) {
  return aligned(o.update_window_dims(), o.inserted_window_dims(), o.scatter_dims_to_operand_dims());
}
bool check(const format::StablehloBroadcastInDimOptions& o) {
  return aligned(o.broadcast_dimensions());
}
bool check(const format::StablehloTransposeOptions& o) {
  return aligned(o.permutation());
}
bool check(const format::StablehloSliceOptions& o) {
  return aligned(o.start_indices(), o.limit_indices(), o.strides());
}
bool check(const format::StablehloDynamicSliceOptions& o) {
  return aligned(o.slice_sizes());
}
bool check(const format::StablehloPadOptions& o) {
  return aligned(o.edge_padding_low(), o.edge_padding_high(), o.interior_padding());
}

/// Options of another table count as aligned.
template <class Table>
bool check_if(const format::Operator& op) {
  const Table* options = op.builtin_options_2_as<Table>();
  return !options || check(*options);
}

template <class... Tables>
bool check_all(const format::Operator& op) {
  return (check_if<Tables>(op) && ...);
}

}  // namespace

bool aligned_options(const format::Operator& op) {
  using namespace format;
  return check_all<StablehloConvolutionOptions, StablehloDotGeneralOptions, StablehloReduceOptions,
                   StablehloReduceWindowOptions, StablehloGatherOptions, StablehloScatterOptions,
                   StablehloBroadcastInDimOptions, StablehloTransposeOptions, StablehloSliceOptions,
                   StablehloDynamicSliceOptions, StablehloPadOptions>(op);
}

}  // namespace narrow
