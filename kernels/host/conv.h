// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on the host, NHWC, bit for bit what the portable kernels compute.
//
// Activations T: int8_t with any zero point and int32 accumulators, or int16_t with zero point 0 and exact int64
// accumulators. Weights W are int8_t, or int16_t in [-32767, 32767], with zero point 0. The caller proves |accumulator|
// < 2^31 (int8) or < 2^47 (int16; < 2^31 where the rounding is of 32-bit sums) for whole sums; partial int32 sums may
// wrap and come back.
#ifndef NARROW_KERNELS_HOST_CONV_H
#define NARROW_KERNELS_HOST_CONV_H

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <vector>

#include "epilogue.h"
#include "portable/window.h"

namespace narrow::host {

struct Isa;

// A window over images, padded by taps that read the zero point. Convolution: input_c and output_c are multiples of
// groups. Depthwise: output_c is a multiple of input_c, output channel c reads input channel c / (output_c / input_c);
// groups is not read.
struct ConvGeometry : nw_window {
  int groups = 1;
};

template <class T>
using Accumulator = std::conditional_t<std::is_same_v<T, std::int8_t>, std::int32_t, std::int64_t>;

// Vectors of weights must not straddle cache lines.
template <class V>
struct CacheAligned {
  using value_type = V;
  static constexpr std::align_val_t kAlign{64};
  CacheAligned() = default;
  template <class U>
  CacheAligned(const CacheAligned<U>&) {}
  V* allocate(std::size_t n) { return static_cast<V*>(::operator new(n * sizeof(V), kAlign)); }
  void deallocate(V* p, std::size_t) { ::operator delete(p, kAlign); }
  friend bool operator==(const CacheAligned&, const CacheAligned&) { return true; }
};

// An element of a band. A convolution's step of the inner loop is as many neighbouring elements as 32 bits hold.
template <class E>
inline constexpr int kStepElements = 4 / sizeof(E);

// `steps` consecutive steps of the inner loop that read on from `offset`, in elements of the band from the pixel. A
// depthwise layer's step is one tap.
struct Run {
  std::ptrdiff_t offset;
  int steps;
};

// Runs whose sum cannot leave int32.
struct Chunk {
  int first_run, end_run;
  int first_step;
};

// Output channels computed together, one per lane; those that share an input_channel may be computed two at a time.
struct Block {
  int channel;        // first output channel
  int channels;       // lanes in use
  int input_channel;  // where its pixels start, 0 unless grouped or depthwise
};

// Weights of 16 bits may be kept as two planes of 8: what the first of two blocks sums counts kPlane times.
inline constexpr int kPlane = 256;

// A layer with its weights in the order the chosen instruction set reads them. Immutable after packing, shared by
// threads. The band is the padded part of an image that one go needs: int16, zero point subtracted, or `bytes`, from
// which less is subtracted, so that the biases make up for it.
template <class T>
struct PackedConv {
  ConvGeometry geometry;  // rewritten where a layer is the same as a simpler one
  const Isa* isa = nullptr;
  bool depthwise = false;
  bool flat = false;         // every pixel is alone: 1x1, stride 1; the whole batch is one column of pixels
  int planes = 1;            // 2: block 2i and 2i + 1 are the planes of the same channels
  bool bytes = false;        // elements of the band are uint8_t, weights int8_t; else both are int16_t
  int subtracted = 0;        // from the input, for the band
  int padding = 0;           // the band's element where the image ends
  bool small_sums = false;   // no sum reaches 2^30 in size
  int repeat = 1;            // band channels per input channel: a depthwise layer's multiplier
  int band_w = 0;            // pixels
  std::ptrdiff_t pitch = 0;  // elements from one band row to the next
  std::ptrdiff_t step = 0;   // elements of the band from one output pixel to the next
  int band_out_rows = 0;     // output rows computed in one go
  int total_steps = 0;
  std::vector<Run> runs;
  std::vector<Chunk> chunks;
  std::vector<Block> blocks;
  std::vector<std::int32_t, CacheAligned<std::int32_t>> weights;   // [block][step][lane]: see Isa::pairs_apart
  std::vector<Accumulator<T>, CacheAligned<Accumulator<T>>> bias;  // [block][lane of a tile]
};

// weights: [output_c][filter_h][filter_w][input_c / groups]. bias: [output_c] or null. input_zero_point: 0 for int16_t.
template <class T, class W>
PackedConv<T> pack_conv(const ConvGeometry&, const W* weights, const Accumulator<T>* bias, int input_zero_point);

// weights: [filter_h][filter_w][output_c].
template <class T, class W>
PackedConv<T> pack_depthwise(const ConvGeometry&, const W* weights, const Accumulator<T>* bias, int input_zero_point);

// weights: [out][in]. The batch of `run` is the number of rows.
template <class T, class W>
PackedConv<T> pack_fully_connected(int in, int out, const W* weights, const Accumulator<T>* bias, int input_zero_point);

// What `run` needs, of any alignment, for any batch; each thread brings its own.
template <class T>
std::size_t scratch_bytes(const PackedConv<T>&);

// x: [batch][input_h][input_w][input_c], y: [batch][output_h][output_w][output_c]; they do not overlap. The epilogue
// has the layer's output_c channels. Reads and writes nothing outside the arrays named.
template <class T>
void run(const PackedConv<T>&, const Epilogue&, int batch, const T* x, T* y, std::byte* scratch);

// The sums, biases included, of a fully connected layer over one row of input_c elements, before they are rescaled:
// `sums` has output_c elements. Scratch memory as for `run`.
template <class T>
void row_sums(const PackedConv<T>&, const T* x, Accumulator<T>* sums, std::byte* scratch);

}  // namespace narrow::host

#endif
