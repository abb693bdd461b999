#include "ops/layout/layout.h"

#include <bit>
#include <numeric>

#include "one_op.h"

namespace narrow {
namespace {

Shape shape_of(const std::vector<int32_t>& dims) {
  return *Shape::make(dims);
}

Shape random_shape(Random& r, int lo, int hi, int32_t largest = 5) {
  std::vector<int32_t> dims(static_cast<size_t>(r.between(lo, hi)));
  for (int32_t& d : dims) d = r.chance(0.3) ? 1 : static_cast<int32_t>(r.between(r.chance(0.1) ? 0 : 1, largest));
  return shape_of(dims);
}

/// The index of element `at` of a dense tensor, dimension by dimension.
std::vector<int64_t> index_of(const Shape& shape, int64_t at) {
  std::vector<int64_t> index(static_cast<size_t>(shape.rank()));
  for (int d = shape.rank(); d-- > 0; at /= shape[d]) index[static_cast<size_t>(d)] = at % shape[d];
  return index;
}

int64_t place_of(const Shape& shape, const std::vector<int64_t>& index) {
  int64_t at = 0;
  for (int d = 0; d < shape.rank(); ++d) at = at * shape[d] + index[static_cast<size_t>(d)];
  return at;
}

/// A result of `shape` over a batch, each element of which f(sample, index) gives.
template <class T, class F>
std::vector<T> filled(const Shape& shape, int batch, F f) {
  std::vector<T> out;
  for (int s = 0; s < batch; ++s)
    for (int64_t i = 0; i < shape.elements(); ++i) out.push_back(f(s, index_of(shape, i)));
  return out;
}

template <class T>
T at(const std::vector<T>& values, const Shape& shape, int sample, const std::vector<int64_t>& index) {
  return values[static_cast<size_t>(sample * shape.elements() + place_of(shape, index))];
}

template <class T>
Quantization grid(Random& r) {
  if constexpr (sizeof(T) > 2 || std::is_floating_point_v<T>) return {};
  return Quantization::of(r.scale(-8, 2), sizeof(T) == 1 ? r.between(-128, 127) : 0);
}

template <class T>
void expect_transpose(Random& r) {
  Shape const in = random_shape(r, 0, 6);
  std::vector<int32_t> perm(static_cast<size_t>(in.rank()));
  std::iota(perm.begin(), perm.end(), 0);
  for (size_t i = perm.size(); i > 1; --i)
    std::swap(perm[i - 1], perm[static_cast<size_t>(r.between(0, static_cast<int64_t>(i) - 1))]);
  auto given = perm;
  for (int32_t& p : given)
    if (r.chance(0.2)) p -= in.rank();
  auto const rank = static_cast<int32_t>(in.rank());
  Quantization const q = grid<T>(r);
  int const batch = static_cast<int>(r.between(1, 3));
  OneOp op(kTranspose, {});
  op.input<T>(in, q).template constant<int32_t>(Shape::of({rank}), given).template result<T>(q);
  auto const x = r.values<T>(in.elements() * batch);
  auto const want = filled<T>(op.output_shape(), batch, [&](int s, const std::vector<int64_t>& index) {
    std::vector<int64_t> from(index.size());
    for (size_t d = 0; d < index.size(); ++d) from[static_cast<size_t>(perm[d])] = index[d];
    return at(x, in, s, from);
  });
  ASSERT_EQ(op.run<T>("narrow", {x}, batch), want) << in.text();
}

template <class T>
void expect_pad(Random& r) {
  Shape const in = random_shape(r, 0, 6, 4);
  auto const rank = static_cast<int32_t>(in.rank());
  std::vector<int64_t> paddings(2 * static_cast<size_t>(rank));
  for (int64_t& p : paddings) p = r.chance(0.5) ? 0 : r.between(0, 3);
  Quantization const q = grid<T>(r);
  int const batch = static_cast<int>(r.between(1, 3));
  OneOp op(kPad, {});
  op.input<T>(in, q).template constant<int64_t>(Shape::of({rank, 2}), paddings).template result<T>(q);
  auto const x = r.values<T>(in.elements() * batch);
  auto const want = filled<T>(op.output_shape(), batch, [&](int s, std::vector<int64_t> index) {
    for (size_t d = 0; d < index.size(); ++d) {
      index[d] -= paddings[2 * d];
      if (index[d] < 0 || index[d] >= in[static_cast<int>(d)]) return static_cast<T>(q.zero_point());
    }
    return at(x, in, s, index);
  });
  ASSERT_EQ(op.run<T>("narrow", {x}, batch), want) << in.text();
}

template <class T>
void expect_concatenation(Random& r) {
  Shape const first = random_shape(r, 1, 5);
  int const axis = static_cast<int>(r.between(0, first.rank() - 1)), batch = static_cast<int>(r.between(1, 3));
  Quantization const q = grid<T>(r);
  OneOp op(kConcatenation, ConcatenationAttributes{.axis = r.chance(0.5) ? axis : axis - first.rank()});
  std::vector<Shape> shapes;
  std::vector<std::vector<T>> values, computed;
  for (int64_t n = r.between(1, 4); n > 0; --n) {
    std::vector<int32_t> dims(first.dims().begin(), first.dims().end());
    dims[static_cast<size_t>(axis)] = static_cast<int32_t>(r.between(0, 3));
    shapes.push_back(shape_of(dims));
    if (r.chance(0.3)) {
      values.push_back(r.values<T>(shapes.back().elements()));
      op.constant<T>(shapes.back(), values.back(), q);
      for (int s = 1; s < batch; ++s)
        values.back().insert(values.back().end(), values.back().begin(),
                             values.back().begin() + static_cast<std::ptrdiff_t>(shapes.back().elements()));
    } else {
      values.push_back(r.values<T>(shapes.back().elements() * batch));
      computed.push_back(values.back());
      op.input<T>(shapes.back(), q);
    }
  }
  op.result<T>(q);
  auto const want = filled<T>(op.output_shape(), batch, [&](int s, std::vector<int64_t> index) {
    size_t which = 0;
    auto& along = index[static_cast<size_t>(axis)];
    for (; along >= shapes[which][axis]; ++which) along -= shapes[which][axis];
    return at(values[which], shapes[which], s, index);
  });
  ASSERT_EQ(op.run<T>("narrow", computed, batch), want) << first.text();
}

template <class T>
void expect_pack(Random& r) {
  Shape const in = random_shape(r, 0, 4);
  int const axis = static_cast<int>(r.between(0, in.rank())), batch = static_cast<int>(r.between(1, 3));
  int const count = static_cast<int>(r.between(1, 4));
  Quantization const q = grid<T>(r);
  OneOp op(kPack, PackAttributes{.count = count, .axis = r.chance(0.5) ? axis : axis - in.rank() - 1});
  std::vector<std::vector<T>> values;
  for (int i = 0; i < count; ++i) {
    values.push_back(r.values<T>(in.elements() * batch));
    op.input<T>(in, q);
  }
  op.result<T>(q);
  auto const want = filled<T>(op.output_shape(), batch, [&](int s, std::vector<int64_t> index) {
    auto const which = static_cast<size_t>(index[static_cast<size_t>(axis)]);
    index.erase(index.begin() + axis);
    return at(values[which], in, s, index);
  });
  ASSERT_EQ(op.run<T>("narrow", values, batch), want) << in.text();
}

/// The positions that Python's x[begin:end:step] takes of n elements; an absent bound is left out.
std::vector<int64_t> python_range(int64_t n, std::optional<int64_t> begin, std::optional<int64_t> end, int64_t step) {
  std::vector<int64_t> out;
  auto from_end = [&](int64_t v) { return v < 0 ? v + n : v; };
  if (step > 0) {
    int64_t const stop = end ? std::min(from_end(*end), n) : n;
    for (int64_t i = begin ? std::max<int64_t>(from_end(*begin), 0) : 0; i < stop; i += step) out.push_back(i);
  } else {
    int64_t const stop = end ? std::max<int64_t>(from_end(*end), -1) : -1;
    for (int64_t i = begin ? std::min(from_end(*begin), n - 1) : n - 1; i > stop; i += step) out.push_back(i);
  }
  return out;
}

template <class T>
void expect_slice(Random& r) {
  Shape const in = random_shape(r, 0, 5);
  StridedSliceAttributes a;
  std::vector<int32_t> begins, ends, steps;
  std::vector<std::vector<int64_t>> taken;  // by dimension of the data
  std::vector<int> result_dims;             // the data's dimension for each of the result's; -1 for a new one
  auto index = [&](int b, int e, int s) {
    begins.push_back(b), ends.push_back(e), steps.push_back(s);
    return 1 << (begins.size() - 1);
  };
  int d = 0;
  auto whole = [&] {
    taken.push_back(python_range(in[d], {}, {}, 1));
    result_dims.push_back(d++);
  };
  bool ellipsis = false;
  while (d < in.rank() && !r.chance(0.1)) {
    auto const n = static_cast<int>(in[d]);
    auto any = [&] { return static_cast<int>(r.between(-n - 2, n + 2)); };
    if (std::popcount(static_cast<unsigned>(a.new_axis_mask)) < 3 && r.chance(0.15)) {
      a.new_axis_mask |= index(any(), any(), 1);
      result_dims.push_back(-1);
    } else if (n > 0 && r.chance(0.2)) {
      int const at = static_cast<int>(r.between(-n, n - 1));
      a.shrink_axis_mask |= index(at, any(), 1);
      taken.push_back({at < 0 ? at + n : at});
      ++d;
    } else {
      int const step = static_cast<int>(r.between(1, 3)) * (r.chance(0.4) ? -1 : 1), begin = any(), end = any();
      bool const no_begin = r.chance(0.3), no_end = r.chance(0.3);
      int const bit = index(begin, end, step);
      if (no_begin) a.begin_mask |= bit;
      if (no_end) a.end_mask |= bit;
      using Bound = std::optional<int64_t>;
      taken.push_back(python_range(n, no_begin ? Bound() : Bound(begin), no_end ? Bound() : Bound(end), step));
      result_dims.push_back(d++);
    }
    if (!ellipsis && r.chance(0.15)) {
      // The indices to come are fixed first, so that the ellipsis knows what is left for it.
      ellipsis = true;
      a.ellipsis_mask |= index(any(), any(), 1);
      int64_t const after = r.between(0, in.rank() - d);
      while (in.rank() - d > after) whole();
      for (int64_t i = 0; i < after; ++i) {
        int const bit = index(0, 0, 1);
        a.begin_mask |= bit;
        a.end_mask |= bit;
        whole();
      }
      break;
    }
  }
  while (d < in.rank()) whole();
  int const batch = static_cast<int>(r.between(1, 3));
  auto const n = Shape::of({static_cast<int32_t>(begins.size())});
  OneOp op(kStridedSlice, a);
  op.input<T>(in).template constant<int32_t>(n, begins).template constant<int32_t>(n, ends);
  op.constant<int32_t>(n, steps);
  op.result<T>();
  std::vector<int32_t> dims;
  for (int k : result_dims) dims.push_back(k < 0 ? 1 : static_cast<int32_t>(taken[static_cast<size_t>(k)].size()));
  ASSERT_EQ(op.output_shape().text(), shape_of(dims).text()) << in.text();
  auto const x = r.values<T>(in.elements() * batch);
  auto const want = filled<T>(op.output_shape(), batch, [&](int s, const std::vector<int64_t>& at_result) {
    std::vector<int64_t> from;
    for (const auto& t : taken) from.push_back(t.front());
    for (size_t k = 0; k < result_dims.size(); ++k)
      if (auto const dim = static_cast<size_t>(result_dims[k]); result_dims[k] >= 0)
        from[dim] = taken[dim][static_cast<size_t>(at_result[k])];
    return at(x, in, s, from);
  });
  ASSERT_EQ(op.run<T>("narrow", {x}, batch), want) << in.text();
}

template <class T>
void expect_tile(Random& r) {
  Shape const in = random_shape(r, 1, 8, 3);
  std::vector<int32_t> times;
  for (int d = 0; d < in.rank(); ++d) times.push_back(static_cast<int32_t>(r.between(1, 2)));
  int const batch = static_cast<int>(r.between(1, 2));
  OneOp op(kTile, {});
  op.input<T>(in).template constant<int32_t>(Shape::of({in.rank()}), times);
  op.result<T>();
  auto const x = r.values<T>(in.elements() * batch);
  auto const want = filled<T>(op.output_shape(), batch, [&](int s, std::vector<int64_t> from) {
    for (size_t d = 0; d < from.size(); ++d) from[d] %= in[static_cast<int>(d)];
    return at(x, in, s, from);
  });
  ASSERT_EQ(op.run<T>("narrow", {x}, batch), want) << in.text();
}

/// Every layout op over one element type.
template <class T>
void layouts_equal_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200 && !testing::Test::HasFatalFailure(); ++i) {
    expect_transpose<T>(r);
    expect_pad<T>(r);
    expect_concatenation<T>(r);
    expect_pack<T>(r);
    expect_slice<T>(r);
    expect_tile<T>(r);
  }
}

TEST(Layout, FloatsEqualTheDefinition) {
  layouts_equal_the_definition<float>();
}
TEST(Layout, Int8EqualsTheDefinition) {
  layouts_equal_the_definition<int8_t>();
}
TEST(Layout, Int16EqualsTheDefinition) {
  layouts_equal_the_definition<int16_t>();
}
TEST(Layout, Int64EqualsTheDefinition) {
  layouts_equal_the_definition<int64_t>();
}

TEST(Layout, DimensionsComeAndGo) {
  std::vector<float> const x{1, 2, 3, 4, 5, 6};
  auto expand = OneOp(kExpandDims, {}).input<float>(Shape::of({2, 3})).constant<int32_t>(Shape(), {-1});
  EXPECT_EQ(expand.result<float>().output_shape(), Shape::of({2, 3, 1}));
  EXPECT_EQ(expand.run<float>("narrow", {x}), x);
  auto squeeze = OneOp(kSqueeze, SqueezeAttributes{}).input<float>(Shape::of({1, 2, 1, 3}));
  EXPECT_EQ(squeeze.result<float>().output_shape(), Shape::of({2, 3}));
  EXPECT_EQ(squeeze.run<float>("narrow", {x}), x);
  auto some = OneOp(kSqueeze, SqueezeAttributes{.axes = {-2}}).input<float>(Shape::of({1, 2, 1, 3}));
  EXPECT_EQ(some.result<float>().output_shape(), Shape::of({1, 2, 3}));
  auto shape = OneOp(kShape, ShapeAttributes{}).input<float>(Shape::of({2, 3})).result<int32_t>();
  EXPECT_EQ(shape.run<int32_t>("narrow", {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}, 2),
            (std::vector<int32_t>{2, 3, 2, 3}));
}

TEST(Layout, EndsMayCountFromBegins) {
  OneOp op(kStridedSlice, StridedSliceAttributes{.offset = true});
  Shape const one = Shape::of({1});
  op.input<float>(Shape::of({6})).constant<int32_t>(one, {-4}).constant<int32_t>(one, {3}).constant<int32_t>(one, {2});
  op.result<float>();
  EXPECT_EQ(op.run<float>("narrow", {{0, 1, 2, 3, 4, 5}}), (std::vector<float>{2, 4}));
}

ErrorKind slice_error(const Shape& in, std::vector<int32_t> begin, std::vector<int32_t> end, std::vector<int32_t> step,
                      const StridedSliceAttributes& a = {}) {
  auto n = [](const std::vector<int32_t>& v) { return Shape::of({static_cast<int32_t>(v.size())}); };
  OneOp op(kStridedSlice, a);
  op.input<float>(in).constant<int32_t>(n(begin), begin).constant<int32_t>(n(end), end);
  op.constant<int32_t>(n(step), step);
  auto const shapes = op.infer();
  return shapes ? ErrorKind::internal : shapes.error().kind;
}

TEST(Layout, MalformedOperandsAreNamed) {
  Shape const square = Shape::of({2, 3});
  EXPECT_EQ(slice_error(square, {0}, {1}, {0}), ErrorKind::bad_file);
  EXPECT_EQ(slice_error(square, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}), ErrorKind::bad_file);
  EXPECT_EQ(slice_error(square, {0, 0}, {1}, {1, 1}), ErrorKind::bad_file);
  EXPECT_EQ(slice_error(square, {0, 0}, {1, 1}, {1, 1}, {.ellipsis_mask = 3}), ErrorKind::bad_file);
  EXPECT_EQ(slice_error(square, {2}, {3}, {1}, {.shrink_axis_mask = 1}), ErrorKind::bad_file);
  EXPECT_EQ(slice_error(square, {0}, {3}, {1}, {.offset = true}), ErrorKind::bad_file);
  EXPECT_EQ(slice_error(square, {1}, {2}, {1}, {.begin_mask = 1, .shrink_axis_mask = 1}), ErrorKind::unsupported);
  EXPECT_EQ(slice_error(square, {1}, {2}, {std::numeric_limits<int32_t>::min()}), ErrorKind::internal);

  auto kind = [](const OneOp& op) { return op.infer().error().kind; };
  Shape const two = Shape::of({2});
  EXPECT_EQ(kind(OneOp(kTranspose, {}).input<float>(square).constant<int32_t>(two, {1, 1})), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kTranspose, {}).input<float>(square).constant<int32_t>(two, {0, 2})), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kTranspose, {}).input<float>(square).constant<float>(two, {0, 1})), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kTranspose, {}).input<float>(square).input<int32_t>(two)), ErrorKind::unsupported);
  Shape const paddings = Shape::of({2, 2});
  EXPECT_EQ(kind(OneOp(kPad, {}).input<float>(square).constant<int32_t>(paddings, {0, -1, 0, 0})), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kPad, {}).input<float>(square).constant<int32_t>(two, {0, 1})), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kPad, {}).input<float>(square).constant<int32_t>(paddings, {0, 2147483647, 0, 0})),
            ErrorKind::limit_exceeded);
  EXPECT_EQ(kind(OneOp(kSqueeze, SqueezeAttributes{.axes = {0}}).input<float>(square)), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kExpandDims, {}).input<float>(square).constant<int32_t>(Shape(), {3})), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kPack, PackAttributes{.count = 2}).input<float>(square)), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kConcatenation, ConcatenationAttributes{.axis = 2}).input<float>(square)), ErrorKind::bad_file);
  EXPECT_EQ(kind(OneOp(kConcatenation, ConcatenationAttributes{}).input<float>(square).input<float>(two)),
            ErrorKind::bad_file);
}

TEST(Layout, RefusesWhatRuntimesDoNotCompute) {
  Shape const two = Shape::of({2});
  auto fused = OneOp(kConcatenation, ConcatenationAttributes{.activation = Activation::relu}).input<float>(two);
  EXPECT_NE(fused.result<float>().refusal("narrow").find("fused activation"), std::string::npos);
  Quantization const q = Quantization::of(0.5f, 3);
  auto scales = OneOp(kConcatenation, ConcatenationAttributes{}).input<int8_t>(two, q);
  scales.input<int8_t>(two, Quantization::of(0.5f, 4)).result<int8_t>(q);
  EXPECT_NE(scales.refusal("narrow").find("operand 1"), std::string::npos);
  auto types = OneOp(kConcatenation, ConcatenationAttributes{}).input<float>(two).input<int32_t>(two);
  EXPECT_NE(types.result<float>().refusal("narrow").find("int32"), std::string::npos);
}

}  // namespace
}  // namespace narrow
