// Ops that move elements without arithmetic, and ops on shapes.
#pragma once

#include <vector>

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

/// RESHAPE: the same elements in another shape; operand 1 or the attribute gives it, one -1 allowed.
struct ReshapeAttributes {
  std::vector<int32_t> new_shape;  // used where operand 1 is left out
  static const AttributeType kType;
};
extern const OpDef kReshape;

/// SQUEEZE: dimensions of one element removed.
struct SqueezeAttributes {
  std::vector<int32_t> axes;  // all dimensions of one element where empty
  static const AttributeType kType;
};
extern const OpDef kSqueeze;

/// EXPAND_DIMS: a dimension of one element put in at the axis that operand 1 gives.
extern const OpDef kExpandDims;

/// SHAPE: the operand's dimensions as integers. RANK: how many they are, in int32.
struct ShapeAttributes {
  DType out_type = DType::int32;  // int32 or int64
  static const AttributeType kType;
};
extern const OpDef kRank;
extern const OpDef kShape;

/// TRANSPOSE: dimensions permuted; operand 1 is the permutation.
extern const OpDef kTranspose;

/// CONCATENATION: operands one behind the other along an axis.
struct ConcatenationAttributes {
  int axis = 0;  // negative counts from the end
  Activation activation = Activation::none;
  static const AttributeType kType;
};
extern const OpDef kConcatenation;

/// SPLIT: data (operand 1) cut along an axis (operand 0) into equal parts. SPLIT_V: data (operand 0) cut into parts of
/// given sizes (operand 1, one of which may be -1) along an axis (operand 2).
struct SplitAttributes {
  int count = 0;
  static const AttributeType kType;
};
extern const OpDef kSplit;
extern const OpDef kSplitV;

/// PACK: operands of one shape stacked along a new axis.
struct PackAttributes {
  int count = 1;
  int axis = 0;  // negative counts from the end
  static const AttributeType kType;
};
extern const OpDef kPack;

/// UNPACK: data cut along an axis, which goes away, into one result for each index.
struct UnpackAttributes {
  int count = 0;
  int axis = 0;
  static const AttributeType kType;
};
extern const OpDef kUnpack;

/// SLICE: from data (operand 0), elements from a begin (operand 1) on, so many as a size (operand 2) says for each
/// dimension; -1 stands for all that are left. A begin that is computed is taken as the nearest that leaves the slice
/// inside the data.
extern const OpDef kSlice;

/// STRIDED_SLICE: operands: data, begin, end, strides. Begins may be computed where a single element is taken; the
/// nearest inside of the data is, then.
struct StridedSliceAttributes {
  int begin_mask = 0;  // bit i: begin of dimension i is ignored; likewise below
  int end_mask = 0;
  int ellipsis_mask = 0;
  int new_axis_mask = 0;
  int shrink_axis_mask = 0;
  bool offset = false;  // end counts from begin
  static const AttributeType kType;
};
extern const OpDef kStridedSlice;

/// PAD: the data (operand 0) surrounded by zeros; PADV2: by a value (operand 2). Operand 1 holds how many elements come
/// before and after each dimension.
extern const OpDef kPad;
extern const OpDef kPadV2;

/// MIRROR_PAD: the data (operand 0) surrounded by its own reflection; operand 1 holds how many elements come before and
/// after each dimension.
/// `reflect` mirrors at the outermost elements, `symmetric` repeats them.
enum class MirrorMode : int8_t { reflect, symmetric };

template <>
struct EnumNames<MirrorMode> {
  static constexpr std::array<const char*, 2> kNames{"reflect", "symmetric"};
};

struct MirrorPadAttributes {
  MirrorMode mode = MirrorMode::reflect;
  static const AttributeType kType;
};
extern const OpDef kMirrorPad;

/// TILE: data (operand 0) repeated along each dimension, so often as operand 1 says.
extern const OpDef kTile;

/// BROADCAST_TO: data (operand 0) repeated to a shape (operand 1 lists the dimensions). BROADCAST_ARGS: the shape that
/// two listed shapes broadcast to together.
extern const OpDef kBroadcastArgs;
extern const OpDef kBroadcastTo;

/// REVERSE_V2: data (operand 0) backwards along the axes that operand 1 lists.
extern const OpDef kReverseV2;

/// REVERSE_SEQUENCE: the first elements of the data (operand 0) along sequence_axis backwards, as many as operand 1
/// says for each index along batch_axis. Lengths that do not fit are taken as the nearest that do.
struct ReverseSequenceAttributes {
  int sequence_axis = 0;
  int batch_axis = 0;
  static const AttributeType kType;
};
extern const OpDef kReverseSequence;

/// SPACE_TO_DEPTH: squares of an image become channels, rows first. DEPTH_TO_SPACE: the other way round.
struct BlockAttributes {
  int size = 0;  // side of the squares
  static const AttributeType kType;
};
extern const OpDef kDepthToSpace;
extern const OpDef kSpaceToDepth;

/// SPACE_TO_BATCH_ND: images (operand 0, [batch, height, width, channels] or [batch, height, channels]) are padded
/// (operand 2) with zeros and taken apart into block (operand 1) tiles, which become images of their own.
/// BATCH_TO_SPACE_ND: the other way round, cropped (operand 2) in the end.
extern const OpDef kBatchToSpaceNd;
extern const OpDef kSpaceToBatchNd;

/// What operands 1 and 2 say, rows first; a missing width counts as one column.
struct Blocks {
  int64_t rows = 1, columns = 1;                     // of a block, >= 1
  int64_t top = 0, bottom = 0, left = 0, right = 0;  // padded or cropped, >= 0
};

/// unsupported where the operands are computed or the data has other than 1 or 2 spatial dimensions.
Result<Blocks> blocks_of(const OpView& op);

/// DYNAMIC_UPDATE_SLICE: the data (operand 0) with an update (operand 1) in place of what is there from a begin
/// (operand 2) on. A begin that would let the update stick out is taken as the nearest that does not, as the runtimes
/// do.
extern const OpDef kDynamicUpdateSlice;

/// MATRIX_DIAG: square matrices with the rows of the data on their diagonals and zeros elsewhere. MATRIX_SET_DIAG: the
/// matrices of operand 0 with the rows of operand 1 on their diagonals.
extern const OpDef kMatrixDiag;
extern const OpDef kMatrixSetDiag;

/// FILL: one value (operand 1) in every place of a shape (operand 0 lists the dimensions).
extern const OpDef kFill;

/// RANGE: start, start + delta, ... up to, without, limit (operands start, limit, delta: scalars of one type).
extern const OpDef kRange;

/// ZEROS_LIKE: zeros in the shape and type of the data.
extern const OpDef kZerosLike;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kLayoutOps[] = {&kBatchToSpaceNd,
                                              &kBroadcastArgs,
                                              &kBroadcastTo,
                                              &kConcatenation,
                                              &kDepthToSpace,
                                              &kDynamicUpdateSlice,
                                              &kExpandDims,
                                              &kFill,
                                              &kMatrixDiag,
                                              &kMatrixSetDiag,
                                              &kMirrorPad,
                                              &kPack,
                                              &kPad,
                                              &kPadV2,
                                              &kRange,
                                              &kRank,
                                              &kReshape,
                                              &kReverseSequence,
                                              &kReverseV2,
                                              &kShape,
                                              &kSlice,
                                              &kSpaceToBatchNd,
                                              &kSpaceToDepth,
                                              &kSplit,
                                              &kSplitV,
                                              &kSqueeze,
                                              &kStridedSlice,
                                              &kTile,
                                              &kTranspose,
                                              &kUnpack,
                                              &kZerosLike};

}  // namespace narrow
