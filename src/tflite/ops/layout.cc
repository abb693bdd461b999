// Shapes, and movement of elements without arithmetic.
#include "ops/concatenation.h"
#include "ops/pack.h"
#include "ops/reshape.h"
#include "ops/shape.h"
#include "ops/space_to_depth.h"
#include "ops/split.h"
#include "ops/squeeze.h"
#include "ops/strided_slice.h"
#include "ops/unpack.h"
#include "tflite/fields.h"

namespace narrow {
namespace {

using Concat = ConcatenationAttributes;
using ConcatT = format::ConcatenationOptionsT;
using ConcatTable = Table<Concat, ConcatT, Field<&Concat::axis, &ConcatT::axis>,
                          Field<&Concat::activation, &ConcatT::fused_activation_function>>;

using PackTable =
    Table<PackAttributes, format::PackOptionsT, Field<&PackAttributes::count, &format::PackOptionsT::values_count>,
          Field<&PackAttributes::axis, &format::PackOptionsT::axis>>;

using ReshapeFields = Table<ReshapeAttributes, format::ReshapeOptionsT,
                            Field<&ReshapeAttributes::new_shape, &format::ReshapeOptionsT::new_shape>>;

/// A table without the new shape says nothing, and is left out.
struct ReshapeTable : ReshapeFields {
  static format::BuiltinOptionsUnion write(const std::any& attributes) {
    auto const* ours = std::any_cast<ReshapeAttributes>(&attributes);
    return ours && !ours->new_shape.empty() ? ReshapeFields::write(attributes) : format::BuiltinOptionsUnion();
  }
};

using ShapeTable =
    Table<ShapeAttributes, format::ShapeOptionsT, Field<&ShapeAttributes::out_type, &format::ShapeOptionsT::out_type>>;

using SqueezeTable = Table<SqueezeAttributes, format::SqueezeOptionsT,
                           Field<&SqueezeAttributes::axes, &format::SqueezeOptionsT::squeeze_dims>>;

using Slice = StridedSliceAttributes;
using SliceT = format::StridedSliceOptionsT;
using SliceTable =
    Table<Slice, SliceT, Field<&Slice::begin_mask, &SliceT::begin_mask>, Field<&Slice::end_mask, &SliceT::end_mask>,
          Field<&Slice::ellipsis_mask, &SliceT::ellipsis_mask>, Field<&Slice::new_axis_mask, &SliceT::new_axis_mask>,
          Field<&Slice::shrink_axis_mask, &SliceT::shrink_axis_mask>, Field<&Slice::offset, &SliceT::offset>>;

template <class Options>
using BlockTable = Table<BlockAttributes, Options, Field<&BlockAttributes::size, &Options::block_size>>;

template <class Options>
using SplitTable = Table<SplitAttributes, Options, Field<&SplitAttributes::count, &Options::num_splits>>;

using UnpackTable =
    Table<UnpackAttributes, format::UnpackOptionsT, Field<&UnpackAttributes::count, &format::UnpackOptionsT::num>,
          Field<&UnpackAttributes::axis, &format::UnpackOptionsT::axis>>;

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<NoTable>(BROADCAST_ARGS, "2.6.0"),
    spell<EmptyTable<format::BroadcastToOptionsT>>(BROADCAST_TO, nullptr, "2.5.0", "2.5.0"),
    spell<ConcatTable>(CONCATENATION, "1.5.0", "1.14.0", "2.3.0"),
    spell<BlockTable<format::DepthToSpaceOptionsT>>(DEPTH_TO_SPACE, "2.1.0", "2.5.0"),
    spell<EmptyTable<format::ExpandDimsOptionsT>>(EXPAND_DIMS, "1.10.0"),
    spell<EmptyTable<format::FillOptionsT>>(FILL, "1.13.0", "2.3.0", "2.5.0"),
    spell<PackTable>(PACK, "1.11.0", "1.14.0", "2.3.0"),
    spell<EmptyTable<format::PadOptionsT>>(PAD, "1.5.0", "1.14.0", "2.4.0", "2.6.0", "2.20.0"),
    spell<EmptyTable<format::RangeOptionsT>>(RANGE, "1.13.0", "2.14.0"),
    spell<EmptyTable<format::RankOptionsT>>(RANK, "1.14.0"),
    spell<ReshapeTable>(RESHAPE, "1.5.0"),
    spell<EmptyTable<format::ReverseV2OptionsT>>(REVERSE_V2, "1.14.0", "2.2.0", "2.5.0"),
    spell<ShapeTable>(SHAPE, "1.10.0"),
    spell<EmptyTable<format::SliceOptionsT>>(SLICE, "1.14.0", "1.14.0", "1.14.0", "2.4.0", "2.5.0"),
    spell<BlockTable<format::SpaceToDepthOptionsT>>(SPACE_TO_DEPTH, "1.5.0", "1.14.0"),
    spell<SplitTable<format::SplitOptionsT>>(SPLIT, "1.5.0", "1.14.0", "1.14.0", "2.3.0"),
    spell<SplitTable<format::SplitVOptionsT>>(SPLIT_V, "1.13.1", "2.3.0"),
    spell<SqueezeTable>(SQUEEZE, "1.6.0", "2.5.0"),
    spell<SliceTable>(STRIDED_SLICE, "1.6.0", "1.14.0", "2.1.0", "2.2.0", "2.5.0", "2.6.0", "2.14.0", "2.14.0"),
    spell<EmptyTable<format::TileOptionsT>>(TILE, "1.10.1", "2.2.0", "2.8.0"),
    spell<EmptyTable<format::TransposeOptionsT>>(TRANSPOSE, "1.6.0", "1.14.0", "1.15.0", "2.3.0", "2.4.0", "2.12.0",
                                                 "2.14.4", "2.22.0"),
    spell<UnpackTable>(UNPACK, "1.11.0", "1.14.0", "2.2.0", "2.3.0"),
    spell<EmptyTable<format::ZerosLikeOptionsT>>(ZEROS_LIKE, "1.12.0"),
};

}  // namespace

std::span<const Spelling> layout_spellings() {
  return kRows;
}

}  // namespace narrow
