// Shapes, and movement of elements without arithmetic.
#include "ops/concatenation.h"
#include "ops/pack.h"
#include "ops/reshape.h"
#include "ops/shape.h"
#include "ops/squeeze.h"
#include "ops/strided_slice.h"
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

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<ConcatTable>(CONCATENATION, "1.5.0", "1.14.0", "2.3.0"),
    spell<EmptyTable<format::ExpandDimsOptionsT>>(EXPAND_DIMS, "1.10.0"),
    spell<PackTable>(PACK, "1.11.0", "1.14.0", "2.3.0"),
    spell<EmptyTable<format::PadOptionsT>>(PAD, "1.5.0", "1.14.0", "2.4.0", "2.6.0"),
    spell<ReshapeTable>(RESHAPE, "1.5.0"),
    spell<ShapeTable>(SHAPE, "1.10.0"),
    spell<SqueezeTable>(SQUEEZE, "1.6.0", "2.5.0"),
    spell<SliceTable>(STRIDED_SLICE, "1.6.0", "1.14.0", "2.1.0", "2.2.0", "2.5.0", "2.6.0"),
    spell<EmptyTable<format::TransposeOptionsT>>(TRANSPOSE, "1.6.0", "1.14.0", "1.15.0", "2.3.0", "2.4.0"),
};

}  // namespace

std::span<const Spelling> layout_spellings() {
  return kRows;
}

}  // namespace narrow
