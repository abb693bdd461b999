// Runs a CProgram in its own arena by calling the kernels in C, as the emitted source does.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "emit/c/c_program.h"
#include "graph/liveness.h"
#include "random.h"

namespace narrow {

/// Before each step all bytes of the arena that hold nothing any more, or nothing yet, are overwritten at random: a
/// result that depends on them is wrong. For programs of one graph.
class PlannedRun {
 public:
  explicit PlannedRun(const CProgram& program)
      : program_(program), arena_((static_cast<size_t>(program.arena_bytes) + 7) / 8) {}

  std::byte* at(int tensor) { return bytes() + program_.place(tensor); }

  void run(Random& r) {
    Liveness const liveness(program_.graph());
    for (const CStep& s : program_.entry().steps) {
      poison(liveness, static_cast<int>(s.op), r);
      for (const CCall& c : s.calls) call(c);
    }
  }

 private:
  std::byte* bytes() { return reinterpret_cast<std::byte*>(arena_.data()); }

  void poison(const Liveness& liveness, int op, Random& r) {
    std::vector<bool> live(arena_.size() * 8, false);
    const Graph& graph = program_.graph();
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      Lifetime const life = liveness.of(static_cast<int>(t));
      int64_t const offset = program_.entry().plan.offsets[t];
      if (offset < 0 || life.first >= op || life.last < op) continue;  // what the step writes holds nothing yet
      const Tensor& x = graph.tensors[t];
      auto const size = storage_bytes(x.dtype, x.elements()).value_or(0);
      std::fill_n(live.begin() + offset, size, true);
    }
    for (size_t i = 0; i < live.size(); ++i)
      if (!live[i]) bytes()[i] = static_cast<std::byte>(r.between(0, 255));
  }

  void* address(const CPointer& p) {
    if (p.source == CPointer::Source::arena) return bytes() + p.offset;
    if (p.source != CPointer::Source::array) return nullptr;
    const CArray& a = program_.arrays[p.index];
    return const_cast<std::byte*>(a.bytes.data()) + p.offset * static_cast<int64_t>(element_bytes(a.dtype));
  }

  void call(const CCall& c) {
    const CParams& given = program_.params[c.params];
    std::vector<std::byte> params = given.call.params;
    for (auto [field, array] : given.pointed) {
      const std::byte* const to = program_.arrays[array].bytes.data();
      std::memcpy(params.data() + field->offset, &to, sizeof to);
    }
    std::vector<void*> pointers, list;
    for (const CPointer& p : c.pointers)
      for (const CPointer& each : p.list) list.push_back(address(each));
    for (const CPointer& p : c.pointers)
      pointers.push_back(p.source == CPointer::Source::list ? list.data() : address(p));
    c.kernel->run({params.data(), pointers.data(), nullptr, nullptr, 1});
  }

  const CProgram& program_;
  std::vector<int64_t> arena_;
};

}  // namespace narrow
