#include "emit/c/c_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "emit/c/c_program_maker.h"
#include "emit/constants/op_names.h"

namespace narrow {
namespace {

/// The graphs that `index` runs, those before each that it runs itself; `index` last.
void add_in_order(const std::map<int, Program>& programs, int index, std::vector<int>& order) {
  for (const ProgramStep& s : programs.at(index).steps)
    for (int g : s.prepared.step().control.graphs())
      if (std::ranges::find(order, g) == order.end()) add_in_order(programs, g, order);
  if (std::ranges::find(order, index) == order.end()) order.push_back(index);
}

/// All graphs that `entry` runs, and itself.
Result<std::map<int, Program>> programs_of(const std::shared_ptr<const Model>& model, int entry) {
  LowerContext const context{*find_profile("narrow")};
  std::map<int, Program> programs;
  std::vector<int> waiting{entry};
  while (!waiting.empty()) {
    int const index = waiting.back();
    waiting.pop_back();
    if (programs.contains(index)) continue;
    NARROW_TRY(Program program, lower(model, context, index));
    for (const ProgramStep& s : program.steps)
      for (int g : s.prepared.step().control.graphs()) waiting.push_back(g);
    programs.emplace(index, std::move(program));
  }
  return programs;
}

}  // namespace

int64_t CProgram::array_bytes() const {
  int64_t sum = 0;
  for (const CArray& a : arrays)
    sum += sizeof_elements(a.dtype, static_cast<int64_t>(a.bytes.size() / element_bytes(a.dtype)), char_bits) *
           (char_bits / 8);
  return sum;
}

int64_t CProgram::state_bytes() const {
  int64_t sum = 0;
  for (const CField& f : state) sum += sizeof_elements(f.dtype, std::max<int64_t>(f.elements, 1), char_bits);
  return sum;
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

const char* c_element(DType dtype) {
  return c_type(element_type(dtype));
}

Result<CProgram> make_c_program(const std::shared_ptr<const Model>& model, int entry, const std::string& name,
                                int char_bits) {
  NARROW_TRY(auto const programs, programs_of(model, entry));
  return c_program_of(programs, entry, name, char_bits);
}

Result<CProgram> c_program_of(const std::map<int, Program>& programs, int entry, const std::string& name,
                              int char_bits) {
  constexpr size_t kMostName = 24;
  constexpr int64_t kAlignment = 8;
  auto const model = programs.at(entry).model;
  std::vector<int> order;
  add_in_order(programs, entry, order);

  CProgram out;
  out.name = name;
  out.model = model;
  out.char_bits = char_bits;
  std::map<int, ArenaPlan> plans;
  std::map<int, int64_t> bases;
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const Program& program = programs.at(*at);
    plans[*at] = plan_arena(program, char_bits);
    int64_t const end = bases[*at] + plans[*at].bytes;
    out.arena_bytes = std::max(out.arena_bytes, end);
    for (const ProgramStep& s : program.steps)
      for (int g : s.prepared.step().control.graphs())
        bases[g] = std::max(bases[g], (end + kAlignment - 1) / kAlignment * kAlignment);
  }
  CProgramMaker maker(programs, bases, out);
  auto const names = short_op_names(*model, kMostName);
  for (int g : order)
    NARROW_CHECK(maker.add_graph(g, g == entry ? name + "_run" : fmt::format("graph_{}", g), std::move(plans[g]),
                                 names[static_cast<size_t>(g)]));
  return out;
}

}  // namespace narrow
