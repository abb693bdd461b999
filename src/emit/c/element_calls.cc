#include "emit/c/element_calls.h"

#include <algorithm>
#include <array>

#include "host/softmax.h"
#include "nw_requantize.h"
#include "rows/activations.h"
#include "rows/arithmetic.h"
#include "rows/element_tables.h"

extern "C" {
#include "portable/activations/prelu.h"
#include "portable/activations/table.h"
#include "portable/arithmetic/add.h"
#include "portable/arithmetic/mul.h"
#include "portable/arithmetic/squared_difference.h"
}

namespace narrow {
namespace {

constexpr int kEntries = 256;  // of a table

/// All elements of 8 bits, from the lowest to the highest.
std::array<std::byte, kEntries> all_elements(bool is_signed) {
  std::array<std::byte, kEntries> out{};
  for (int i = 0; i < kEntries; ++i) out[static_cast<size_t>(i)] = static_cast<std::byte>(is_signed ? i - 128 : i);
  return out;
}

struct TableKernel {
  ElementType in, out;
  const Kernel* kernel;
};
const TableKernel kTables[] = {
    {ElementType::i8, ElementType::i8, &kTableI8},     {ElementType::u8, ElementType::u8, &kTableU8},
    {ElementType::i8, ElementType::u8, &kTableI8U8},   {ElementType::u8, ElementType::i8, &kTableU8I8},
    {ElementType::i8, ElementType::i16, &kTableI8I16}, {ElementType::u8, ElementType::i16, &kTableU8I16}};

/// The look-up of `count` elements in what `run(in, out)` makes of all 256.
template <class F>
OtherCall table_call(ElementType in, ElementType out, int64_t count, CallArgument from, CallArgument to, F run) {
  auto const row = std::ranges::find_if(kTables, [&](const TableKernel& t) { return t.in == in && t.out == out; });
  if (row == std::end(kTables)) return {};
  std::array<std::byte, kEntries> elements = all_elements(in == ElementType::i8);
  ConstantArray table{"table", out, std::vector<std::byte>(kEntries * element_size(out))};
  run(elements.data(), table.bytes.data());
  nw_table_params const params{static_cast<nw_i32>(count)};
  KernelCall call = kernel_call(*row->kernel, params, {array(0), from, to});
  call.arrays.push_back(std::move(table));
  return {std::move(call), {}};
}

/// Of a kernel that computes each element alone.
OtherCall unary_call(const KernelCall& call) {
  const ParamField* const field = call.kernel->params->find("count");
  std::vector<std::byte> params = call.params;
  auto const count = static_cast<nw_i32>(call.number("count"));
  nw_i32 const all = kEntries;
  std::memcpy(params.data() + field->offset, &all, sizeof all);
  auto run = [&](void* in, void* out) {
    void* const pointers[] = {in, out};
    call.kernel->run({params.data(), pointers, nullptr, nullptr, 1});
  };
  const std::span<const KernelArgument> types = call.kernel->arguments;
  return table_call(types[0].type, types[1].type, count, call.arguments[0], call.arguments[1], run);
}

/// Whether an operand of these strides is one element, repeated.
bool is_single(const nw_i32* extent, const nw_i32* stride) {
  for (int d = 0; d < NW_BROADCAST_RANK; ++d)
    if (extent[d] > 1 && stride[d] != 0) return false;
  return true;
}

/// Of a kernel of two operands, one of which is a constant of one element.
template <class Params>
OtherCall scalar_call(const KernelCall& call, std::span<const std::span<const std::byte>> constants) {
  Params p = call.params_as<Params>();
  int64_t count = 1;
  for (nw_i32 e : p.shape.extent) count *= e;
  for (size_t scalar : {size_t{0}, size_t{1}}) {
    const nw_i32* const own = scalar == 0 ? p.shape.a_stride : p.shape.b_stride;
    const nw_i32* const others = scalar == 0 ? p.shape.b_stride : p.shape.a_stride;
    if (constants[scalar].empty() || !is_single(p.shape.extent, own) || !reads_in_order(p.shape.extent, others))
      continue;
    p.shape = {};
    std::fill_n(p.shape.extent, NW_BROADCAST_RANK, 1);
    p.shape.extent[NW_BROADCAST_RANK - 1] = kEntries;
    (scalar == 0 ? p.shape.b_stride : p.shape.a_stride)[NW_BROADCAST_RANK - 1] = 1;
    auto run = [&](void* in, void* out) {
      void* pointers[] = {in, in, out};
      pointers[scalar] = const_cast<std::byte*>(constants[scalar].data());
      call.kernel->run({&p, pointers, nullptr, nullptr, 1});
    };
    return table_call(ElementType::i8, ElementType::i8, count, call.arguments[1 - scalar], call.arguments[2], run);
  }
  return {};
}

/// What an operand's elements add to sums, times `factor`.
void add_entries(const nw_scaled_input& operand, int factor, int left_shift, std::vector<int32_t>& out) {
  for (int q = -128; q < 128; ++q) out.push_back(factor * nw_scale_input(&operand, q - operand.zero_point, left_shift));
}

/// A sum's factor, and the range of results.
struct Rescaling {
  nw_i32 multiplier;
  int shift;  // to the left
  nw_i32 zero_point, min, max;
};

OtherCall sum_call(const Kernel& kernel, const KernelCall& call, const nw_broadcast& shape, const Rescaling& r,
                   const std::vector<int32_t>& tables) {
  int const shift = -r.shift;
  if (shift < 1 || shift > kMostShift) return {{}, "its scales lie too far apart"};
  nw_i32 const addend = (nw_i32{1} << (shift - 1)) + r.zero_point * (nw_i32{1} << shift);
  nw_add_tables_params const params{shape, r.multiplier, addend, shift, r.min, r.max};
  KernelCall out = kernel_call(kernel, params, {array(0), call.arguments[0], call.arguments[1], call.arguments[2]});
  out.arrays.push_back(constant_array("tables", ElementType::i32, tables));
  return {std::move(out), {}};
}

OtherCall add_call(const KernelCall& call) {
  const auto& p = call.params_as<nw_add_params>();
  std::vector<int32_t> tables;
  add_entries(p.a, 2, p.left_shift, tables);
  add_entries(p.b, 2 * p.sign, p.left_shift, tables);
  return sum_call(kAddTablesI8, call, p.shape, {p.out_multiplier, p.out_shift, p.out_zero_point, p.out_min, p.out_max},
                  tables);
}

OtherCall squared_difference_call(const KernelCall& call) {
  const auto& p = call.params_as<nw_squared_difference_params>();
  std::vector<int32_t> tables;
  add_entries(p.a, 1, p.left_shift, tables);
  add_entries(p.b, -1, p.left_shift, tables);
  return sum_call(kSquaredDifferenceTablesI8, call, p.shape, {p.multiplier, p.shift, p.out_zero_point, -128, 127},
                  tables);
}

OtherCall prelu_call(const KernelCall& call) {
  const auto& p = call.params_as<nw_prelu_params>();
  int const shift = -p.alpha_shift;
  if (shift < 1 || shift > kMostShift) return {{}, "its scales lie too far apart"};
  nw_i32 const addend = (nw_i32{1} << (shift - 1)) + p.output_zero_point * (nw_i32{1} << shift);
  nw_prelu_table_params const params{p.shape, p.input_zero_point, p.alpha_zero_point, p.alpha_multiplier, addend,
                                     shift};
  std::vector<int8_t> table;
  for (int q = -128; q < 128; ++q) {
    nw_i32 const x = std::max(q - p.input_zero_point, 0);
    nw_i32 const y = nw_requantize_double(x, p.multiplier, p.shift) + p.output_zero_point;
    table.push_back(static_cast<int8_t>(nw_clamp(y, -128, 127)));
  }
  KernelCall out =
      kernel_call(kPreluTableI8, params, {array(0), call.arguments[0], call.arguments[1], call.arguments[2]});
  out.arrays.push_back(constant_array("table", ElementType::i8, table));
  return {std::move(out), {}};
}

OtherCall softmax_call(const KernelCall& call) {
  const auto& p = call.params_as<nw_softmax_params>();
  host::SoftmaxTable const table = host::softmax_table(p);
  KernelCall out = kernel_call(kSoftmaxTableI8, nw_softmax_table_params{p.rows, p.depth},
                               {array(0), call.arguments[0], call.arguments[1]});
  out.arrays.push_back(constant_array("exponentials", ElementType::i32, table.exponential));
  return {std::move(out), {}};
}

}  // namespace

OtherCall element_call(const KernelCall& call, std::span<const std::span<const std::byte>> constants) {
  if (call.kernel->by_element) return unary_call(call);
  if (call.kernel == &kSoftmaxI8) return softmax_call(call);
  if (call.kernel == &kPreluI8) return prelu_call(call);
  if (call.kernel == &kSquaredDifferenceI8) {
    OtherCall const scalar = scalar_call<nw_squared_difference_params>(call, constants);
    return scalar.call ? scalar : squared_difference_call(call);
  }
  if (call.kernel == &kMulI8) return scalar_call<nw_mul_params>(call, constants);
  if (call.kernel != &kAddI8) return {};
  OtherCall const scalar = scalar_call<nw_add_params>(call, constants);
  return scalar.call ? scalar : add_call(call);
}

}  // namespace narrow
