// Ops that choose elements by positions, or say where elements are.
#pragma once

#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// GATHER: slices of the data (operand 0) along an axis, chosen by positions (operand 1); the leading batch_dims
/// dimensions of both go together. EMBEDDING_LOOKUP: rows of a table (operand 1) chosen by positions (operand 0); a
/// table of 8-bit integers may have a float result. Computed positions outside of the data, at which runtimes stop with
/// an error, are taken as the nearest inside; constant ones are an error.
struct GatherAttributes {
  int axis = 0;
  int batch_dims = 0;
  static const AttributeType kType;
};
extern const OpDef kEmbeddingLookup;
extern const OpDef kGather;

/// GATHER_ND: slices of the data (operand 0), each chosen by the positions in one row of operand 1. SCATTER_ND: the
/// other way round: a result of zeros, of the shape that operand 2 lists, to which updates (operand 1) are added where
/// the rows of operand 0 say. Computed positions outside of the data, at which runtimes stop with an error, are taken
/// as the nearest inside; constant ones are an error.
extern const OpDef kGatherNd;
extern const OpDef kScatterNd;

/// ONE_HOT: for each position (operand 0) a row of so many elements as operand 1 says along a new axis, operand 2 at
/// the position and operand 3 elsewhere.
struct OneHotAttributes {
  int axis = 0;  // -1: the last one
  static const AttributeType kType;
};
extern const OpDef kOneHot;

/// WHERE: the indices, one row each, of the elements that are not zero. The condition must be known: how many rows
/// there are depends on its values.
extern const OpDef kWhere;

/// TOPK_V2: the k largest elements of each row, from the largest down, and where in the row they are.
extern const OpDef kTopkV2;

/// UNIQUE: the values that occur, in the order of their first places, and for each element which of them it is. The
/// data must be known: how many results there are depends on its values.
struct UniqueAttributes {
  DType idx_out_type = DType::int32;  // int32 or int64: the type of the second result
  static const AttributeType kType;
};
extern const OpDef kUnique;

/// BUCKETIZE: for each number, how many boundaries are at most as large.
struct BucketizeAttributes {
  std::vector<float> boundaries;  // in rising order
  static const AttributeType kType;
};
extern const OpDef kBucketize;

/// SEGMENT_SUM: sums of the rows of the data (operand 0) that belong to one segment; operand 1 says which does, from 0
/// on and never decreasing.
extern const OpDef kSegmentSum;

/// NON_MAX_SUPPRESSION_V4 and _V5: from boxes (operand 0, a row of two corners each: y, x, y, x) those with the highest
/// scores (operand 1) that overlap no box of a higher score by operand 3 or more, as a part of the area that both
/// cover. Operand 2 says how many are selected at most and must be known, operand 4 the score that a box must exceed.
/// Results: indices of the selected boxes from the highest score down, in V5 their scores, and how many there are; the
/// rest of both lists is 0. In V5 each overlap o with a selected box lowers a score by exp(-o^2 / (2 * operand 5)), if
/// operand 5 is positive.
extern const OpDef kNonMaxSuppressionV4;
extern const OpDef kNonMaxSuppressionV5;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kIndexingOps[] = {&kBucketize,
                                                &kEmbeddingLookup,
                                                &kGather,
                                                &kGatherNd,
                                                &kNonMaxSuppressionV4,
                                                &kNonMaxSuppressionV5,
                                                &kOneHot,
                                                &kScatterNd,
                                                &kSegmentSum,
                                                &kTopkV2,
                                                &kUnique,
                                                &kWhere};

}  // namespace narrow
