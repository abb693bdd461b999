// Shapes, and movement of elements without arithmetic.
#include "ops/indexing/gather.h"
#include "ops/indexing/one_hot.h"
#include "ops/indexing/unique.h"
#include "ops/layout/concatenation.h"
#include "ops/layout/mirror_pad.h"
#include "ops/layout/pack.h"
#include "ops/layout/reshape.h"
#include "ops/layout/reverse_sequence.h"
#include "ops/layout/shape.h"
#include "ops/layout/space_to_depth.h"
#include "ops/layout/split.h"
#include "ops/layout/squeeze.h"
#include "ops/layout/strided_slice.h"
#include "ops/layout/unpack.h"
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
  static format::BuiltinOptionsUnion write(const Attributes& attributes) {
    auto const* ours = attributes.get_if<ReshapeAttributes>();
    return ours && !ours->new_shape.empty() ? ReshapeFields::write(attributes) : format::BuiltinOptionsUnion();
  }
};

using ShapeTable =
    Table<ShapeAttributes, format::ShapeOptionsT, Field<&ShapeAttributes::out_type, &format::ShapeOptionsT::out_type>>;

using SqueezeTable = Table<SqueezeAttributes, format::SqueezeOptionsT,
                           Field<&SqueezeAttributes::axes, &format::SqueezeOptionsT::squeeze_dims>>;

using UniqueTable = Table<UniqueAttributes, format::UniqueOptionsT,
                          Field<&UniqueAttributes::idx_out_type, &format::UniqueOptionsT::idx_out_type>>;

using Slice = StridedSliceAttributes;
using SliceT = format::StridedSliceOptionsT;
using SliceTable =
    Table<Slice, SliceT, Field<&Slice::begin_mask, &SliceT::begin_mask>, Field<&Slice::end_mask, &SliceT::end_mask>,
          Field<&Slice::ellipsis_mask, &SliceT::ellipsis_mask>, Field<&Slice::new_axis_mask, &SliceT::new_axis_mask>,
          Field<&Slice::shrink_axis_mask, &SliceT::shrink_axis_mask>, Field<&Slice::offset, &SliceT::offset>>;

template <class Options>
using BlockTable = Table<BlockAttributes, Options, Field<&BlockAttributes::size, &Options::block_size>>;

using GatherTable =
    Table<GatherAttributes, format::GatherOptionsT, Field<&GatherAttributes::axis, &format::GatherOptionsT::axis>,
          Field<&GatherAttributes::batch_dims, &format::GatherOptionsT::batch_dims>>;

using MirrorTable = Table<MirrorPadAttributes, format::MirrorPadOptionsT,
                          Field<&MirrorPadAttributes::mode, &format::MirrorPadOptionsT::mode>>;

using OneHotTable =
    Table<OneHotAttributes, format::OneHotOptionsT, Field<&OneHotAttributes::axis, &format::OneHotOptionsT::axis>>;

using ReverseTable = Table<ReverseSequenceAttributes, format::ReverseSequenceOptionsT,
                           Field<&ReverseSequenceAttributes::sequence_axis, &format::ReverseSequenceOptionsT::seq_dim>,
                           Field<&ReverseSequenceAttributes::batch_axis, &format::ReverseSequenceOptionsT::batch_dim>>;

template <class Options>
using SplitTable = Table<SplitAttributes, Options, Field<&SplitAttributes::count, &Options::num_splits>>;

using UnpackTable =
    Table<UnpackAttributes, format::UnpackOptionsT, Field<&UnpackAttributes::count, &format::UnpackOptionsT::num>,
          Field<&UnpackAttributes::axis, &format::UnpackOptionsT::axis>>;

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<EmptyTable<format::BatchToSpaceNDOptionsT>>(BATCH_TO_SPACE_ND, "1.6.0", "1.14.0", "2.3.0", "2.12.0"),
    spell<NoTable>(BROADCAST_ARGS, "2.6.0"),
    spell<EmptyTable<format::BroadcastToOptionsT>>(BROADCAST_TO, nullptr, "2.5.0", "2.5.0"),
    spell<ConcatTable>(CONCATENATION, "1.5.0", "1.14.0", "2.3.0"),
    spell<BlockTable<format::DepthToSpaceOptionsT>>(DEPTH_TO_SPACE, "2.1.0", "2.5.0"),
    spell<EmptyTable<format::DynamicUpdateSliceOptionsT>>(DYNAMIC_UPDATE_SLICE, "2.9.0", "2.17.0", "2.19.0", "2.20.0"),
    spell<NoTable>(EMBEDDING_LOOKUP, "1.13.0", "1.14.0", "1.14.0", "2.18.0"),
    spell<EmptyTable<format::ExpandDimsOptionsT>>(EXPAND_DIMS, "1.10.0"),
    spell<EmptyTable<format::FillOptionsT>>(FILL, "1.13.0", "2.3.0", "2.5.0"),
    spell<GatherTable>(GATHER, "1.6.0", "1.14.0", "1.15.0", "2.4.0", "2.5.0", "2.13.0"),
    spell<EmptyTable<format::GatherNdOptionsT>>(GATHER_ND, "1.14.0", "2.3.0", "2.5.0", "2.13.0", "2.16.0"),
    spell<EmptyTable<format::MatrixDiagOptionsT>>(MATRIX_DIAG, "1.14.0"),
    spell<EmptyTable<format::MatrixSetDiagOptionsT>>(MATRIX_SET_DIAG, "1.14.0"),
    spell<MirrorTable>(MIRROR_PAD, "1.13.1", "2.3.0", "2.12.0"),
    spell<OneHotTable>(ONE_HOT, "1.11.0"),
    spell<PackTable>(PACK, "1.11.0", "1.14.0", "2.3.0"),
    spell<EmptyTable<format::PadOptionsT>>(PAD, "1.5.0", "1.14.0", "2.4.0", "2.6.0", "2.20.0"),
    spell<EmptyTable<format::PadV2OptionsT>>(PADV2, "1.9.0", "1.14.0", "2.4.0", "2.6.0", "2.20.0"),
    spell<EmptyTable<format::RangeOptionsT>>(RANGE, "1.13.0", "2.14.0"),
    spell<EmptyTable<format::RankOptionsT>>(RANK, "1.14.0"),
    spell<ReshapeTable>(RESHAPE, "1.5.0"),
    spell<ReverseTable>(REVERSE_SEQUENCE, "1.14.0"),
    spell<EmptyTable<format::ReverseV2OptionsT>>(REVERSE_V2, "1.14.0", "2.2.0", "2.5.0"),
    spell<EmptyTable<format::ScatterNdOptionsT>>(SCATTER_ND, "2.1.0"),
    spell<EmptyTable<format::SegmentSumOptionsT>>(SEGMENT_SUM, "2.2.0"),
    spell<ShapeTable>(SHAPE, "1.10.0"),
    spell<EmptyTable<format::SliceOptionsT>>(SLICE, "1.14.0", "1.14.0", "1.14.0", "2.4.0", "2.5.0"),
    spell<EmptyTable<format::SpaceToBatchNDOptionsT>>(SPACE_TO_BATCH_ND, "1.6.0", "1.14.0", "2.3.0", "2.12.0"),
    spell<BlockTable<format::SpaceToDepthOptionsT>>(SPACE_TO_DEPTH, "1.5.0", "1.14.0"),
    spell<SplitTable<format::SplitOptionsT>>(SPLIT, "1.5.0", "1.14.0", "1.14.0", "2.3.0"),
    spell<SplitTable<format::SplitVOptionsT>>(SPLIT_V, "1.13.1", "2.3.0"),
    spell<SqueezeTable>(SQUEEZE, "1.6.0", "2.5.0"),
    spell<SliceTable>(STRIDED_SLICE, "1.6.0", "1.14.0", "2.1.0", "2.2.0", "2.5.0", "2.6.0", "2.14.0", "2.14.0"),
    spell<EmptyTable<format::TileOptionsT>>(TILE, "1.10.1", "2.2.0", "2.8.0"),
    spell<EmptyTable<format::TransposeOptionsT>>(TRANSPOSE, "1.6.0", "1.14.0", "1.15.0", "2.3.0", "2.4.0", "2.12.0",
                                                 "2.14.4", "2.22.0"),
    spell<UniqueTable>(UNIQUE, "1.14.0"),
    spell<UnpackTable>(UNPACK, "1.11.0", "1.14.0", "2.2.0", "2.3.0"),
    spell<EmptyTable<format::ZerosLikeOptionsT>>(ZEROS_LIKE, "1.12.0"),
};

}  // namespace

std::span<const Spelling> layout_spellings() {
  return kRows;
}

}  // namespace narrow
