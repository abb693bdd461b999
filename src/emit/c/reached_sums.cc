#include "emit/c/reached_sums.h"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace narrow {
namespace {

/// Taps of a window along one axis: begin, begin + step, ... below end.
struct Taps {
  int64_t begin = 0, end = 1, step = 1;
};

/// How a window moves along one axis.
struct WindowAxis {
  int64_t input, filter, output, stride, dilation, pad;
  bool transposed;

  /// Whether tap `t` reads an element of the input for the output at `o`.
  bool meets(int64_t o, int64_t t) const {
    int64_t const at = transposed ? o + pad - t : o * stride - pad + t * dilation;
    if (!transposed) return at >= 0 && at < input;
    return at >= 0 && at % stride == 0 && at / stride < input;
  }

  Taps taps(int64_t o) const {
    Taps out{filter, 0, transposed ? stride : 1};
    for (int64_t t = 0; t < filter; ++t) {
      if (!meets(o, t)) continue;
      out.begin = std::min(out.begin, t);
      out.end = t + 1;
    }
    return out;
  }

  /// The taps of each output, without those that another output has with more beside them.
  std::vector<Taps> largest_taps() const {
    std::vector<Taps> all;
    for (int64_t o = 0; o < output; ++o)
      if (Taps const t = taps(o); t.begin < t.end) all.push_back(t);
    std::ranges::sort(all, [](const Taps& a, const Taps& b) {
      return std::tuple(a.begin % a.step, a.begin, -a.end) < std::tuple(b.begin % b.step, b.begin, -b.end);
    });
    std::vector<Taps> out;
    for (const Taps& t : all) {
      bool const same = !out.empty() && out.back().begin % out.back().step == t.begin % t.step;
      if (!same || t.end > out.back().end) out.push_back(t);
    }
    return out;
  }
};

/// How weights lie: neighbours of one channel, and how often a tap changes.
struct WeightPlaces {
  int64_t channels, channel_inner;  // element i is of channel i / channel_inner % channels,
  int64_t taps, tap_inner;          // and of tap i / tap_inner % taps
};

class Layer {
 public:
  explicit Layer(const KernelCall& call) : call_(call) {}

  WeightPlaces places() const {
    std::string_view const params = call_.kernel->params->name;
    if (!has_window()) return {number("output_c"), number("input_c"), 1, 1};
    int64_t const taps = number("window.filter_h") * number("window.filter_w"), out = number("window.output_c");
    if (params == "nw_depthwise_conv2d_params") return {out, 1, taps, out};
    int64_t const depth = params == "nw_conv2d_params" ? number("filter_c") : number("window.input_c");
    return {out, taps * depth, taps, depth};
  }

  WindowAxis rows() const {
    return axis("window.input_h", "window.filter_h", "window.output_h", "window.stride_h", "window.dilation_h",
                "window.pad_top");
  }
  WindowAxis columns() const {
    return axis("window.input_w", "window.filter_w", "window.output_w", "window.stride_w", "window.dilation_w",
                "window.pad_left");
  }

 private:
  bool has_window() const { return call_.kernel->params->find("window.filter_h") != nullptr; }
  int64_t number(const char* field) const { return call_.number(field); }
  WindowAxis axis(const char* input, const char* filter, const char* output, const char* stride, const char* dilation,
                  const char* pad) const {
    if (!has_window()) return {1, 1, 1, 1, 1, 0, false};
    bool const transposed = std::string_view(call_.kernel->params->name) == "nw_transpose_conv_params";
    return {number(input), number(filter), number(output), number(stride), number(dilation), number(pad), transposed};
  }

  const KernelCall& call_;
};

}  // namespace

std::vector<IntegerRange> reached_sums(const KernelCall& call, const std::vector<int64_t>& weights,
                                       const IntegerRange& input) {
  Layer const layer(call);
  WeightPlaces const places = layer.places();
  WindowAxis const rows = layer.rows(), columns = layer.columns();
  int64_t const zero = call.number("input_zero_point"), weight_zero = call.number("filter_zero_point");
  int64_t const lo = input.least - zero, hi = input.greatest - zero;

  // No product is needed more than once: an input that meets a tap meets no other one of the same output. As each can
  // be 0, a sum of more taps reaches at least as far.
  std::vector<IntegerRange> of_tap(static_cast<size_t>(places.channels * places.taps));
  for (size_t i = 0; i < weights.size(); ++i) {
    auto const at = static_cast<int64_t>(i);
    int64_t const channel = at / places.channel_inner % places.channels, tap = at / places.tap_inner % places.taps;
    int64_t const w = weights[i] - weight_zero;
    IntegerRange& r = of_tap[static_cast<size_t>(channel * places.taps + tap)];
    r.least += std::min(w * lo, w * hi);
    r.greatest += std::max(w * lo, w * hi);
  }

  std::vector<IntegerRange> out(static_cast<size_t>(places.channels));
  std::vector<Taps> const largest_rows = rows.largest_taps(), largest_columns = columns.largest_taps();
  for (size_t c = 0; c < out.size(); ++c)
    for (const Taps& ys : largest_rows)
      for (const Taps& xs : largest_columns) {
        IntegerRange sum;
        for (int64_t y = ys.begin; y < ys.end; y += ys.step)
          for (int64_t x = xs.begin; x < xs.end; x += xs.step) {
            const IntegerRange& r =
                of_tap[c * static_cast<size_t>(places.taps) + static_cast<size_t>(y * columns.filter + x)];
            sum = {sum.least + r.least, sum.greatest + r.greatest};
          }
        out[c] = {std::min(out[c].least, sum.least), std::max(out[c].greatest, sum.greatest)};
      }
  return out;
}

}  // namespace narrow
