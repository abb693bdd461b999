#include "rows/kernel.h"

#include <algorithm>
#include <cstring>

namespace narrow {

size_t element_size(ElementType type) {
  switch (type) {
    case ElementType::untyped:
    case ElementType::i8:
    case ElementType::u8:
      return 1;
    case ElementType::i16:
    case ElementType::u16:
      return 2;
    case ElementType::i32:
    case ElementType::u32:
    case ElementType::f32:
      return 4;
    case ElementType::i64:
    case ElementType::f64:
      return 8;
  }
  return 1;
}

const char* c_type(ElementType type) {
  constexpr const char* kNames[] = {"void",   "nw_i8",  "nw_u8",  "nw_i16", "nw_u16",
                                    "nw_i32", "nw_u32", "nw_i64", "float",  "double"};
  return kNames[static_cast<size_t>(type)];
}

const ParamField* ParamTable::find(const char* wanted) const {
  for (const ParamField& f : fields)
    if (std::strcmp(f.name, wanted) == 0) return &f;
  return nullptr;
}

bool Kernel::may_overwrite(size_t argument, const void* values, bool smaller) const {
  auto const numbers = [&](const char* member) {
    return reinterpret_cast<const int32_t*>(static_cast<const std::byte*>(values) + params->find(member)->offset);
  };
  return std::any_of(in_place.begin(), in_place.end(), [&](const InPlace& p) {
    if (p.argument != argument || (smaller && !p.shrinks)) return false;
    if (!p.strides) return true;
    const int32_t* const extent = numbers("shape.extent");
    const int32_t* const stride = numbers(p.strides);
    uint32_t const rank = params->find(p.strides)->count;
    for (uint32_t d = 0; d < rank; ++d)
      if (extent[d] > 1 && stride[d] == 0) return false;
    return true;
  });
}

}  // namespace narrow
