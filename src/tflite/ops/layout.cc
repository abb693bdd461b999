// Shapes, and movement of elements without arithmetic.
#include "ops/layout/layout.h"

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

using Slice = StridedSliceAttributes;
using SliceT = format::StridedSliceOptionsT;
using SliceTable =
    Table<Slice, SliceT, Field<&Slice::begin_mask, &SliceT::begin_mask>, Field<&Slice::end_mask, &SliceT::end_mask>,
          Field<&Slice::ellipsis_mask, &SliceT::ellipsis_mask>, Field<&Slice::new_axis_mask, &SliceT::new_axis_mask>,
          Field<&Slice::shrink_axis_mask, &SliceT::shrink_axis_mask>, Field<&Slice::offset, &SliceT::offset>>;

template <class Options>
using BlockTable = Table<BlockAttributes, Options, Field<&BlockAttributes::size, &Options::block_size>>;

using MirrorTable = Table<MirrorPadAttributes, format::MirrorPadOptionsT,
                          Field<&MirrorPadAttributes::mode, &format::MirrorPadOptionsT::mode>>;

using ReverseTable = Table<ReverseSequenceAttributes, format::ReverseSequenceOptionsT,
                           Field<&ReverseSequenceAttributes::sequence_axis, &format::ReverseSequenceOptionsT::seq_dim>,
                           Field<&ReverseSequenceAttributes::batch_axis, &format::ReverseSequenceOptionsT::batch_dim>>;

template <class Options>
using SplitTable = Table<SplitAttributes, Options, Field<&SplitAttributes::count, &Options::num_splits>>;

using UnpackTable =
    Table<UnpackAttributes, format::UnpackOptionsT, Field<&UnpackAttributes::count, &format::UnpackOptionsT::num>,
          Field<&UnpackAttributes::axis, &format::UnpackOptionsT::axis>>;

using enum format::BuiltinOperator;

constexpr Codec kLayout[] = {
    codec<EmptyTable<format::BatchToSpaceNDOptionsT>>(BATCH_TO_SPACE_ND, "1.6.0", "1.14.0", "2.3.0", "2.12.0"),
    codec<NoTable>(BROADCAST_ARGS, "2.6.0"),
    codec<EmptyTable<format::BroadcastToOptionsT>>(BROADCAST_TO, nullptr, "2.5.0", "2.5.0"),
    codec<ConcatTable>(CONCATENATION, "1.5.0", "1.14.0", "2.3.0"),
    codec<BlockTable<format::DepthToSpaceOptionsT>>(DEPTH_TO_SPACE, "2.1.0", "2.5.0"),
    codec<EmptyTable<format::DynamicUpdateSliceOptionsT>>(DYNAMIC_UPDATE_SLICE, "2.9.0", "2.17.0", "2.19.0", "2.20.0"),
    codec<EmptyTable<format::ExpandDimsOptionsT>>(EXPAND_DIMS, "1.10.0"),
    codec<EmptyTable<format::FillOptionsT>>(FILL, "1.13.0", "2.3.0", "2.5.0"),
    codec<EmptyTable<format::MatrixDiagOptionsT>>(MATRIX_DIAG, "1.14.0"),
    codec<EmptyTable<format::MatrixSetDiagOptionsT>>(MATRIX_SET_DIAG, "1.14.0"),
    codec<MirrorTable>(MIRROR_PAD, "1.13.1", "2.3.0", "2.12.0"),
    codec<PackTable>(PACK, "1.11.0", "1.14.0", "2.3.0"),
    codec<EmptyTable<format::PadOptionsT>>(PAD, "1.5.0", "1.14.0", "2.4.0", "2.6.0", "2.20.0"),
    codec<EmptyTable<format::PadV2OptionsT>>(PADV2, "1.9.0", "1.14.0", "2.4.0", "2.6.0", "2.20.0"),
    codec<EmptyTable<format::RangeOptionsT>>(RANGE, "1.13.0", "2.14.0"),
    codec<EmptyTable<format::RankOptionsT>>(RANK, "1.14.0"),
    codec<ReshapeTable>(RESHAPE, "1.5.0"),
    codec<ReverseTable>(REVERSE_SEQUENCE, "1.14.0"),
    codec<EmptyTable<format::ReverseV2OptionsT>>(REVERSE_V2, "1.14.0", "2.2.0", "2.5.0"),
    codec<ShapeTable>(SHAPE, "1.10.0"),
    codec<EmptyTable<format::SliceOptionsT>>(SLICE, "1.14.0", "1.14.0", "1.14.0", "2.4.0", "2.5.0"),
    codec<EmptyTable<format::SpaceToBatchNDOptionsT>>(SPACE_TO_BATCH_ND, "1.6.0", "1.14.0", "2.3.0", "2.12.0"),
    codec<BlockTable<format::SpaceToDepthOptionsT>>(SPACE_TO_DEPTH, "1.5.0", "1.14.0"),
    codec<SplitTable<format::SplitOptionsT>>(SPLIT, "1.5.0", "1.14.0", "1.14.0", "2.3.0"),
    codec<SplitTable<format::SplitVOptionsT>>(SPLIT_V, "1.13.1", "2.3.0"),
    codec<SqueezeTable>(SQUEEZE, "1.6.0", "2.5.0"),
    codec<SliceTable>(STRIDED_SLICE, "1.6.0", "1.14.0", "2.1.0", "2.2.0", "2.5.0", "2.6.0", "2.14.0", "2.14.0"),
    codec<EmptyTable<format::TileOptionsT>>(TILE, "1.10.1", "2.2.0", "2.8.0"),
    codec<EmptyTable<format::TransposeOptionsT>>(TRANSPOSE, "1.6.0", "1.14.0", "1.15.0", "2.3.0", "2.4.0", "2.12.0",
                                                 "2.14.4", "2.22.0"),
    codec<UnpackTable>(UNPACK, "1.11.0", "1.14.0", "2.2.0", "2.3.0"),
    codec<EmptyTable<format::ZerosLikeOptionsT>>(ZEROS_LIKE, "1.12.0"),
};

}  // namespace

std::span<const Codec> layout_codecs() {
  return kLayout;
}

}  // namespace narrow
