// Element-wise functions of two operands that hold plain numbers: floats, indices and truth values, without a scale.
#pragma once

#include "ops/arithmetic/elementwise.h"

namespace narrow {

/// A boolean as files store it: any byte but 0 is true.
class Truth {
 public:
  Truth() = default;
  Truth(bool value) : byte_(value ? 1 : 0) {}  // NOLINT: stands for bool
  operator bool() const { return byte_ != 0; }

 private:
  uint8_t byte_ = 0;
};

/// The C++ type of elements that plain numbers are computed in.
template <class T>
struct PlainType;
template <>
struct PlainType<float> {
  static constexpr DType dtype = DType::float32;
};
template <>
struct PlainType<int8_t> {
  static constexpr DType dtype = DType::int8;
};
template <>
struct PlainType<uint8_t> {
  static constexpr DType dtype = DType::uint8;
};
template <>
struct PlainType<int16_t> {
  static constexpr DType dtype = DType::int16;
};
template <>
struct PlainType<uint16_t> {
  static constexpr DType dtype = DType::uint16;
};
template <>
struct PlainType<int32_t> {
  static constexpr DType dtype = DType::int32;
};
template <>
struct PlainType<uint32_t> {
  static constexpr DType dtype = DType::uint32;
};
template <>
struct PlainType<int64_t> {
  static constexpr DType dtype = DType::int64;
};
template <>
struct PlainType<Truth> {
  static constexpr DType dtype = DType::boolean;
};

/// unsupported: no op computes on elements of that type.
inline tl::unexpected<Error> no_kernel(DType dtype) {
  return fail(ErrorKind::unsupported, std::string("nothing computes on ") + to_string(dtype));
}

/// The step out = f(a, b) for each element, where operands 0 and 1 hold one of `Types`, as plain numbers without a
/// scale; f takes two of any of them. unsupported names any other type.
template <class... Types, class F>
Result<Step> lower_each(const OpView& op, F f) {
  NARROW_TRY(Operands const o, operands_of(op));
  Step step;
  auto fits = [&]<class T>(T) {
    if (op.input(0).dtype != PlainType<T>::dtype || op.input(1).dtype != PlainType<T>::dtype) return false;
    using Out = decltype(f(T(), T()));
    if (op.output().dtype != PlainType<Out>::dtype) return false;
    auto each = [o, f](const T* a, const T* b, Out* out) { walk(o.walk, a, b, out, f); };
    step = binary_step<T, Out>(o, each, "plain numbers, plain loops");
    return true;
  };
  if ((fits(Types()) || ...)) return step;
  return no_kernel(op.input(0).dtype);
}

}  // namespace narrow
