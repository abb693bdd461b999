#include <algorithm>

#include "isa.h"

namespace narrow::host {
namespace {

constexpr std::size_t kAlign = 64;
constexpr int kTileBlocks = 2;

// The parts of the scratch, each aligned.
template <class T, class E>
struct Scratch {
  Accumulator<T>* tile;
  std::ptrdiff_t* offsets;
  E* band;
};

template <class T>
std::size_t tile_elements(const PackedConv<T>& layer) {
  return static_cast<std::size_t>(kTileBlocks * kTilePixels * layer.isa->lanes);
}

template <class T>
std::ptrdiff_t band_rows(const PackedConv<T>& layer, int out_rows) {
  const ConvGeometry& g = layer.geometry;
  return std::ptrdiff_t{out_rows - 1} * g.stride_h + std::ptrdiff_t{g.filter_h - 1} * g.dilation_h + 1;
}

template <class E, class T>
Scratch<T, E> divide(const PackedConv<T>& layer, std::byte* scratch) {
  const auto address = reinterpret_cast<std::uintptr_t>(scratch);
  scratch += (kAlign - address % kAlign) % kAlign;
  Scratch<T, E> out;
  out.tile = reinterpret_cast<Accumulator<T>*>(scratch);
  scratch += tile_elements(layer) * sizeof(Accumulator<T>);
  out.offsets = reinterpret_cast<std::ptrdiff_t*>(scratch);
  scratch += kTilePixels * sizeof(std::ptrdiff_t);
  out.band = reinterpret_cast<E*>(scratch);
  return out;
}

// count elements from input element `first` on (as the band counts them) to `out`.
template <class T, class E>
void to_band(const PackedConv<T>& layer, const T* x, std::ptrdiff_t count, E* out) {
  if (layer.repeat == 1) {
    layer.isa->template kernels<T>().template of_band<E>().to_band(x, count, layer.subtracted, out);
    return;
  }
  for (std::ptrdiff_t i = 0; i < count; ++i, out += layer.repeat)
    std::fill_n(out, layer.repeat, static_cast<E>(x[i] - layer.subtracted));
}

// Elements that vectors of a depthwise layer and the last step of a run read past the last pixel, times
// weights of 0.
template <class T>
std::ptrdiff_t overread(const PackedConv<T>& layer) {
  return std::ptrdiff_t{kTileBlocks} * layer.isa->lanes;
}

// Rows [first, first + rows) of one padded image; first counts from the image's own row 0 and may be negative.
template <class T, class E>
void fill_band(const PackedConv<T>& layer, const T* image, std::ptrdiff_t image_rows, std::ptrdiff_t first,
               std::ptrdiff_t rows, E* band) {
  const ConvGeometry& g = layer.geometry;
  const E padding = static_cast<E>(layer.padding);
  const std::ptrdiff_t row_elements = std::ptrdiff_t{g.input_w} * g.input_c;
  const std::ptrdiff_t inside_begin = std::clamp<std::ptrdiff_t>(-first, 0, rows);
  const std::ptrdiff_t inside_end = std::clamp<std::ptrdiff_t>(image_rows - first, inside_begin, rows);
  std::fill(band, band + inside_begin * layer.pitch, padding);
  std::fill(band + inside_end * layer.pitch, band + rows * layer.pitch + overread(layer), padding);
  const T* const x = image + (first + inside_begin) * row_elements;
  E* out = band + inside_begin * layer.pitch;
  if (layer.band_w == g.input_w) {
    to_band(layer, x, (inside_end - inside_begin) * row_elements, out);
    return;
  }
  const std::ptrdiff_t left = std::ptrdiff_t{g.pad_left} * g.input_c * layer.repeat;
  const std::ptrdiff_t middle = row_elements * layer.repeat;
  for (std::ptrdiff_t r = 0; r < inside_end - inside_begin; ++r, out += layer.pitch) {
    std::fill(out, out + left, padding);
    to_band(layer, x + r * row_elements, row_elements, out + left);
    std::fill(out + left + middle, out + layer.pitch, padding);
  }
}

// Tiles of the blocks from `b` on that are summed together: how many tiles.
template <class T, class E>
int fill_tiles(const PackedConv<T>& layer, int b, const Scratch<T, E>& scratch, int pixels) {
  const Kernels<T>& kernels = layer.isa->template kernels<T>();
  const BandKernels<T, E>& products = kernels.template of_band<E>();
  const auto sum = layer.depthwise ? products.accumulate_depthwise : products.accumulate;
  const auto sum_blocks = [&](int first, int blocks, Accumulator<T>* tile) {
    sum(layer, first, blocks, scratch.band, scratch.offsets, pixels, tile);
  };
  const Block* const block = &layer.blocks[static_cast<std::size_t>(b)];
  if (layer.planes == 1) {
    const bool more = static_cast<std::size_t>(b) + 1 < layer.blocks.size();
    const int blocks = more && (layer.depthwise || block[0].input_channel == block[1].input_channel) ? 2 : 1;
    sum_blocks(b, blocks, scratch.tile);
    return blocks;
  }
  Accumulator<T>* const low = scratch.tile + kTilePixels * layer.isa->lanes;
  if (layer.depthwise) {  // two at a time would be of neighbouring inputs
    sum_blocks(b, 1, scratch.tile);
    sum_blocks(b + 1, 1, low);
  } else {
    sum_blocks(b, 2, scratch.tile);
  }
  kernels.join_planes(scratch.tile, low, pixels);
  return 1;
}

// The output pixels of one band, y: where the first goes.
template <class T, class E>
void run_band(const PackedConv<T>& layer, const Epilogue& epilogue, const Scratch<T, E>& scratch, std::ptrdiff_t pixels,
              T* y) {
  const ConvGeometry& g = layer.geometry;
  const Kernels<T>& kernels = layer.isa->template kernels<T>();
  const auto rounding = static_cast<int>(epilogue.rounding);
  const auto small = layer.small_sums && !epilogue.shifts_left ? kernels.finish_small[rounding] : nullptr;
  const auto finish = small != nullptr ? small : kernels.finish[rounding];
  const int blocks = static_cast<int>(layer.blocks.size());
  int row = 0, column = 0;
  for (std::ptrdiff_t first = 0; first < pixels; first += kTilePixels) {
    const int count = static_cast<int>(std::min<std::ptrdiff_t>(kTilePixels, pixels - first));
    for (int i = 0; i < count; ++i) {
      scratch.offsets[i] = std::ptrdiff_t{row} * g.stride_h * layer.pitch + column * layer.step;
      if (++column == g.output_w) {
        column = 0;
        ++row;
      }
    }
    for (int b = 0; b < blocks;) {
      const int tiles = fill_tiles(layer, b, scratch, count);
      const Accumulator<T>* tile = scratch.tile;
      for (int i = 0; i < tiles; ++i, b += layer.planes, tile += kTilePixels * layer.isa->lanes) {
        const Block& block = layer.blocks[static_cast<std::size_t>(b)];
        finish(epilogue, block.channel, block.channels, tile, count, y + first * g.output_c + block.channel,
               g.output_c);
      }
    }
  }
}

template <class E, class T>
void run_images(const PackedConv<T>& layer, const Epilogue& epilogue, int batch, const T* x, T* y,
                std::byte* scratch_memory) {
  const ConvGeometry& g = layer.geometry;
  const Scratch<T, E> scratch = divide<E>(layer, scratch_memory);
  const std::ptrdiff_t images = layer.flat ? 1 : batch;
  const std::ptrdiff_t in_rows = std::ptrdiff_t{g.input_h} * (layer.flat ? batch : 1);
  const std::ptrdiff_t out_rows = std::ptrdiff_t{g.output_h} * (layer.flat ? batch : 1);
  const std::ptrdiff_t out_row_elements = std::ptrdiff_t{g.output_w} * g.output_c;
  for (std::ptrdiff_t n = 0; n < images; ++n) {
    const T* const image = x + n * in_rows * g.input_w * g.input_c;
    for (std::ptrdiff_t row = 0; row < out_rows; row += layer.band_out_rows) {
      const int rows = static_cast<int>(std::min<std::ptrdiff_t>(layer.band_out_rows, out_rows - row));
      fill_band(layer, image, in_rows, row * g.stride_h - g.pad_top, band_rows(layer, rows), scratch.band);
      run_band(layer, epilogue, scratch, std::ptrdiff_t{rows} * g.output_w, y);
      y += rows * out_row_elements;
    }
  }
}

}  // namespace

namespace {

template <class E, class T>
void sums_of_row(const PackedConv<T>& layer, const T* x, Accumulator<T>* sums, std::byte* scratch_memory) {
  const Scratch<T, E> scratch = divide<E>(layer, scratch_memory);
  fill_band(layer, x, 1, 0, 1, scratch.band);
  scratch.offsets[0] = 0;
  const int blocks = static_cast<int>(layer.blocks.size()), lanes = layer.isa->lanes;
  for (int b = 0; b < blocks;) {
    const int tiles = fill_tiles(layer, b, scratch, 1);
    const Accumulator<T>* tile = scratch.tile;
    for (int i = 0; i < tiles; ++i, b += layer.planes, tile += kTilePixels * lanes) {
      const Block& block = layer.blocks[static_cast<std::size_t>(b)];
      for (int lane = 0; lane < block.channels; ++lane)
        sums[block.channel + lane] = tile[sizeof(T) == 1 ? lane : lane / 2 + (lane % 2) * (lanes / 2)];
    }
  }
}

}  // namespace

template <class T>
void row_sums(const PackedConv<T>& layer, const T* x, Accumulator<T>* sums, std::byte* scratch) {
  if constexpr (sizeof(T) == 1) {
    if (layer.bytes) return sums_of_row<std::uint8_t>(layer, x, sums, scratch);
  }
  sums_of_row<std::int16_t>(layer, x, sums, scratch);
}

template <class T>
std::size_t scratch_bytes(const PackedConv<T>& layer) {
  const auto band = static_cast<std::size_t>(band_rows(layer, layer.band_out_rows) * layer.pitch + overread(layer));
  return kAlign + tile_elements(layer) * sizeof(Accumulator<T>) + kTilePixels * sizeof(std::ptrdiff_t) +
         band * (layer.bytes ? sizeof(std::uint8_t) : sizeof(std::int16_t));
}

template <class T>
void run(const PackedConv<T>& layer, const Epilogue& epilogue, int batch, const T* x, T* y, std::byte* scratch) {
  if constexpr (sizeof(T) == 1) {
    if (layer.bytes) return run_images<std::uint8_t>(layer, epilogue, batch, x, y, scratch);
  }
  run_images<std::int16_t>(layer, epilogue, batch, x, y, scratch);
}

template void row_sums(const PackedConv<std::int8_t>&, const std::int8_t*, std::int32_t*, std::byte*);
template void row_sums(const PackedConv<std::int16_t>&, const std::int16_t*, std::int64_t*, std::byte*);
template std::size_t scratch_bytes(const PackedConv<std::int8_t>&);
template std::size_t scratch_bytes(const PackedConv<std::int16_t>&);
template void run(const PackedConv<std::int8_t>&, const Epilogue&, int, const std::int8_t*, std::int8_t*, std::byte*);
template void run(const PackedConv<std::int16_t>&, const Epilogue&, int, const std::int16_t*, std::int16_t*,
                  std::byte*);

}  // namespace narrow::host
