// Ops that choose elements by positions, or put elements where positions say.
#include "ops/indexing/indexing.h"

#include <algorithm>
#include <numeric>

#include "ops/arithmetic/arithmetic.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/gather.h"

namespace narrow::onnx {
namespace {

/// How far elements lie apart along each dimension of a dense tensor.
std::vector<int32_t> strides_of(const Shape& s) {
  std::vector<int32_t> out(static_cast<size_t>(s.rank()), 1);
  for (int d = s.rank() - 1; d-- > 0;) out[static_cast<size_t>(d)] = out[static_cast<size_t>(d) + 1] * s[d + 1];
  return out;
}

Result<int> flattened(Node& n, int tensor) {
  return n.net.reshaped(tensor, {static_cast<int32_t>(n.net.at(tensor).elements())}, n.name() + "/flat");
}

std::vector<int32_t> dims_vector(const Shape& s) {
  return {s.dims().begin(), s.dims().end()};
}

Status read_gather(Node& n) {
  Shape const s = n.shape(0);
  NARROW_TRY(int const axis, n.axis(n.integer("axis", 0), s.rank()));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int at, n.net.plain_tensor(n.in(1)));
  if (n.net.at(at).constant) {
    NARROW_TRY(std::vector<int64_t> positions, n.known(1, "positions"));
    for (int64_t& p : positions) {
      if (p < 0) p += s[axis];
      if (p < 0 || p >= s[axis]) return fail(ErrorKind::bad_file, "a position outside of the data " + s.text());
    }
    at = n.net.positions(n.shape(1), {positions.begin(), positions.end()});
  } else {
    NARROW_TRY(at, from_front(n, at, {s[axis]}));
  }
  Quantization const q = n.net.at(x).quantization;
  return n.give_plain(n.net.add(kGather, GatherAttributes{axis, 0}, {x, at}, n.name(), {}, q));
}

/// Where in the flat data the elements lie that positions along one axis choose: a position for each of `at`, whose
/// other dimensions go together with the data's.
Result<int> along_axis(Node& n, const Shape& data, int at, int axis) {
  Shape const s = n.net.at(at).shape;
  if (s.rank() != data.rank()) return fail(ErrorKind::bad_file, "positions and data differ in dimensions");
  std::vector<int32_t> const apart = strides_of(data), own = strides_of(s);
  std::vector<int32_t> base(static_cast<size_t>(s.elements()));
  for (size_t i = 0; i < base.size(); ++i)
    for (int d = 0; d < s.rank(); ++d)
      if (d != axis)
        base[i] += static_cast<int32_t>(i) / own[static_cast<size_t>(d)] % s[d] * apart[static_cast<size_t>(d)];
  NARROW_TRY(at, from_front(n, at, {data[axis]}));
  NARROW_TRY(at, n.net.add(kMul, MulAttributes{}, {at, n.net.positions({}, {apart[static_cast<size_t>(axis)]})},
                           n.name() + "/along"));
  return n.net.add(kAdd, AddAttributes{}, {at, n.net.positions(s, base)}, n.name() + "/places");
}

Status read_gather_elements(Node& n) {
  NARROW_TRY(int const axis, n.axis(n.integer("axis", 0), n.shape(0).rank()));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int const at, n.net.plain_tensor(n.in(1)));
  return n.give_plain(elements_at(n, x, at, axis, n.name()));
}

/// Where the slices lie that rows of positions choose, a position for each element of the slices: [rows, slice].
/// The first `batch` dimensions of positions and data go together.
Result<int> slices(Node& n, const Shape& data, int at, int batch) {
  Shape const s = n.net.at(at).shape;
  if (s.rank() == 0 || batch >= s.rank() || batch + s.back() > data.rank())
    return fail(ErrorKind::bad_file, "positions " + s.text() + " do not go with data " + data.text());
  int const k = s.back();
  std::vector<int32_t> const apart = strides_of(data), own = strides_of(s);
  std::vector<int32_t> lengths, factors;
  for (int d = 0; d < k; ++d) {
    lengths.push_back(data[batch + d]);
    factors.push_back(apart[static_cast<size_t>(batch + d)]);
  }
  auto const rows = static_cast<int32_t>(s.product(0, s.rank() - 1));
  auto const slice = static_cast<int32_t>(data.product(batch + k, data.rank()));
  NARROW_TRY(at, from_front(n, at, lengths));
  NARROW_TRY(at, n.net.reshaped(at, {rows, k}, n.name() + "/rows"));
  NARROW_TRY(at, n.net.add(kMul, MulAttributes{}, {at, n.net.positions(Shape::of({k}), factors)}, n.name() + "/along"));
  NARROW_TRY(at, n.net.add(kSum, ReduceAttributes{true}, {at, n.net.builder().indices({1})}, n.name() + "/begins"));
  std::vector<int32_t> base;
  for (int32_t r = 0; r < rows; ++r) {
    int32_t begin = 0;
    for (int d = 0; d < batch; ++d) begin += r * k / own[static_cast<size_t>(d)] % s[d] * apart[static_cast<size_t>(d)];
    for (int32_t i = 0; i < slice; ++i) base.push_back(begin + i);
  }
  return n.net.add(kAdd, AddAttributes{}, {at, n.net.positions(Shape::of({rows, slice}), base)}, n.name() + "/places");
}

Status read_gather_nd(Node& n) {
  Shape const s = n.shape(0), by = n.shape(1);
  int64_t const batch = n.integer("batch_dims", 0);
  if (batch < 0 || batch >= by.rank()) return fail(ErrorKind::bad_file, "`batch_dims` is " + std::to_string(batch));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int const at, n.net.plain_tensor(n.in(1)));
  NARROW_TRY(int const places, slices(n, s, at, static_cast<int>(batch)));
  NARROW_TRY(int const flat, flattened(n, x));
  NARROW_TRY(int const out, n.net.add(kGather, GatherAttributes{0, 0}, {flat, places}, n.name() + "/rows"));
  std::vector<int32_t> dims(by.dims().begin(), by.dims().end() - 1);
  dims.insert(dims.end(), s.dims().begin() + batch + by.back(), s.dims().end());
  return n.give_plain(n.net.reshaped(out, dims, n.name()));
}

/// The data with updates in, or added to, the places.
Status scatter(Node& n, int x, int places, int updates) {
  std::string const how = n.text("reduction", "none");
  if (how != "none" && how != "add") return not_here("reduction '" + how + "'");
  Shape const s = n.net.at(x).shape;
  auto const count = static_cast<int32_t>(n.net.at(places).elements());
  if (n.net.at(updates).elements() != count) return fail(ErrorKind::bad_file, "updates do not go with their positions");
  NARROW_TRY(places, n.net.reshaped(places, {count, 1}, n.name() + "/rows"));
  NARROW_TRY(updates, flattened(n, updates));
  NARROW_TRY(int const flat, flattened(n, x));
  int const shape = n.net.builder().indices({static_cast<int32_t>(s.elements())});
  DType const dtype = n.net.at(x).dtype;
  NARROW_TRY(int const put, n.net.add(kScatterNd, {}, {places, updates, shape}, n.name() + "/put", dtype));
  int out = kNoTensor;
  if (how == "add") {
    NARROW_TRY(out, n.net.add(kAdd, AddAttributes{}, {flat, put}, n.name() + "/sum"));
  } else {
    int const ones =
        n.net.builder().constant({.shape = Shape::of({count})}, std::vector<float>(static_cast<size_t>(count), 1));
    NARROW_TRY(int const hits, n.net.add(kScatterNd, {}, {places, ones, shape}, n.name() + "/hits", DType::float32));
    NARROW_TRY(int const hit, n.net.add(kGreater, {}, {hits, n.net.scalar(0)}, n.name() + "/hit", DType::boolean));
    NARROW_TRY(out, n.net.add(kSelectV2, {}, {hit, put, flat}, n.name() + "/chosen", dtype));
  }
  return n.give_plain(n.net.reshaped(out, dims_vector(s), n.name()));
}

Status read_scatter_elements(Node& n) {
  Shape const s = n.shape(0);
  NARROW_TRY(int const axis, n.axis(n.integer("axis", 0), s.rank()));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int const at, n.net.plain_tensor(n.in(1)));
  NARROW_TRY(int const updates, n.net.plain_tensor(n.in(2)));
  NARROW_TRY(int const places, along_axis(n, s, at, axis));
  return scatter(n, x, places, updates);
}

Status read_scatter_nd(Node& n) {
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int const at, n.net.plain_tensor(n.in(1)));
  NARROW_TRY(int const updates, n.net.plain_tensor(n.in(2)));
  NARROW_TRY(int const places, slices(n, n.shape(0), at, 0));
  return scatter(n, x, places, updates);
}

/// Slices where a known condition is true.
Status read_compress(Node& n) {
  NARROW_TRY(int const condition, n.net.plain_tensor(n.in(1)));
  const Tensor& c = n.net.at(condition);
  if (!c.constant || c.dtype != DType::boolean) return not_here("conditions that are computed from data");
  std::vector<int32_t> where;
  for (size_t i = 0; i < c.data.size(); ++i)
    if (c.data.data()[i] != std::byte{0}) where.push_back(static_cast<int32_t>(i));
  NARROW_TRY(int x, n.net.plain_tensor(n.in(0)));
  int axis = 0;
  if (n.has_attribute("axis")) {
    NARROW_TRY(axis, n.axis(n.integer("axis", 0), n.shape(0).rank()));
  } else {
    NARROW_TRY(x, flattened(n, x));
  }
  int const at = n.net.positions(Shape::of({static_cast<int32_t>(where.size())}), where);
  return n.give_plain(n.net.add(kGather, GatherAttributes{axis, 0}, {x, at}, n.name()));
}

Status read_one_hot(Node& n) {
  NARROW_TRY(int at, n.net.plain_tensor(n.in(0)));
  NARROW_TRY(int depth_at, n.net.plain_tensor(n.in(1)));
  if (n.net.at(depth_at).constant) {
    NARROW_TRY(depth_at, n.net.cast(depth_at, DType::int32, n.name() + "/depth"));
  }
  const Tensor& known = n.net.at(depth_at);
  if (!known.constant || known.dtype != DType::int32 || known.elements() != 1)
    return not_here("a depth that is computed from data");
  int32_t const depth = known.values<int32_t>()[0];
  int const rank = n.net.at(at).shape.rank();
  NARROW_TRY(int const axis, n.axis(n.integer("axis", -1), rank + 1));
  NARROW_TRY(at, from_front(n, at, {depth}));
  std::array<int, 2> values{};  // off, on
  for (int i = 0; i < 2; ++i) {
    NARROW_TRY(int const one,
               n.net.add(kSlice, {}, {n.in(2).tensor, n.net.builder().indices({i}), n.net.builder().indices({1})},
                         n.name() + "/value" + std::to_string(i)));
    NARROW_TRY(values[static_cast<size_t>(i)], n.net.reshaped(one, {}, ""));
  }
  return n.give_plain(n.net.add(kOneHot, OneHotAttributes{axis == rank ? -1 : axis},
                                {at, n.net.positions({}, {depth}), values[1], values[0]}, n.name(), n.tensor(2).dtype));
}

Status read_reverse_sequence(Node& n) {
  ReverseSequenceAttributes a;
  a.sequence_axis = static_cast<int>(n.integer("time_axis", 0));
  a.batch_axis = static_cast<int>(n.integer("batch_axis", 1));
  NARROW_TRY(int const x, n.net.plain_tensor(n.in(0)));
  return n.give_plain(n.net.add(kReverseSequence, a, {x, n.in(1).tensor}, n.name()));
}

constexpr OpRow kRowsIndexing[] = {
    {"Compress", read_compress, 2, 2},
    {"Gather", read_gather, 2, 2},
    {"GatherElements", read_gather_elements, 2, 2},
    {"GatherND", read_gather_nd, 2, 2},
    {"OneHot", read_one_hot, 3, 3},
    {"ReverseSequence", read_reverse_sequence, 2, 2},
    {"Scatter", read_scatter_elements, 3, 3},
    {"ScatterElements", read_scatter_elements, 3, 3},
    {"ScatterND", read_scatter_nd, 3, 3},
};

}  // namespace

Result<int> from_front(Node& n, int positions, const std::vector<int32_t>& lengths) {
  NARROW_TRY(positions, n.net.cast(positions, DType::int32, n.name() + "/positions"));
  Shape const shape = lengths.size() == 1 ? Shape{} : Shape::of({static_cast<int32_t>(lengths.size())});
  int const zero = n.net.positions({}, {0});
  NARROW_TRY(int const before, n.net.add(kLess, {}, {positions, zero}, n.name() + "/from_end", DType::boolean));
  NARROW_TRY(int const more,
             n.net.add(kAdd, AddAttributes{}, {positions, n.net.positions(shape, lengths)}, n.name() + "/counted"));
  return n.net.add(kSelectV2, {}, {before, more, positions}, n.name() + "/from_front", DType::int32);
}

Result<int> elements_at(Node& n, int data, int at, int axis, const std::string& name) {
  NARROW_TRY(int const places, along_axis(n, n.net.at(data).shape, at, axis));
  NARROW_TRY(int const flat, flattened(n, data));
  return n.net.add(kGather, GatherAttributes{0, 0}, {flat, places}, name);
}

std::span<const OpRow> indexing_rows() {
  return kRowsIndexing;
}

}  // namespace narrow::onnx
