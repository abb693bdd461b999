// KernelCall: the call of an integer kernel as a plain value, that can be run, printed, compared and written out as C.
#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "rows/kernel.h"

namespace narrow {

/// Where a pointer of a call points to.
struct CallArgument {
  enum class Source : uint8_t {
    absent,    // null
    operand,   // the op's operand `index`
    result,    // the op's result `index`
    array,     // KernelCall::arrays[index]
    operands,  // a list: the op's operands from `index` on, `count` of them
    scratch,
  };
  Source source = Source::absent;
  int index = 0;
  int64_t offset = 0;  // bytes from the beginning of the operand or result of one sample
  int count = 0;       // of operands
  bool operator==(const CallArgument&) const = default;
};

inline CallArgument operand(size_t index, int64_t offset = 0) {
  return {CallArgument::Source::operand, static_cast<int>(index), offset, 0};
}
inline CallArgument result(size_t index = 0, int64_t offset = 0) {
  return {CallArgument::Source::result, static_cast<int>(index), offset, 0};
}
inline CallArgument array(size_t index) {
  return {CallArgument::Source::array, static_cast<int>(index), 0, 0};
}
inline CallArgument operands(size_t first, size_t count) {
  return {CallArgument::Source::operands, static_cast<int>(first), 0, static_cast<int>(count)};
}
inline CallArgument absent() {
  return {};
}
inline CallArgument scratch() {
  return {CallArgument::Source::scratch, 0, 0, 0};
}

/// Constants that lowering has made for a call: tables, multipliers, biases of another width.
struct ConstantArray {
  std::string name;  // what it holds, as a word of C: "multiplier"
  ElementType type = ElementType::i8;
  std::vector<std::byte> bytes;
  bool operator==(const ConstantArray&) const = default;

  size_t elements() const { return bytes.size() / element_size(type); }
};

/// The array of the elements of a container.
template <class Container>
ConstantArray constant_array(std::string name, ElementType type, const Container& values) {
  using Value = std::remove_cvref_t<decltype(*std::data(values))>;
  static_assert(std::is_trivially_copyable_v<Value>);
  ConstantArray out{std::move(name), type, std::vector<std::byte>(std::size(values) * sizeof(Value))};
  if (!out.bytes.empty()) std::memcpy(out.bytes.data(), std::data(values), out.bytes.size());
  return out;
}

/// A kernel with all that it is called with. What the parameters' pointers point to is in `pointed`; the pointers
/// themselves are null here, and set by who runs the call.
struct KernelCall {
  const Kernel* kernel = nullptr;
  std::vector<std::byte> params;        // the kernel's parameter struct
  std::vector<CallArgument> arguments;  // one for each of the kernel's pointers
  std::vector<ConstantArray> arrays = {};
  std::vector<std::pair<const ParamField*, size_t>> pointed =
      {};                     // a pointer of the parameters, and the array it points to
  int64_t scratch_bytes = 0;  // of its argument `scratch`, aligned to 8, where the function in C needs it

  /// The parameters as their C struct; `Params` has the size that the kernel's table says.
  template <class Params>
  const Params& params_as() const {
    return *reinterpret_cast<const Params*>(params.data());
  }

  /// The number in the member `field` of the parameters, an integer that is no array; 0 where there is no such member.
  int64_t number(const char* field) const;

  /// The elements that the pointer `field` of the parameters points to; empty where it is null or no such member.
  template <class Element>
  std::vector<Element> pointed_values(const char* field) const {
    std::vector<Element> out;
    for (auto [member, index] : pointed) {
      if (member != kernel->params->find(field)) continue;
      const std::vector<std::byte>& bytes = arrays[index].bytes;
      out.resize(bytes.size() / sizeof(Element));
      std::memcpy(out.data(), bytes.data(), bytes.size());
    }
    return out;
  }

  /// Adds an array that the member `field` of the parameters points to. Nothing is added for an empty array.
  void point(const char* field, ConstantArray values);
};

/// Whether both call the same kernel with the same parameters, arguments and arrays.
bool operator==(const KernelCall& a, const KernelCall& b);

/// The call of `kernel` with a parameter struct of its type, pointers left out.
template <class Params>
KernelCall kernel_call(const Kernel& kernel, const Params& params, std::initializer_list<CallArgument> arguments) {
  static_assert(std::is_trivially_copyable_v<Params>);
  KernelCall call{.kernel = &kernel, .params = std::vector<std::byte>(sizeof params), .arguments = arguments};
  std::memcpy(call.params.data(), &params, sizeof params);
  return call;
}

/// The integer of that type at `at`; 0 for floating-point types.
int64_t integer_at(ElementType type, const std::byte* at);

/// One line for a person: the kernel's name and its parameters, "nw_relu_i8 count=16 input_zero_point=-3 ...".
std::string to_text(const KernelCall& call);

}  // namespace narrow
