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
  uint32_t offset;              // bytes from the beginning of the struct
  uint32_t count = 1;           // elements, of an array member
  bool pointer = false;         // the member is a pointer to constant elements of `type`, which may be null
  const char* macro = nullptr;  // its name in headers that are written for people; null: `name` in capitals, "": none
  ElementType shown = type;     // of the elements of a pointer, in such headers
  bool in_bytes = false;        // counts what sizeof does, as all members do whose names end in "bytes"
};

/// A number that follows from the members of a parameter struct, for headers.
struct DerivedNumber {
  const char* macro;
  int64_t (*value)(const void* params);
};

/// The modelled work of one call, from which a chip's cycles are estimated. It does not depend on the data.
struct KernelCost {
  int64_t macs = 0;        // products of data and weights (or of two operands' matrices) that are summed up
  int64_t elements = 0;    // passes of the innermost loop, for whatever it does besides: results, or elements that are
                           // read where several become one result; bytes where blocks are moved
  bool scattered = false;  // the data of a result's products lie apart, as those of one channel do
  bool nibbles = false;    // two weights are in a byte
  bool blocked = false;    // several products are made of what is in registers
  bool dual = false;       // two products are made at a time
  bool wide = false;       // and weights of 8 bits are stored in 16
  bool dense = false;      // each weight is in one product of a row
  bool vectors = false;    // 16 products are, or four elements
};

/// A parameter struct of C, with all its members.
struct ParamTable {
  const char* name;  // "nw_add_params"
  size_t size;       // bytes on the host
  std::span<const ParamField> fields;
  KernelCost (*cost)(const void* params) = nullptr;  // of any kernel with these parameters; null: of sizes alone
  std::span<const DerivedNumber> derived = {};
  const char* note = nullptr;  // a sentence on what its names in headers mean; null: none is needed

  /// The field of that name, or null.
  const ParamField* find(const char* name) const;
};

/// What an argument points to, which decides where and how constants are stored for it.
enum class Holds : uint8_t {
  anything,   // elements that may be computed
  constants,  // constants alone: in NW_FLASH, as all parameters and what they point to are
  weights,    // likewise, and stored as nw_weights.h says
  nibbles,    // likewise, of 4 bits: two in a byte
};

/// A pointer that a kernel takes behind its parameters.
struct KernelArgument {
  ElementType type = ElementType::untyped;
  bool written = false;
  bool list = false;  // a pointer to pointers: a number of operands of the same type
  bool scratch = false;
  Holds holds = Holds::anything;
};

/// An argument in whose memory the result may be written: both begin at the same address, and what the argument held
/// is lost.
struct InPlace {
  uint8_t argument;               // which
  const char* strides = nullptr;  // the array member with the argument's strides, none of which may be 0 (which repeats
                                  // elements) where `shape.extent` is above 1; null: under any parameters
  bool shrinks = false;           // the result may also be smaller than the argument
};

/// An argument over which the result may lie in part, where what the argument holds is not needed any more: the kernel
/// writes its result in the order of addresses, and reads nothing later that lies where it has written.
struct Overlap {
  uint8_t argument;
  /// Elements that the result must begin before the argument, or behind it if it is written backwards; negative where
  /// it may begin that much later, or earlier.
  int64_t (*lead)(const void* params, bool backwards);
  const char* backwards = nullptr;  // the member of the parameters that is 1 where the result is written from its end;
                                    // null: always forwards
};

/// Rows [first, end) of an image.
struct RowRange {
  int32_t first = 0, end = 0;
  bool operator==(const RowRange&) const = default;
};

/// Makes of a call over one whole image, `height` rows of results, a call that computes the rows `wanted` alone:
/// changes its parameters, and tells which rows of the operands' images it reads, which is all that its pointers have
/// to hold. False where these parameters do not allow it.
using TakeRows = bool (*)(void* params, int32_t height, RowRange wanted, RowRange& read);

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

/// A kernel. Rows are constants that live as long as the program, named by what they compute and the types of their
/// elements: kAddI8, kSoftmaxI8I16; Any where elements are moved without being looked at.
struct Kernel {
  const char* name;    // of the C function: "nw_add_i8"
  const char* source;  // below kernels/: "portable/arithmetic/add.c"; null: no C function
  const ParamTable* params;
  std::span<const KernelArgument> arguments;
  KernelFunction run = nullptr;                  // calls the function that defines the results: the one in C, or of a
                                                 // host-only row one in C++; null where only variants compute it
  std::span<const KernelVariant> variants = {};  // in order of preference
  std::span<const InPlace> in_place = {};        // every implementation keeps to it
  std::span<const Overlap> overlaps = {};        // only of the function in C; results have the argument's element type
  int64_t (*copied_from)(const void* params) = nullptr;  // bytes from the first argument to where the part begins of
                                                         // which the result is a copy, as it is, so that in this place
                                                         // no call is needed; negative where it is none; null: never
  TakeRows take_rows = nullptr;  // of kernels from images to images; null: only whole images are computed
  bool by_element = false;       // each element of the result is a function of the 8-bit element of the first argument
                                 // at the same place alone; the parameters have a `count` of them
  const char* rule = nullptr;    // for headers: an element of the result, in C, by the names of the
                                 // parameters there; null: the C source says it
  bool positional = false;  // elements are rounded by where they lie in memory, as vector code of a runtime rounds the
                            // last few otherwise

  /// The modelled work of a call with these parameters.
  KernelCost cost(const void* values) const {
    KernelCost out = params->cost(values);
    for (const KernelArgument& a : arguments) out.nibbles = out.nibbles || a.holds == Holds::nibbles;
    return out;
  }

  /// Whether the result may be written where `argument` lies, in a call with these parameters. `smaller`: it has fewer
  /// bytes than that; else it has as many.
  bool may_overwrite(size_t argument, const void* values, bool smaller = false) const;

  /// Whether only the host can compute it: runtimes' floating-point roundings have no form in C.
  bool host_only() const { return source == nullptr; }
};

}  // namespace narrow
