#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <span>

#include "isa.h"

namespace narrow::host {
namespace {

// How products are added up: weights as `planes` parts (see PackedConv), and how many steps of two products an int32
// lane has room for.
struct Sums {
  int planes, chunk_steps;
};

template <class W>
std::int64_t largest_sum(std::span<const W> weights, int channels, bool channel_last) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(channels), 0);
  const std::size_t each = weights.size() / sums.size();
  for (std::size_t i = 0; i < weights.size(); ++i)
    sums[channel_last ? i % sums.size() : i / each] += std::abs(int{weights[i]});
  return *std::max_element(sums.begin(), sums.end());
}

// For int8 activations the caller proves that whole sums fit; int16 ones may be any 16 bits. Weights that leave room
// for a few steps only are taken in two parts, which costs less than adding up to 64 bits so often.
template <class T, class W>
Sums plan_sums(std::span<const W> weights, int channels, bool channel_last) {
  constexpr std::int64_t kFarthest = 32768, kFewSteps = 16;
  if (sizeof(T) == 1 || largest_sum(weights, channels, channel_last) <= INT_MAX / kFarthest) return {1, INT_MAX};
  int largest = 1;
  for (W w : weights) largest = std::max(largest, std::abs(int{w}));
  const auto room = [](int most) { return static_cast<int>(INT_MAX / (2 * kFarthest * most)); };
  if (room(largest) >= kFewSteps) return {1, room(largest)};
  return {2, room(kPlane / 2)};
}

// A weight's part in plane 0 (times kPlane) or 1, both of them in [-kPlane / 2, kPlane / 2].
std::int16_t part(int weight, int plane) {
  const int high = (weight + kPlane / 2) >> 8;
  return static_cast<std::int16_t>(plane == 0 ? high : weight - high * kPlane);
}

// A band should stay in the second-level cache beside the weights.
constexpr std::ptrdiff_t kBandElements = 48 * 1024;

// Weights that meet neighbouring elements of the band: `length` elements from tap (y, x) on.
struct Segment {
  int y, x, length;
};

// A step of the inner loop: up to two or four weights, from element `first` of a segment.
struct Step {
  Segment segment;
  int first;
};

template <class T>
int step_elements(const PackedConv<T>& layer) {
  return layer.bytes ? kStepElements<std::uint8_t> : kStepElements<std::int16_t>;
}

// How bands are made of the input: in bytes where there are kernels for them and the weights fit.
template <class T, class W>
void choose_band(PackedConv<T>& layer, std::span<const W> weights, int input_zero_point) {
  layer.subtracted = input_zero_point;
  if (layer.isa->template kernels<T>().quads.accumulate == nullptr || layer.depthwise) return;
  layer.bytes = std::all_of(weights.begin(), weights.end(), [](W w) { return w >= INT8_MIN && w <= INT8_MAX; });
  if (!layer.bytes) return;
  layer.subtracted = -layer.isa->byte_offset;
  layer.padding = input_zero_point - layer.subtracted;
}

std::vector<Segment> segments_of(const ConvGeometry& g, bool depthwise) {
  std::vector<Segment> out;
  const int tap = depthwise ? 1 : g.input_c / g.groups;
  const bool whole_rows = !depthwise && g.groups == 1 && g.dilation_w == 1;
  for (int y = 0; y < g.filter_h; ++y) {
    if (whole_rows) {
      out.push_back({y, 0, g.filter_w * tap});
    } else {
      for (int x = 0; x < g.filter_w; ++x) out.push_back({y, x, tap});
    }
  }
  return out;
}

// Everything that depends on the geometry and the band alone; the layer's geometry, depthwise, flat, repeat, isa and
// kind of band are set.
template <class T>
std::vector<Step> plan(PackedConv<T>& layer, int fold, int chunk_steps) {
  const ConvGeometry& g = layer.geometry;
  const int band_c = g.input_c * layer.repeat;
  const int reach_w = (g.output_w * fold - 1) * g.stride_w + (g.filter_w - 1) * g.dilation_w + 1;
  layer.band_w = std::max(reach_w, g.pad_left + g.input_w);
  layer.pitch = std::ptrdiff_t{layer.band_w} * band_c;
  layer.step = std::ptrdiff_t{g.stride_w} * band_c * fold;
  const std::ptrdiff_t halo = (g.filter_h - 1) * g.dilation_h + 1 - g.stride_h;
  const std::ptrdiff_t rows = (kBandElements / layer.pitch - halo) / g.stride_h;
  layer.band_out_rows = static_cast<int>(std::clamp<std::ptrdiff_t>(rows, 1, layer.flat ? kBandElements : g.output_h));
  if (layer.flat && layer.band_out_rows > kTilePixels) layer.band_out_rows -= layer.band_out_rows % kTilePixels;

  const int each = step_elements(layer);
  std::vector<Step> steps;
  Chunk chunk{0, 0, 0};
  for (const Segment& s : segments_of(g, layer.depthwise)) {
    for (int first = 0; first < s.length;) {
      const int room = chunk_steps - (static_cast<int>(steps.size()) - chunk.first_step);
      if (room == 0) {
        layer.chunks.push_back(chunk);
        chunk = {chunk.end_run, chunk.end_run, static_cast<int>(steps.size())};
        continue;
      }
      const int count = std::min(room, (s.length - first + each - 1) / each);
      const std::ptrdiff_t offset =
          std::ptrdiff_t{s.y} * g.dilation_h * layer.pitch + std::ptrdiff_t{s.x} * g.dilation_w * band_c + first;
      layer.runs.push_back({offset, count});
      ++chunk.end_run;
      for (int i = 0; i < count; ++i, first += each) steps.push_back({s, first});
    }
  }
  layer.chunks.push_back(chunk);
  layer.total_steps = static_cast<int>(steps.size());
  return steps;
}

// Where lane `lane` of a tile of T lies: see Kernels.
template <class T>
int tile_place(int lane, int lanes) {
  return sizeof(T) == 1 ? lane : lane / 2 + (lane % 2) * (lanes / 2);
}

// Where weight i of a lane lies among those of a step, counted in weights.
template <class T>
int weight_place(const PackedConv<T>& layer, int lane, int i) {
  if (!layer.bytes && layer.isa->pairs_apart) return i * layer.isa->lanes + lane;
  return lane * step_elements(layer) + i;
}

template <class T>
void put(const PackedConv<T>& layer, std::int32_t* words, int place, std::int16_t weight) {
  auto* const bytes = reinterpret_cast<std::int8_t*>(words);
  if (layer.bytes)
    bytes[place] = static_cast<std::int8_t>(weight);
  else
    std::memcpy(bytes + 2 * place, &weight, sizeof weight);
}

// weight(channel, segment, element) and the bias of each channel (of `real_channels`, which repeat) to their places. A
// bias makes up for what the band holds instead of zeros: padding * (sum of the weights).
template <class T, class Weight>
void fill(PackedConv<T>& layer, const std::vector<Step>& steps, int real_channels, const Accumulator<T>* bias,
          Weight weight) {
  const int lanes = layer.isa->lanes, each = step_elements(layer);
  const auto block_lanes = static_cast<std::size_t>(lanes);
  layer.weights.assign(layer.blocks.size() * steps.size() * block_lanes, 0);
  layer.bias.assign(layer.blocks.size() * block_lanes, 0);
  constexpr std::int64_t kByteSpan = 255, kSmall = std::int64_t{1} << 30;
  layer.small_sums = sizeof(T) == 1;
  std::int32_t* words = layer.weights.data();
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    const Block& block = layer.blocks[b];
    std::vector<std::int64_t> sums(block_lanes, 0), sizes(block_lanes, 0);
    for (const Step& step : steps) {
      for (int lane = 0; lane < block.channels; ++lane)
        for (int i = 0; i < each && step.first + i < step.segment.length; ++i) {
          const int whole = weight((block.channel + lane) % real_channels, step.segment, step.first + i);
          sums[static_cast<std::size_t>(lane)] += whole;
          sizes[static_cast<std::size_t>(lane)] += std::abs(whole);
          const auto stored =
              layer.planes == 1 ? static_cast<std::int16_t>(whole) : part(whole, static_cast<int>(b % 2));
          put(layer, words, weight_place(layer, lane, i), stored);
        }
      words += lanes;
    }
    if (layer.planes == 2 && b % 2 == 0) continue;
    for (int lane = 0; lane < block.channels; ++lane) {
      const std::int64_t known = bias != nullptr ? bias[(block.channel + lane) % real_channels] : 0;
      layer.bias[b * block_lanes + static_cast<std::size_t>(tile_place<T>(lane, lanes))] =
          static_cast<Accumulator<T>>(known - layer.padding * sums[static_cast<std::size_t>(lane)]);
      layer.small_sums =
          layer.small_sums && std::abs(known) + kByteSpan * sizes[static_cast<std::size_t>(lane)] < kSmall;
    }
  }
}

// A row of few channels, stride 1, is the same as fewer pixels of more channels: how many pixels to take as one.
int pixels_in_one(const ConvGeometry& g, int lanes) {
  if (g.stride_w != 1) return 1;
  int fold = std::max(1, lanes / g.output_c);
  while (g.output_w % fold != 0) --fold;
  return fold;
}

}  // namespace

template <class T, class W>
PackedConv<T> pack_conv(const ConvGeometry& geometry, const W* weights, const Accumulator<T>* bias,
                        int input_zero_point) {
  PackedConv<T> layer;
  layer.geometry = geometry;
  layer.isa = &best_isa();
  ConvGeometry& g = layer.geometry;
  layer.flat = g.filter_h == 1 && g.filter_w == 1 && g.stride_h == 1 && g.stride_w == 1 && g.pad_top == 0 &&
               g.pad_left == 0 && g.output_h == g.input_h && g.output_w == g.input_w;
  if (layer.flat) {
    g.input_h = g.output_h = g.input_h * g.input_w;
    g.input_w = g.output_w = 1;
  }
  const int in_c = g.input_c / g.groups, out_c = g.output_c / g.groups;
  const auto elements = static_cast<std::size_t>(g.output_c) * static_cast<std::size_t>(g.filter_h * g.filter_w) *
                        static_cast<std::size_t>(in_c);
  choose_band(layer, std::span(weights, elements), input_zero_point);
  const Sums sums = plan_sums<T>(std::span(weights, elements), g.output_c, false);
  layer.planes = sums.planes;
  const std::vector<Step> steps = plan(layer, 1, sums.chunk_steps);
  for (int group = 0; group < g.groups; ++group)
    for (int c = 0; c < out_c; c += layer.isa->lanes)
      layer.blocks.insert(layer.blocks.end(), static_cast<std::size_t>(layer.planes),
                          {group * out_c + c, std::min(layer.isa->lanes, out_c - c), group * in_c});
  fill(layer, steps, g.output_c, bias, [&](int channel, const Segment& s, int element) {
    const std::ptrdiff_t tap = (std::ptrdiff_t{channel} * g.filter_h + s.y) * g.filter_w + s.x;
    return weights[tap * in_c + element];
  });
  return layer;
}

template <class T, class W>
PackedConv<T> pack_depthwise(const ConvGeometry& geometry, const W* weights, const Accumulator<T>* bias,
                             int input_zero_point) {
  PackedConv<T> layer;
  layer.geometry = geometry;
  layer.isa = &best_isa();
  layer.depthwise = true;
  layer.repeat = geometry.output_c / geometry.input_c;
  ConvGeometry& g = layer.geometry;
  const int real_channels = g.output_c;
  const int fold = pixels_in_one(g, layer.isa->lanes);
  g.output_w /= fold;
  g.output_c *= fold;
  const auto elements = static_cast<std::size_t>(real_channels) * static_cast<std::size_t>(g.filter_h * g.filter_w);
  choose_band(layer, std::span(weights, elements), input_zero_point);
  const Sums sums = plan_sums<T>(std::span(weights, elements), real_channels, true);
  layer.planes = sums.planes;
  const std::vector<Step> steps = plan(layer, fold, sums.chunk_steps);
  for (int c = 0; c < g.output_c; c += layer.isa->lanes)
    layer.blocks.insert(layer.blocks.end(), static_cast<std::size_t>(layer.planes),
                        {c, std::min(layer.isa->lanes, g.output_c - c), c});
  fill(layer, steps, real_channels, bias, [&](int channel, const Segment& s, int) {
    return weights[(std::ptrdiff_t{s.y} * g.filter_w + s.x) * real_channels + channel];
  });
  return layer;
}

template <class T, class W>
PackedConv<T> pack_fully_connected(int in, int out, const W* weights, const Accumulator<T>* bias,
                                   int input_zero_point) {
  ConvGeometry pixel;
  static_cast<nw_window&>(pixel) = {1, 1, 1, in, 1, 1, 1, 1, out, 1, 1, 1, 1, 0, 0, 0};
  return pack_conv<T, W>(pixel, weights, bias, input_zero_point);
}

#define NARROW_PACK(T, W)                                                                           \
  template PackedConv<T> pack_conv(const ConvGeometry&, const W*, const Accumulator<T>*, int);      \
  template PackedConv<T> pack_depthwise(const ConvGeometry&, const W*, const Accumulator<T>*, int); \
  template PackedConv<T> pack_fully_connected(int, int, const W*, const Accumulator<T>*, int);
NARROW_PACK(std::int8_t, std::int8_t)
NARROW_PACK(std::int8_t, std::int16_t)
NARROW_PACK(std::int16_t, std::int8_t)
NARROW_PACK(std::int16_t, std::int16_t)
#undef NARROW_PACK

}  // namespace narrow::host
