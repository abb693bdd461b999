// Pools and changes of size.
#include "ops/windows/windows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/attribute_type.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/window.h"

namespace narrow::onnx {
namespace {

Result<int> pool(Node& n, const OpDef& def, int image, const Window2d& w, Padding padding) {
  Pool2dAttributes a;
  a.padding = padding;
  a.stride_h = static_cast<int>(w[0].stride);
  a.stride_w = static_cast<int>(w[1].stride);
  a.filter_h = static_cast<int>(w[0].kernel);
  a.filter_w = static_cast<int>(w[1].kernel);
  Quantization const q = n.net.at(image).quantization;
  return n.net.add(def, a, {image}, n.name(), {}, q);
}

/// The least number of the data's type, with its scale.
Result<int> lowest_number(Node& n, const Tensor& data) {
  GraphBuilder& b = n.net.builder();
  switch (data.dtype) {
    case DType::float32:
      return n.net.scalar(std::numeric_limits<float>::lowest());
    case DType::int8:
      return b.constant({.dtype = DType::int8, .shape = {}, .quantization = data.quantization},
                        std::vector<int8_t>{-128});
    case DType::uint8:
      return b.constant({.dtype = DType::uint8, .shape = {}, .quantization = data.quantization},
                        std::vector<uint8_t>{0});
    default:
      return not_here(std::string("padding of ") + to_string(data.dtype) + " that is not SAME");
  }
}

/// Windows that leave out elements between theirs: the elements of each place of the window, which `how` joins.
Result<int> dilated_pool(Node& n, const OpDef& how, int image, const Window2d& w) {
  if (w[0].kernel * w[1].kernel > 256) return not_here("a dilated pool of so large windows");
  GraphBuilder& b = n.net.builder();
  Shape const s = n.net.at(image).shape;
  int joined = kNoTensor;
  for (int64_t i = 0; i < w[0].kernel; ++i)
    for (int64_t j = 0; j < w[1].kernel; ++j) {
      auto const row = static_cast<int32_t>(i * w[0].dilation), column = static_cast<int32_t>(j * w[1].dilation);
      auto const down = static_cast<int32_t>(w[0].stride), right = static_cast<int32_t>(w[1].stride);
      auto const rows = static_cast<int32_t>((w[0].out - 1) * w[0].stride + 1);
      auto const columns = static_cast<int32_t>((w[1].out - 1) * w[1].stride + 1);
      std::string const name = n.name() + "/" + std::to_string(i) + "," + std::to_string(j);
      NARROW_TRY(int const part,
                 n.net.add(kStridedSlice, StridedSliceAttributes{},
                           {image, b.indices({0, row, column, 0}),
                            b.indices({s[0], row + rows, column + columns, s[3]}), b.indices({1, down, right, 1})},
                           name, {}, n.net.at(image).quantization));
      if (joined == kNoTensor) {
        joined = part;
        continue;
      }
      Attributes const attributes = how.attributes ? how.attributes->make() : Attributes{};
      NARROW_TRY(joined,
                 n.net.add(how, attributes, {joined, part}, name + "/joined", {}, n.net.at(image).quantization));
    }
  return joined;
}

bool is_dilated(const Window2d& w) {
  return (w[0].dilation != 1 && w[0].kernel > 1) || (w[1].dilation != 1 && w[1].kernel > 1);
}

/// What a pool makes of images with height and width.
using Pool = Result<int> (*)(Node& n, int image, const Window2d& w);

/// Padding of pools takes no part in the result: SAME windows, or lowest values around the data.
Result<int> max_pooled(Node& n, int image, const Window2d& w) {
  bool const same = is_same(w) && !is_valid(w) && !is_dilated(w);
  if (!same && !is_valid(w)) {
    NARROW_TRY(int const lowest, lowest_number(n, n.net.at(image)));
    NARROW_TRY(image, padded(n, image, w, lowest));
  }
  if (is_dilated(w)) return dilated_pool(n, kMaximum, image, w);
  return pool(n, kMaxPool2d, image, w, same ? Padding::same : Padding::valid);
}

/// The pool of the node, of which windows over depth, height and width are two: over height and width, then over depth.
Status read_pool(Node& n, Pool pooled) {
  Shape const shape = n.shape(0);
  NARROW_TRY(std::vector<WindowDim> const dims, windows_of(n, shape, n.integers("kernel_shape")));
  if (dims.size() < 3) {
    NARROW_TRY(Window2d const w, window_of(n, shape, n.integers("kernel_shape")));
    NARROW_TRY(int const image, as_image(n, n.in(0)));
    NARROW_TRY(int const out, pooled(n, image, w));
    return give_image(n, out, shape.rank());
  }
  NARROW_TRY(int const volume, n.net.last(n.in(0)));
  Shape const s = n.net.at(volume).shape;
  NARROW_TRY(int const slices, n.net.reshaped(volume, {s[0] * s[1], s[2], s[3], s[4]}, n.name() + "/slices"));
  NARROW_TRY(int const flat, pooled(n, slices, {dims[1], dims[2]}));
  Shape const f = n.net.at(flat).shape;
  NARROW_TRY(int const columns, n.net.reshaped(flat, {s[0], s[1], f[1] * f[2], s[4]}, n.name() + "/columns"));
  WindowDim none;
  none.in = none.out = f[1] * f[2];
  NARROW_TRY(int const out, pooled(n, columns, {dims[0], none}));
  int32_t const depth = n.net.at(out).shape[1];
  return n.give(n.net.reshaped(out, {s[0], depth, f[1], f[2], s[4]}, n.name() + "/volume"), channels_last(5));
}

Status read_max_pool(Node& n) {
  n.ignore("storage_order");
  if (n.wants(1)) return not_here("the positions that MaxPool finds");
  return read_pool(n, max_pooled);
}

/// How much larger the mean of each window is if only the elements that count are counted: [1, height, width, 1].
std::vector<float> corrections(const Window2d& w, bool with_padding) {
  std::array<std::vector<float>, 2> counts;
  for (size_t d = 0; d < 2; ++d)
    for (int64_t i = 0; i < w[d].out; ++i) {
      int64_t const low = with_padding ? -w[d].before : 0, high = with_padding ? w[d].in + w[d].after : w[d].in;
      int64_t const begin = i * w[d].stride - w[d].before;
      int64_t count = 0;
      for (int64_t k = 0; k < w[d].kernel; ++k) {
        int64_t const at = begin + k * w[d].dilation;
        count += at >= low && at < high;
      }
      counts[d].push_back(static_cast<float>(std::max<int64_t>(count, 1)));
    }
  std::vector<float> out;
  for (float h : counts[0])
    for (float v : counts[1]) out.push_back(static_cast<float>(w[0].kernel * w[1].kernel) / (h * v));
  return out;
}

template <bool kWithPadding>
Result<int> averaged(Node& n, int image, const Window2d& w) {
  bool const no_padding = w[0].before + w[0].after + w[1].before + w[1].after == 0;
  if (!is_dilated(w) && (is_valid(w) || (is_same(w) && (!kWithPadding || no_padding))))
    return pool(n, kAveragePool2d, image, w, is_valid(w) ? Padding::valid : Padding::same);
  if (n.tensor(0).dtype != DType::float32) return not_here("padding of integers that is not SAME");
  if (!is_valid(w)) {
    NARROW_TRY(image, padded(n, image, w));
  }
  int out = kNoTensor;
  if (is_dilated(w)) {
    NARROW_TRY(out, dilated_pool(n, kAdd, image, w));
    int const part = n.net.scalar(1.0F / static_cast<float>(w[0].kernel * w[1].kernel));
    NARROW_TRY(out, n.net.add(kMul, MulAttributes{}, {out, part}, n.name() + "/mean"));
  } else {
    NARROW_TRY(out, pool(n, kAveragePool2d, image, w, Padding::valid));
  }
  std::vector<float> const by = corrections(w, kWithPadding);
  if (std::all_of(by.begin(), by.end(), [](float f) { return f == 1.0F; })) return out;
  int const factor = n.net.builder().constant(
      {.shape = Shape::of({1, static_cast<int32_t>(w[0].out), static_cast<int32_t>(w[1].out), 1})}, by);
  return n.net.add(kMul, MulAttributes{}, {out, factor}, n.name());
}

Status read_average_pool(Node& n) {
  return read_pool(n, n.integer("count_include_pad", 0) != 0 ? averaged<true> : averaged<false>);
}

/// The p-th root of the sum of p-th powers in each window.
Status read_lp_pool(Node& n) {
  int64_t const p = n.integer("p", 2);
  std::vector<int64_t> const kernel = n.integers("kernel_shape");
  if (p < 1 || p > 16) return not_here("LpPool of power " + std::to_string(p));
  auto const exponent = static_cast<float>(p);
  std::string const name = n.name();
  const Value& x = n.in(0);
  NARROW_TRY(int power, n.net.add(kAbs, {}, {x.tensor}, name + "/size"));
  NARROW_TRY(power, n.net.add(kPow, {}, {power, n.net.scalar(exponent)}, name + "/power"));
  Node inner = n.as(n.row, n.opset, {{power, x.order}}, "/sum");
  NARROW_CHECK(read_pool(inner, averaged<true>));
  n.ignore_all();
  Value const mean = inner.results()[0];
  float count = 1;
  for (int64_t k : kernel) count *= static_cast<float>(k);
  NARROW_TRY(int const sum, n.net.add(kMul, MulAttributes{}, {mean.tensor, n.net.scalar(count)}, name + "/all"));
  return n.give(n.net.add(kPow, {}, {sum, n.net.scalar(1 / exponent)}, name), mean.order);
}

template <const OpDef& kReduce>
Status read_global_pool(Node& n) {
  int const rank = n.shape(0).rank();
  if (rank < 3) return fail(ErrorKind::bad_file, "data " + n.shape(0).text() + " is no image");
  NARROW_TRY(int const image, n.net.last(n.in(0)));
  std::vector<int32_t> axes;
  for (int d = 1; d < rank - 1; ++d) axes.push_back(d);
  int const along = n.net.builder().indices(axes);
  Quantization const q = n.net.at(image).quantization;
  return n.give(n.net.add(kReduce, ReduceAttributes{true}, {image, along}, n.name(), {}, q), channels_last(rank));
}

/// The channels in another order: those that each channel's own block makes lie one behind the other in the file (CRD),
/// and all channels of one place, then those of the next, in narrow's ops; `to_file` says which way.
Result<int> blocks_reordered(Node& n, int image, int block, bool to_file) {
  int const channels = n.net.at(image).shape.back(), each = channels / block;
  if (channels % block != 0) return fail(ErrorKind::bad_file, "blocks do not go with the channels");
  std::vector<int32_t> at(static_cast<size_t>(channels));
  for (int b = 0; b < block; ++b)
    for (int c = 0; c < each; ++c) {
      int const file = c * block + b, own = b * each + c;
      at[static_cast<size_t>(to_file ? file : own)] = to_file ? own : file;
    }
  return n.net.add(kGather, GatherAttributes{3, 0}, {image, n.net.positions(Shape::of({channels}), at)},
                   n.name() + "/ordered", {}, n.net.at(image).quantization);
}

template <const OpDef& kOp, bool kToDepth>
Status read_blocks(Node& n) {
  bool const reordered = n.text("mode", "DCR") != "DCR";
  if (n.shape(0).rank() != 4) return fail(ErrorKind::bad_file, "data " + n.shape(0).text() + " is no image");
  int64_t const size = n.integer("blocksize", 1);
  if (size < 1 || size > 4096) return fail(ErrorKind::bad_file, "blocks of " + std::to_string(size));
  auto const block = static_cast<int>(size * size);
  NARROW_TRY(int image, n.net.last(n.in(0)));
  Quantization const q = n.net.at(image).quantization;
  if (reordered && !kToDepth) {
    NARROW_TRY(image, blocks_reordered(n, image, block, false));
  }
  NARROW_TRY(image, n.net.add(kOp, BlockAttributes{static_cast<int>(size)}, {image}, n.name(), {}, q));
  if (reordered && kToDepth) {
    NARROW_TRY(image, blocks_reordered(n, image, block, true));
  }
  return n.give({image, channels_last(4)});
}

constexpr OpRow kRowsWindow[] = {
    {"AveragePool", read_average_pool},
    {"DepthToSpace", read_blocks<kDepthToSpace, false>},
    {"GlobalAveragePool", read_global_pool<kMean>},
    {"GlobalMaxPool", read_global_pool<kReduceMax>},
    {"LpPool", read_lp_pool},
    {"MaxPool", read_max_pool},
    {"SpaceToDepth", read_blocks<kSpaceToDepth, true>},
};

}  // namespace

std::span<const OpRow> window_rows() {
  return kRowsWindow;
}

}  // namespace narrow::onnx
