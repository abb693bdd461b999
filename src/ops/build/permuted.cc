#include "ops/build/permuted.h"

namespace narrow {

Shape permuted(const Shape& shape, std::span<const int> order) {
  std::vector<int32_t> dims;
  for (int d : order) dims.push_back(shape[d]);
  return *Shape::make(dims);
}

SharedBytes permuted(std::span<const std::byte> values, size_t element_bytes, const Shape& shape,
                     std::span<const int> order) {
  size_t const rank = order.size();
  // Bytes from one index to the next along each dimension of the result, in `values`.
  std::vector<size_t> step(rank), extent(rank), index(rank, 0);
  for (size_t d = 0; d < rank; ++d) {
    extent[d] = static_cast<size_t>(shape[order[d]]);
    step[d] = static_cast<size_t>(shape.product(order[d] + 1, shape.rank())) * element_bytes;
  }
  Bytes out(values.size());
  size_t from = 0;
  for (size_t to = 0; to < out.size(); to += element_bytes) {
    std::memcpy(out.data() + to, values.data() + from, element_bytes);
    for (size_t d = rank; d-- > 0;) {
      from += step[d];
      if (++index[d] < extent[d]) break;
      from -= step[d] * extent[d];
      index[d] = 0;
    }
  }
  return SharedBytes(std::move(out));
}

}  // namespace narrow
