// Kernels that may write their result over an argument: the same result with and without, from the C function and from
// every variant for the host.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kernels/all_rows.h"
#include "random.h"

namespace narrow {
namespace {

constexpr int kRows = 4, kColumns = 10, kCount = kRows * kColumns;
constexpr size_t kRoom = 4096;  // bytes of each argument: tables too
constexpr int32_t kFactor = (int32_t{1} << 30) + 4097;

/// What a member of a parameter struct may be for any kernel that has one of that name.
int64_t usual_value(const std::string& member) {
  static const std::map<std::string, int64_t> kValues{
      {"count", kCount}, {"rows", kRows},     {"depth", kColumns}, {"outer", 2},        {"inner", 2},
      {"sign", 1},       {"out_min", -100},   {"out_max", 100},    {"rounding", 1},     {"left_shift", 7},
      {"shift", -2},     {"a.shift", -1},     {"b.shift", -1},     {"alpha_shift", -3}, {"out_shift", -6},
      {"diff_min", -60}, {"input_radius", 60}};
  if (auto const found = kValues.find(member); found != kValues.end()) return found->second;
  if (member.ends_with("multiplier")) return kFactor;
  return member.ends_with("zero_point") ? 3 : 0;
}

/// Where a kernel wants something else.
int64_t value_of(const std::string& kernel, const std::string& member) {
  static const std::map<std::string, std::map<std::string, int64_t>> kOthers{
      {"nw_add_joint_i8", {{"a.multiplier", 1 << 19}, {"b.multiplier", 1 << 18}, {"out_shift", 20}}},
      {"nw_add_by_rule_i8",
       {{"a.shift", 1},
        {"b.shift", 2},
        {"out_shift", 2},
        {"a.zero_point", 0},
        {"b.zero_point", 0},
        {"out_zero_point", 0}}},
      {"nw_add_by_rule_i16",
       {{"a.shift", 1},
        {"b.shift", 2},
        {"out_shift", 2},
        {"a.zero_point", 0},
        {"b.zero_point", 0},
        {"out_zero_point", 0}}},
      {"nw_squared_difference_i8", {{"shift", -20}}},
      {"nw_squared_difference_i16", {{"shift", -20}}},
      {"nw_mul_by_rule_i8", {{"shift", 6}}},
      {"nw_mul_by_rule_i16", {{"shift", 14}}},
      {"nw_quantize_by_rule_i8_i8", {{"shift", 1}}},
      {"nw_quantize_by_rule_i16_i16", {{"shift", 1}}},
      {"nw_hard_swish_i8",
       {{"output_multiplier", 20000}, {"gate_multiplier", 20000}, {"output_shift", -6}, {"gate_shift", -1}}},
      {"nw_logistic_i16", {{"multiplier", 6}, {"shift", 1}}},
      {"nw_tanh_i16", {{"multiplier", 6}, {"shift", 1}}},
      {"nw_logistic_fixed_i8", {{"shift", 20}}},
      {"nw_tanh_fixed_i8", {{"shift", 20}}},
      {"nw_softmax_i8", {{"shift", 22}}},
      {"nw_softmax_q7", {{"shift", 22}}},
      {"nw_log_softmax_i8", {{"shift", 22}, {"reverse_shift", -22}}},
      {"nw_cumsum_i8", {{"shift", -18}}}};
  if (auto const found = kOthers.find(kernel); found != kOthers.end())
    if (auto const own = found->second.find(member); own != found->second.end()) return own->second;
  return usual_value(member);
}

/// A call's parameters, and what its pointers point to.
struct Params {
  std::vector<std::byte> bytes;
  std::vector<std::unique_ptr<std::vector<std::byte>>> tables;
};

void store(std::byte* to, size_t bytes, int64_t value) {
  std::memcpy(to, &value, bytes);  // little-endian, as every host that runs the tests
}

Params params_of(const Kernel& kernel) {
  Params out;
  out.bytes.resize(kernel.params->size);
  for (const ParamField& f : kernel.params->fields) {
    std::byte* const at = out.bytes.data() + f.offset;
    size_t const size = element_size(f.type);
    if (f.pointer) {  // a table that rises
      auto table = std::make_unique<std::vector<std::byte>>(kRoom);
      for (size_t i = 0; i < 513; ++i) store(table->data() + i * size, size, static_cast<int64_t>(i * 60));
      const std::byte* const begin = table->data();
      std::memcpy(at, &begin, sizeof begin);
      out.tables.push_back(std::move(table));
      continue;
    }
    std::string const name = f.name;
    for (uint32_t i = 0; i < f.count; ++i) {
      bool const last = i + 1 == f.count, next = i + 2 == f.count;
      int64_t value = value_of(kernel.name, name);
      if (name == "shape.extent") value = last ? kColumns : next ? kRows : 1;
      if (name.ends_with("_stride")) value = last ? 1 : next ? kColumns : 0;
      store(at + i * size, size, value);
    }
  }
  return out;
}

using Data = std::vector<std::vector<std::byte>>;  // of each argument

/// Bytes with many zeros among them, as truth values have.
Data random_data(const Kernel& kernel, Random& r) {
  Data out(kernel.arguments.size());
  for (auto& argument : out)
    for (size_t i = 0; i < kRoom; ++i)
      argument.push_back(static_cast<std::byte>(r.chance(0.3) ? 0 : r.between(0, 255)));
  return out;
}

/// The result, where the memory of argument `result` is that of `over`.
std::vector<std::byte> result_over(const Kernel& kernel, const KernelVariant* variant, const Params& params, Data data,
                                   size_t result, size_t over) {
  std::vector<void*> pointers;
  for (auto& d : data) pointers.push_back(d.data());
  pointers[result] = data[over].data();
  std::vector<const void*> const constants(data.size(), nullptr);
  std::vector<int64_t> const sizes(data.size(), 0);
  Packed packed;
  if (variant && variant->pack) packed = variant->pack({params.bytes.data(), constants, sizes});
  EXPECT_EQ(packed.declined, "");
  std::vector<std::byte> scratch(packed.scratch_bytes + 64);
  auto const skip = 64 - reinterpret_cast<uintptr_t>(scratch.data()) % 64;
  (variant ? variant->run
           : kernel.run)({params.bytes.data(), pointers.data(), scratch.data() + skip, packed.state.get(), 1});
  auto const& written = data[over];
  size_t const bytes = kCount * element_size(kernel.arguments[result].type);
  return {written.begin(), written.begin() + static_cast<std::ptrdiff_t>(bytes)};
}

TEST(InPlace, GivesTheSameResult) {
  Random r;
  SCOPED_TRACE(r.text());
  int checked = 0;
  for (const Kernel* k : all_rows()) {
    if (k->in_place.empty()) continue;
    SCOPED_TRACE(k->name);
    Params const params = params_of(*k);
    size_t result = 0;
    while (!k->arguments[result].written) ++result;
    std::vector<const KernelVariant*> implementations;
    if (k->run) implementations.push_back(nullptr);
    for (const KernelVariant& v : k->variants) implementations.push_back(&v);
    Data const data = random_data(*k, r);
    auto const wanted = result_over(*k, nullptr, params, data, result, result);
    EXPECT_NE(std::set(wanted.begin(), wanted.end()).size(), 1u) << "the parameters make all results the same";
    for (const InPlace& p : k->in_place) {
      EXPECT_TRUE(k->may_overwrite(p.argument, params.bytes.data()));
      for (const KernelVariant* v : implementations) {
        EXPECT_EQ(result_over(*k, v, params, data, result, p.argument), wanted) << (v ? v->name : "C");
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 70);
}

}  // namespace
}  // namespace narrow
