#include "ops/def/element_dtype.h"

namespace narrow {

DType dtype_of(ElementType type) {
  switch (type) {
    case ElementType::i8:
      return DType::int8;
    case ElementType::i16:
      return DType::int16;
    case ElementType::u16:
      return DType::uint16;
    case ElementType::i32:
      return DType::int32;
    case ElementType::u32:
      return DType::uint32;
    case ElementType::i64:
      return DType::int64;
    case ElementType::f32:
      return DType::float32;
    case ElementType::f64:
      return DType::float64;
    default:
      return DType::uint8;
  }
}

ElementType element_type(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return ElementType::i8;
    case DType::int16:
      return ElementType::i16;
    case DType::uint16:
    case DType::float16:
      return ElementType::u16;
    case DType::int32:
    case DType::resource:
      return ElementType::i32;
    case DType::uint32:
      return ElementType::u32;
    case DType::int64:
      return ElementType::i64;
    case DType::float32:
      return ElementType::f32;
    case DType::float64:
      return ElementType::f64;
    default:
      return ElementType::u8;
  }
}

}  // namespace narrow
