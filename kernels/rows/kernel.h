// Kernel: what is known of a C function of kernels/, as a plain value: its name and source, its parameter struct field
// by field, its arguments, and the faster variants that the host has of it. Programs name kernels by these rows, so
// that what a program runs can be printed, compared and written out as C.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace narrow {

/// Types of parameters and of array elements. `untyped` stands for elements that are moved without being looked at.
enum class ElementType : uint8_t { untyped, i8, u8, i16, u16, i32, u32, i64, f32, f64 };

/// Bytes of an element on the host; 1 for untyped ones.
size_t element_size(ElementType type);

/// The type as the kernels spell it: "nw_i8"; "void" for untyped elements.
const char* c_type(ElementType type);

/// A member of a parameter struct, members of inner structs included.
struct ParamField {
  const char* name;  // "out_min", "window.input_h"
  ElementType type;
  uint32_t offset;       // bytes from the beginning of the struct
  uint32_t count = 1;    // elements, of an array member
  bool pointer = false;  // the member is a pointer to constant elements of `type`, which may be null
};

/// A parameter struct of C, with all its members.
struct ParamTable {
  const char* name;  // "nw_add_params"
  size_t size;       // bytes on the host
  std::span<const ParamField> fields;

  /// The field of that name, or null.
  const ParamField* find(const char* name) const;
};

/// A pointer that a kernel takes behind its parameters.
struct KernelArgument {
  ElementType type = ElementType::untyped;
  bool written = false;
  bool list = false;  // a pointer to pointers: a number of operands of the same type
  bool scratch = false;
};

/// The call of a kernel. Computed operands and results hold `samples` samples one behind the other.
struct KernelFrame {
  const void* params;     // the kernel's parameter struct, its pointers set
  void* const* pointers;  // one for each argument, in order; what is only read is not written to
  void* scratch;          // Packed::scratch_bytes, aligned to 64
  const void* packed;     // Packed::state; null for kernels in C
  int samples;            // 1 unless the variant takes several
};
using KernelFunction = void (*)(const KernelFrame&);

/// What is known of a call before it runs: what a variant decides by, and packs.
struct KnownCall {
  const void* params;                       // the kernel's parameter struct, its pointers set
  std::span<const void* const> constants;   // of each argument: its elements, or null where they are computed
  std::span<const int64_t> constant_bytes;  // of each argument; 0 where it is computed
};

/// What a variant has made of a call: state that its function reads, and how much scratch memory it needs.
struct Packed {
  std::shared_ptr<const void> state;
  size_t scratch_bytes = 0;
  std::string declined;  // why the variant does not take the call; empty where it does
};

/// A faster implementation for the host, of the same results bit for bit.
struct KernelVariant {
  const char* name;  // for people: "vector loops"
  KernelFunction run = nullptr;
  bool takes_samples = false;                  // several samples in one call
  Packed (*pack)(const KnownCall&) = nullptr;  // null: takes every call, and needs neither state nor scratch memory
};

/// A kernel. Rows are constants that live as long as the program.
struct Kernel {
  const char* name;    // of the C function: "nw_add_i8"
  const char* source;  // below kernels/: "portable/arithmetic/add.c"; null: no C function
  const ParamTable* params;
  std::span<const KernelArgument> arguments;
  KernelFunction run = nullptr;                  // calls the C function; null where there is none
  std::span<const KernelVariant> variants = {};  // in order of preference

  /// Whether only the host can compute it: runtimes' floating-point roundings have no form in C.
  bool host_only() const { return source == nullptr; }
};

}  // namespace narrow
