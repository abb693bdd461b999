// Rows from C declarations: fields from members, arguments from signatures.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "portable/window.h"
#include "rows/kernel.h"
#include "rows/overlap.h"

extern "C" {
#include "portable/arithmetic/broadcast.h"
}

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
constexpr ParamField param_field(const char* name, size_t offset, const char* macro = nullptr) {
  auto const at = static_cast<uint32_t>(offset);
  if constexpr (std::is_pointer_v<T>)
    return {name, element_type_of<std::remove_cv_t<std::remove_pointer_t<T>>>(), at, 1, true, macro};
  else if constexpr (std::is_array_v<T>)
    return {name, element_type_of<std::remove_extent_t<T>>(), at, static_cast<uint32_t>(std::extent_v<T>), false,
            macro};
  else
    return {name, element_type_of<T>(), at, 1, false, macro};
}

/// A field of `Struct`; `member` may be one of an inner struct: NARROW_FIELD(nw_prelu_params, shape.extent). Its name
/// in headers may follow.
#define NARROW_FIELD(Struct, member, ...)                                           \
  param_field<std::remove_reference_t<decltype((std::declval<Struct&>().member))>>( \
      #member, offsetof(Struct, member) __VA_OPT__(, ) __VA_ARGS__)

/// The field with the type that its elements have in headers.
constexpr ParamField shown_as(ParamField field, ElementType type) {
  field.shown = type;
  return field;
}

/// The field with the note that it counts bytes.
constexpr ParamField in_bytes(ParamField field) {
  field.in_bytes = true;
  return field;
}

/// The fields of an inner nw_window.
#define NARROW_WINDOW_FIELDS(Struct, window)                                                                        \
  NARROW_FIELD(Struct, window.batches, "BATCHES"), NARROW_FIELD(Struct, window.input_h, "IN_H"),                    \
      NARROW_FIELD(Struct, window.input_w, "IN_W"), NARROW_FIELD(Struct, window.input_c, "IN_C"),                   \
      NARROW_FIELD(Struct, window.filter_h, "FILTER_H"), NARROW_FIELD(Struct, window.filter_w, "FILTER_W"),         \
      NARROW_FIELD(Struct, window.stride_h, "STRIDE_H"), NARROW_FIELD(Struct, window.stride_w, "STRIDE_W"),         \
      NARROW_FIELD(Struct, window.dilation_h, "DILATION_H"), NARROW_FIELD(Struct, window.dilation_w, "DILATION_W"), \
      NARROW_FIELD(Struct, window.pad_top, "PAD_TOP"), NARROW_FIELD(Struct, window.pad_left, "PAD_LEFT"),           \
      NARROW_FIELD(Struct, window.output_h, "OUT_H"), NARROW_FIELD(Struct, window.output_w, "OUT_W"),               \
      NARROW_FIELD(Struct, window.output_c, "OUT_C"), NARROW_FIELD(Struct, window.backwards, "")

/// The fields of an inner nw_broadcast.
#define NARROW_BROADCAST_FIELDS(Struct, shape)                                                    \
  NARROW_FIELD(Struct, shape.extent, "EXTENT"), NARROW_FIELD(Struct, shape.a_stride, "A_STRIDE"), \
      NARROW_FIELD(Struct, shape.b_stride, "B_STRIDE")

/// A function of a parameter struct, as tables hold it: of a pointer to the struct, or to one derived from it.
template <auto kFunction>
struct OfParams;
template <class Struct, class Value, Value (*kFunction)(const Struct&)>
struct OfParams<kFunction> {
  static Value call(const void* params) { return kFunction(*static_cast<const Struct*>(params)); }
};

/// The table of a struct; kCost(const Struct &), of it or of what it is derived from, is the work of a call.
template <class Struct, auto kCost, size_t kFields>
constexpr ParamTable param_table(const char* name, const ParamField (&fields)[kFields],
                                 std::span<const DerivedNumber> derived = {}, const char* note = nullptr) {
  return {name, sizeof(Struct), fields, OfParams<kCost>::call, derived, note};
}

/// The work where each of `count` elements becomes one.
template <class Struct>
KernelCost cost_of_count(const Struct& p) {
  return {.elements = p.count};
}

/// The work along the last dimension of rows.
template <class Struct>
KernelCost cost_of_rows(const Struct& p) {
  return {.elements = int64_t{p.rows} * p.depth};
}

/// The work along the middle one of three dimensions.
template <class Struct>
KernelCost cost_of_middle(const Struct& p) {
  return {.elements = int64_t{p.outer} * p.depth * p.inner};
}

/// Rows or columns that a window sticks out behind the last of `in` ones.
constexpr int64_t padding_behind(int64_t in, int64_t out, int64_t filter, int64_t stride, int64_t dilation,
                                 int64_t before) {
  int64_t const behind = (out - 1) * stride + (filter - 1) * dilation + 1 - in - before;
  return behind > 0 ? behind : 0;
}

/// The padding of an nw_window that its members imply.
template <class Struct>
int64_t pad_bottom(const Struct& p) {
  const nw_window& w = p.window;
  return padding_behind(w.input_h, w.output_h, w.filter_h, w.stride_h, w.dilation_h, w.pad_top);
}
template <class Struct>
int64_t pad_right(const Struct& p) {
  const nw_window& w = p.window;
  return padding_behind(w.input_w, w.output_w, w.filter_w, w.stride_w, w.dilation_w, w.pad_left);
}
template <class Struct>
inline constexpr DerivedNumber kPaddingBehind[] = {{"PAD_BOTTOM", OfParams<pad_bottom<Struct>>::call},
                                                   {"PAD_RIGHT", OfParams<pad_right<Struct>>::call}};

template <size_t kRank>
constexpr int64_t product_of(const nw_i32 (&extent)[kRank]) {
  int64_t product = 1;
  for (nw_i32 e : extent) product *= e;
  return product;
}

/// The work where two operands are walked together.
template <class Struct>
KernelCost cost_of_shape(const Struct& p) {
  return {.elements = product_of(p.shape.extent)};
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

/// Likewise where the pointers are input, weights, biases, output and scratch memory.
template <auto kFunction, Holds kWeights = Holds::weights>
struct CFunctionWithScratch {
  static constexpr auto kArguments = [] {
    std::array<KernelArgument, std::size(CFunction<kFunction>::kArguments)> out{};
    for (size_t i = 0; i < out.size(); ++i) out[i] = CFunction<kFunction>::kArguments[i];
    out[1].holds = kWeights;
    out[2].holds = Holds::constants;
    out.back() = {ElementType::untyped, true, false, true};
    return out;
  }();
};

/// Likewise where the first pointer is a table of constants.
template <auto kFunction>
struct CFunctionWithTable {
  static constexpr auto kArguments = [] {
    auto out = std::to_array(CFunction<kFunction>::kArguments);
    out[0].holds = Holds::constants;
    return out;
  }();
};

/// The row of a kernel in C.
template <auto kFunction>
constexpr Kernel c_kernel(const char* name, const char* source, const ParamTable& params,
                          std::span<const KernelVariant> variants = {}) {
  return {name, source, &params, CFunction<kFunction>::kArguments, CFunction<kFunction>::run, variants};
}

/// The row of a kernel in C with the pointers of a layer, the last of which is scratch memory.
template <auto kFunction, Holds kWeights = Holds::weights>
constexpr Kernel c_kernel_with_scratch(const char* name, const char* source, const ParamTable& params,
                                       std::span<const KernelVariant> variants = {}) {
  return {name,    source, &params, CFunctionWithScratch<kFunction, kWeights>::kArguments, CFunction<kFunction>::run,
          variants};
}

/// The row of a kernel in C whose first pointer is a table of constants.
template <auto kFunction>
constexpr Kernel c_kernel_with_table(const char* name, const char* source, const ParamTable& params) {
  return {name, source, &params, CFunctionWithTable<kFunction>::kArguments, CFunction<kFunction>::run};
}

/// The row with the permission to write the result over these arguments.
constexpr Kernel in_place(Kernel kernel, std::span<const InPlace> arguments) {
  kernel.in_place = arguments;
  return kernel;
}

/// The row with what is known of results that lie over arguments in part.
constexpr Kernel overlapping(Kernel kernel, std::span<const Overlap> overlaps) {
  kernel.overlaps = overlaps;
  return kernel;
}

/// Whether elements of these extents and strides, outermost first, lie one behind the other.
constexpr bool reads_in_order(const int32_t* extent, const int32_t* stride, int rank) {
  int64_t elements = 1;
  for (int d = rank - 1; d >= 0; --d) {
    if (extent[d] > 1 && stride[d] != elements) return false;
    elements *= extent[d];
  }
  return elements > 0;
}

/// The row with where the part of its argument begins that it copies as it is.
constexpr Kernel copying(Kernel kernel, int64_t (*from)(const void* params)) {
  kernel.copied_from = from;
  return kernel;
}

/// The row with how it computes some rows alone.
constexpr Kernel by_rows(Kernel kernel, TakeRows take_rows) {
  kernel.take_rows = take_rows;
  return kernel;
}

/// The rows of a kernel with an nw_window.
template <class Params>
bool take_window_rows(void* params, int32_t, RowRange wanted, RowRange& read) {
  return window_rows(static_cast<Params*>(params)->window, wanted, read);
}

/// The rows of a kernel that walks two operands together, neither of which repeats anything.
template <class Params>
bool take_paired_rows(void* params, int32_t height, RowRange wanted, RowRange& read) {
  nw_broadcast& shape = static_cast<Params*>(params)->shape;
  constexpr int kLast = NW_BROADCAST_RANK - 1;
  for (int d = 0; d < kLast; ++d)
    if (shape.extent[d] != 1) return false;
  if (shape.a_stride[kLast] == 0 || shape.b_stride[kLast] == 0 || shape.extent[kLast] % height != 0) return false;
  shape.extent[kLast] = shape.extent[kLast] / height * (wanted.end - wanted.first);
  read = wanted;
  return true;
}

/// The rows of a kernel of each of `count` elements.
template <class Params>
bool take_counted_rows(void* params, int32_t height, RowRange wanted, RowRange& read) {
  Params& p = *static_cast<Params*>(params);
  if (p.count % height != 0) return false;
  p.count = p.count / height * (wanted.end - wanted.first);
  read = wanted;
  return true;
}

/// The row with the rule by which headers explain its results.
constexpr Kernel with_rule(Kernel kernel, const char* rule) {
  kernel.rule = rule;
  return kernel;
}

/// The row of a kernel that rounds elements by where they lie.
constexpr Kernel positional(Kernel kernel) {
  kernel.positional = true;
  return kernel;
}

/// The first argument, or the second, whatever the parameters are.
inline constexpr InPlace kOverFirst[] = {{.argument = 0}};
inline constexpr InPlace kOverSecond[] = {{.argument = 1}};

/// The image that an nw_window slides over, under the parameters `Params`.
template <class Params>
inline constexpr Overlap kUnderWindow[] = {
    {.argument = 0,
     .lead = [](const void* params,
                bool backwards) { return window_lead(static_cast<const Params*>(params)->window, backwards); },
     .backwards = "window.backwards"}};

/// Either of two broadcast operands that is not repeated.
inline constexpr InPlace kOverEither[] = {{.argument = 0, .strides = "shape.a_stride"},
                                          {.argument = 1, .strides = "shape.b_stride"}};

/// A variant with the signature of the kernel itself.
template <auto kFunction>
constexpr KernelVariant same_call(const char* name) {
  return {.name = name, .run = CFunction<kFunction>::run};
}

}  // namespace narrow
