// Choices of elements by positions, and positions of elements.
#include "ops/indexing/indexing.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using BucketizeTable = Table<BucketizeAttributes, format::BucketizeOptionsT,
                             Field<&BucketizeAttributes::boundaries, &format::BucketizeOptionsT::boundaries>>;

using UniqueTable = Table<UniqueAttributes, format::UniqueOptionsT,
                          Field<&UniqueAttributes::idx_out_type, &format::UniqueOptionsT::idx_out_type>>;

using GatherTable =
    Table<GatherAttributes, format::GatherOptionsT, Field<&GatherAttributes::axis, &format::GatherOptionsT::axis>,
          Field<&GatherAttributes::batch_dims, &format::GatherOptionsT::batch_dims>>;

using OneHotTable =
    Table<OneHotAttributes, format::OneHotOptionsT, Field<&OneHotAttributes::axis, &format::OneHotOptionsT::axis>>;

using enum format::BuiltinOperator;

constexpr Codec kIndexing[] = {
    codec<BucketizeTable>(BUCKETIZE, "2.8.0"),
    codec<NoTable>(EMBEDDING_LOOKUP, "1.13.0", "1.14.0", "1.14.0", "2.18.0"),
    codec<GatherTable>(GATHER, "1.6.0", "1.14.0", "1.15.0", "2.4.0", "2.5.0", "2.13.0"),
    codec<EmptyTable<format::GatherNdOptionsT>>(GATHER_ND, "1.14.0", "2.3.0", "2.5.0", "2.13.0", "2.16.0"),
    codec<EmptyTable<format::NonMaxSuppressionV4OptionsT>>(NON_MAX_SUPPRESSION_V4, "2.1.0"),
    codec<EmptyTable<format::NonMaxSuppressionV5OptionsT>>(NON_MAX_SUPPRESSION_V5, "2.1.0"),
    codec<OneHotTable>(ONE_HOT, "1.11.0"),
    codec<EmptyTable<format::ScatterNdOptionsT>>(SCATTER_ND, "2.1.0"),
    codec<EmptyTable<format::SegmentSumOptionsT>>(SEGMENT_SUM, "2.2.0"),
    codec<EmptyTable<format::TopKV2OptionsT>>(TOPK_V2, "1.7.0", "1.14.0", "2.13.0"),
    codec<UniqueTable>(UNIQUE, "1.14.0"),
    codec<EmptyTable<format::WhereOptionsT>>(WHERE, "1.14.0", "2.8.0"),
};

}  // namespace

std::span<const Codec> indexing_codecs() {
  return kIndexing;
}

}  // namespace narrow
