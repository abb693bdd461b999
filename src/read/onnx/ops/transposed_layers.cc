// Transposed convolutions.
#include <algorithm>

#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/weights.h"
#include "read/onnx/ops/window.h"

namespace narrow::onnx {
namespace {

/// Cuts off, or puts zeros around, the whole result of a transposed convolution.
Result<int> cut_out(Node& n, int image, const std::array<int64_t, 2>& begin, const std::array<int64_t, 2>& size) {
  Shape const s = n.net.at(image).shape;
  std::array<int32_t, 2> after{};
  bool pads = false;
  for (int d = 0; d < 2; ++d) {
    after[d] = static_cast<int32_t>(std::max<int64_t>(begin[d] + size[d] - s[d + 1], 0));
    pads |= after[d] > 0;
  }
  if (pads) {
    int const by = n.net.builder().constant({.dtype = DType::int32, .shape = Shape::of({4, 2})},
                                            std::vector<int32_t>{0, 0, 0, after[0], 0, after[1], 0, 0});
    NARROW_TRY(image, n.net.add(kPad, {}, {image, by}, n.name() + "/padded"));
  }
  int const from = n.net.builder().indices({0, static_cast<int32_t>(begin[0]), static_cast<int32_t>(begin[1]), 0});
  int const length =
      n.net.builder().indices({s[0], static_cast<int32_t>(size[0]), static_cast<int32_t>(size[1]), s[3]});
  return n.net.add(kSlice, {}, {image, from, length}, n.name());
}

struct Cut {
  std::array<int64_t, 2> begin{}, size{};
};

/// Which part of the whole result a transposed convolution gives.
Result<Cut> cut_of(Node& n, const std::array<int64_t, 2>& in, const std::array<int64_t, 2>& stride,
                   const std::array<int64_t, 2>& whole, size_t spatial) {
  std::vector<int64_t> const pads = n.integers("pads", std::vector<int64_t>(2 * spatial, 0));
  std::vector<int64_t> const more = n.integers("output_padding", std::vector<int64_t>(spatial, 0));
  std::vector<int64_t> shape = n.integers("output_shape");
  if (shape.size() > spatial) shape.erase(shape.begin(), shape.end() - static_cast<int64_t>(spatial));
  std::string const automatic = n.text("auto_pad", "NOTSET");
  bool const same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  if (pads.size() != 2 * spatial || more.size() != spatial || (!shape.empty() && shape.size() != spatial))
    return fail(ErrorKind::bad_file, "pads or output_padding are not one for each dimension");
  Cut out{{0, 0}, {1, 1}};
  for (size_t i = 0; i < spatial; ++i) {
    size_t const d = i + 2 - spatial;
    if (!shape.empty() || same) {
      int64_t const size = shape.empty() ? in[d] * stride[d] : shape[i];
      int64_t const total = whole[d] + more[i] - size;
      out.begin[d] = std::max<int64_t>(automatic == "SAME_UPPER" ? total / 2 : total - total / 2, 0);
      out.size[d] = size;
    } else {
      out.begin[d] = pads[i];
      out.size[d] = whole[d] + more[i] - pads[i] - pads[i + spatial];
    }
    if (out.begin[d] < 0 || out.size[d] < 1 || out.size[d] > (1 << 24) || out.begin[d] > whole[d] || more[i] < 0 ||
        more[i] > (1 << 20))
      return fail(ErrorKind::bad_file, "pads and shapes leave nothing of the result");
  }
  return out;
}

/// Weights [in, out, height, width] with zeros between, so that neighbours are `apart` elements from each other.
Result<int> spread(Node& n, int iohw, const std::array<int64_t, 2>& apart) {
  if (apart[0] == 1 && apart[1] == 1) return iohw;
  const Tensor& w = n.net.at(iohw);
  if (!w.constant || w.dtype != DType::float32) return not_here("a dilated ConvTranspose with computed weights");
  int const h = w.shape[2], v = w.shape[3];
  int64_t const rows = (h - 1) * apart[0] + 1, columns = (v - 1) * apart[1] + 1;
  if (rows > (1 << 12) || columns > (1 << 12)) return not_here("a ConvTranspose of so large dilations");
  Shape const to = Shape::of({w.shape[0], w.shape[1], static_cast<int32_t>(rows), static_cast<int32_t>(columns)});
  std::vector<float> out(static_cast<size_t>(to.elements()), 0);
  auto const from = w.values<float>();
  for (size_t i = 0; i < from.size(); ++i) {
    auto const x = static_cast<int64_t>(i) % v, y = static_cast<int64_t>(i) / v % h,
               c = static_cast<int64_t>(i) / v / h;
    out[static_cast<size_t>((c * rows + y * apart[0]) * columns + x * apart[1])] = from[i];
  }
  return n.net.builder().constant({.shape = to, .name = w.name}, out);
}

/// Indices [begin, begin + size) along one axis.
Result<int> part_of(Node& n, int x, int axis, int32_t begin, int32_t size, const char* name) {
  Shape const s = n.net.at(x).shape;
  std::vector<int32_t> from(static_cast<size_t>(s.rank()), 0), length(s.dims().begin(), s.dims().end());
  from[static_cast<size_t>(axis)] = begin;
  length[static_cast<size_t>(axis)] = size;
  return n.net.add(kSlice, {}, {x, n.net.builder().indices(from), n.net.builder().indices(length)}, n.name() + name);
}

/// The whole result, without bias: each group of channels by itself, and all of them side by side.
Result<int> whole_result(Node& n, int image, int iohw, int groups, const std::array<int64_t, 2>& stride,
                         const std::array<int64_t, 2>& whole) {
  Shape const x = n.net.at(image).shape, w = n.net.at(iohw).shape;
  if (groups < 1 || x[3] != w[0] || w[0] % groups != 0)
    return fail(ErrorKind::bad_file, "weights " + w.text() + " do not go with the data");
  int const to = n.net.builder().indices({x[0], static_cast<int32_t>(whole[0]), static_cast<int32_t>(whole[1]), w[1]});
  TransposeConvAttributes a;
  a.padding = Padding::valid;
  a.stride_h = static_cast<int>(stride[0]);
  a.stride_w = static_cast<int>(stride[1]);
  std::vector<int> parts;
  for (int g = 0; g < groups; ++g) {
    int data = image, weights = iohw, each = w[0] / groups;
    if (groups > 1) {
      NARROW_TRY(data, part_of(n, image, 3, g * each, each, "/group"));
      NARROW_TRY(weights, part_of(n, iohw, 0, g * each, each, "/weights"));
    }
    NARROW_TRY(int const ohwi, n.net.stored({weights, plain(4)}, {1, 2, 3, 0}));
    std::string const name = groups > 1 ? n.name() + "/part" + std::to_string(g) : n.name();
    std::vector<int> operands{to, ohwi, data};
    if (n.has(2) && groups == 1) operands.push_back(n.in(2).tensor);
    NARROW_TRY(int const part, n.net.add(kTransposeConv, a, operands, name, DType::float32));
    parts.push_back(part);
  }
  if (groups == 1) return parts[0];
  NARROW_TRY(int const out, n.net.add(kConcatenation, ConcatenationAttributes{3, Activation::none}, parts, n.name()));
  if (!n.has(2)) return out;
  return n.net.add(kAdd, AddAttributes{}, {out, n.in(2).tensor}, n.name() + "/biased");
}

Status read_conv_transpose(Node& n) {
  Shape const shape = n.shape(0);
  int const rank = shape.rank();
  NARROW_TRY(std::vector<int64_t> const kernel, kernel_of(n, 1));
  size_t const spatial = kernel.size();
  if (spatial > 2 || rank != static_cast<int>(spatial) + 2)
    return not_here("windows over " + std::to_string(spatial) + " dimensions");
  std::vector<int64_t> const dilations = n.integers("dilations", std::vector<int64_t>(spatial, 1));
  std::vector<int64_t> const strides = n.integers("strides", std::vector<int64_t>(spatial, 1));
  if (strides.size() != spatial || dilations.size() != spatial)
    return fail(ErrorKind::bad_file, "strides or dilations are not one for each dimension");
  std::array<int64_t, 2> in{1, 1}, stride{1, 1}, whole{1, 1}, apart{1, 1};
  for (size_t i = 0; i < spatial; ++i) {
    size_t const d = i + 2 - spatial;
    in[d] = shape[static_cast<int>(i) + 2];
    stride[d] = strides[i];
    apart[d] = dilations[i];
    if (stride[d] < 1 || stride[d] > (1 << 16) || apart[d] < 1 || apart[d] > (1 << 16))
      return fail(ErrorKind::bad_file,
                  "a stride of " + std::to_string(stride[d]) + ", dilated by " + std::to_string(apart[d]));
    whole[d] = (in[d] - 1) * stride[d] + (kernel[i] - 1) * apart[d] + 1;
    if (whole[d] < 1 || whole[d] > (1 << 24))
      return fail(ErrorKind::bad_file, "a result of " + std::to_string(whole[d]) + " rows");
  }
  NARROW_TRY(Cut const cut, cut_of(n, in, stride, whole, spatial));
  // Elements beyond the whole result hold the bias alone.
  bool const beyond = cut.begin[0] + cut.size[0] > whole[0] || cut.begin[1] + cut.size[1] > whole[1];
  if (beyond && n.has(2)) return not_here("an output_padding that leaves the whole result, with a bias,");
  NARROW_TRY(int iohw, weights_2d(n, 1));
  NARROW_TRY(iohw, spread(n, iohw, apart));
  NARROW_TRY(int const image, as_image(n, n.in(0)));
  int64_t const groups = n.integer("group", 1);
  if (groups > (1 << 12)) return not_here("a ConvTranspose in so many groups");
  NARROW_TRY(int out, whole_result(n, image, iohw, static_cast<int>(groups), stride, whole));
  if (cut.size != whole || cut.begin != std::array<int64_t, 2>{0, 0}) {
    NARROW_TRY(out, cut_out(n, out, cut.begin, cut.size));
  }
  return give_image(n, out, rank);
}

constexpr OpRow kRowsTransposed[] = {
    {"ConvTranspose", read_conv_transpose, 2, 3},
};

}  // namespace

std::span<const OpRow> transposed_rows() {
  return kRowsTransposed;
}

}  // namespace narrow::onnx
