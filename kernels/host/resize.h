// RESIZE_BILINEAR with the sources of each row and column worked out beforehand.
#ifndef NARROW_KERNELS_HOST_RESIZE_H
#define NARROW_KERNELS_HOST_RESIZE_H

#include <cstdint>
#include <vector>

namespace narrow::host {

// The two input elements around a sample of one axis, and how far it lies from the lower one, in the unit of `Part`.
template <class Part>
struct Between {
  std::int32_t low = 0;
  std::int32_t high = 0;
  Part part{};
};

template <class Part>
struct BilinearParams {
  std::int32_t batches = 0;
  std::int32_t in_height = 0;
  std::int32_t in_width = 0;
  std::int32_t depth = 0;
  std::vector<Between<Part>> rows;
  std::vector<Between<Part>> columns;
};

// NHWC. mix(row part, column part) gives the function of the four elements top left, top right, bottom left and bottom
// right.
template <class T, class Part, class Mix>
void resize_bilinear(const BilinearParams<Part>& p, const T* in, T* out, Mix mix) {
  std::int64_t const row = std::int64_t{p.in_width} * p.depth;
  for (std::int32_t b = 0; b < p.batches; ++b, in += p.in_height * row)
    for (const Between<Part>& v : p.rows)
      for (const Between<Part>& h : p.columns) {
        const T* const top = in + v.low * row;
        const T* const bottom = in + v.high * row;
        std::int64_t const left = std::int64_t{h.low} * p.depth, right = std::int64_t{h.high} * p.depth;
        auto const value = mix(v.part, h.part);
        for (std::int32_t c = 0; c < p.depth; ++c)
          *out++ = value(top[left + c], top[right + c], bottom[left + c], bottom[right + c]);
      }
}

}  // namespace narrow::host

#endif
