// Rows from C declarations: fields from members, arguments from signatures.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "rows/kernel.h"

namespace narrow {

template <class T>
constexpr ElementType element_type_of() {
  if constexpr (std::is_void_v<T>) return ElementType::untyped;
  if constexpr (std::is_same_v<T, float>) return ElementType::f32;
  if constexpr (std::is_same_v<T, double>) return ElementType::f64;
  if constexpr (std::is_integral_v<T>) {
    constexpr bool kSigned = std::is_signed_v<T>;
    if constexpr (sizeof(T) == 1) return kSigned ? ElementType::i8 : ElementType::u8;
    if constexpr (sizeof(T) == 2) return kSigned ? ElementType::i16 : ElementType::u16;
    if constexpr (sizeof(T) == 4) return kSigned ? ElementType::i32 : ElementType::u32;
    if constexpr (sizeof(T) == 8) return ElementType::i64;
  }
}

/// The field of a member of type T at `offset`.
template <class T>
constexpr ParamField param_field(const char* name, size_t offset) {
  auto const at = static_cast<uint32_t>(offset);
  if constexpr (std::is_pointer_v<T>)
    return {name, element_type_of<std::remove_cv_t<std::remove_pointer_t<T>>>(), at, 1, true};
  else if constexpr (std::is_array_v<T>)
    return {name, element_type_of<std::remove_extent_t<T>>(), at, static_cast<uint32_t>(std::extent_v<T>), false};
  else
    return {name, element_type_of<T>(), at, 1, false};
}

/// A field of `Struct`; `member` may be one of an inner struct: NARROW_FIELD(nw_pool_params, window.input_h).
#define NARROW_FIELD(Struct, member) \
  param_field<std::remove_reference_t<decltype((std::declval<Struct&>().member))>>(#member, offsetof(Struct, member))

/// The fields of an inner nw_window.
#define NARROW_WINDOW_FIELDS(Struct, window)                                                                        \
  NARROW_FIELD(Struct, window.batches), NARROW_FIELD(Struct, window.input_h), NARROW_FIELD(Struct, window.input_w), \
      NARROW_FIELD(Struct, window.input_c), NARROW_FIELD(Struct, window.filter_h),                                  \
      NARROW_FIELD(Struct, window.filter_w), NARROW_FIELD(Struct, window.output_h),                                 \
      NARROW_FIELD(Struct, window.output_w), NARROW_FIELD(Struct, window.output_c),                                 \
      NARROW_FIELD(Struct, window.stride_h), NARROW_FIELD(Struct, window.stride_w),                                 \
      NARROW_FIELD(Struct, window.dilation_h), NARROW_FIELD(Struct, window.dilation_w),                             \
      NARROW_FIELD(Struct, window.pad_top), NARROW_FIELD(Struct, window.pad_left)

/// The fields of an inner nw_broadcast.
#define NARROW_BROADCAST_FIELDS(Struct, shape) \
  NARROW_FIELD(Struct, shape.extent), NARROW_FIELD(Struct, shape.a_stride), NARROW_FIELD(Struct, shape.b_stride)

/// The table of a struct without pointers: what a kernel of no parameters but its struct needs.
template <class Struct, size_t kFields>
constexpr ParamTable param_table(const char* name, const ParamField (&fields)[kFields]) {
  return {name, sizeof(Struct), fields};
}

template <class Pointer>
constexpr KernelArgument argument_of() {
  using Pointee = std::remove_pointer_t<Pointer>;
  if constexpr (std::is_pointer_v<Pointee>)
    return {element_type_of<std::remove_cv_t<std::remove_pointer_t<Pointee>>>(), false, true, false};
  else
    return {element_type_of<std::remove_cv_t<Pointee>>(), !std::is_const_v<Pointee>, false, false};
}

/// A C function f(const Params *, pointers...) as a kernel calls it.
template <auto kFunction>
struct CFunction;
template <class Params, class... Pointers, void (*kFunction)(const Params*, Pointers...)>
struct CFunction<kFunction> {
  static constexpr KernelArgument kArguments[] = {argument_of<Pointers>()...};

  static void run(const KernelFrame& frame) { call(frame, std::index_sequence_for<Pointers...>()); }

 private:
  template <size_t... kIndex>
  static void call(const KernelFrame& f, std::index_sequence<kIndex...>) {
    kFunction(static_cast<const Params*>(f.params), static_cast<Pointers>(f.pointers[kIndex])...);
  }
};

/// Likewise where the last pointer is scratch memory.
template <auto kFunction>
struct CFunctionWithScratch {
  static constexpr auto kArguments = [] {
    std::array<KernelArgument, std::size(CFunction<kFunction>::kArguments)> out{};
    for (size_t i = 0; i < out.size(); ++i) out[i] = CFunction<kFunction>::kArguments[i];
    out.back() = {ElementType::untyped, true, false, true};
    return out;
  }();
};

/// The row of a kernel in C.
template <auto kFunction>
constexpr Kernel c_kernel(const char* name, const char* source, const ParamTable& params,
                          std::span<const KernelVariant> variants = {}) {
  return {name, source, &params, CFunction<kFunction>::kArguments, CFunction<kFunction>::run, variants};
}

/// The row of a kernel in C whose last pointer is scratch memory.
template <auto kFunction>
constexpr Kernel c_kernel_with_scratch(const char* name, const char* source, const ParamTable& params,
                                       std::span<const KernelVariant> variants = {}) {
  return {name, source, &params, CFunctionWithScratch<kFunction>::kArguments, CFunction<kFunction>::run, variants};
}

/// A variant with the signature of the kernel itself.
template <auto kFunction>
constexpr KernelVariant same_call(const char* name) {
  return {.name = name, .run = CFunction<kFunction>::run};
}

}  // namespace narrow
