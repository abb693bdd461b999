// Ops that choose elements by positions.
#include "ops/indexing/indexing.h"

#include <algorithm>

#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

Status read_gather(Node& n) {
  Shape const s = n.shape(0);
  NARROW_TRY(int const axis, n.axis(n.integer("axis", 0), s.rank()));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int at, n.net.plain_tensor(n.in(1)));
  if (!n.net.at(at).constant) return not_here("positions that are computed from data, which may count from the end,");
  NARROW_TRY(std::vector<int64_t> positions, n.known(1, "positions"));
  for (int64_t& p : positions) {
    if (p < 0) p += s[axis];
    if (p < 0 || p >= s[axis]) return fail(ErrorKind::bad_file, "a position outside of the data " + s.text());
  }
  at = n.net.builder().constant({.dtype = DType::int32, .shape = n.shape(1)},
                                std::vector<int32_t>(positions.begin(), positions.end()));
  Quantization const q = n.net.at(x).quantization;
  return n.give_plain(n.net.add(kGather, GatherAttributes{axis, 0}, {x, at}, n.name(), {}, q));
}

constexpr OpRow kRowsIndexing[] = {
    {"Gather", read_gather, 2, 2},
};

}  // namespace

std::span<const OpRow> indexing_rows() {
  return kRowsIndexing;
}

}  // namespace narrow::onnx
