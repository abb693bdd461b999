#include "search/picked_samples.h"

namespace narrow {

Status PickedSamples::read(int64_t first, int count, size_t input, std::byte* out) const {
  const Tensor& t = graph_.tensor(graph_.inputs[input]);
  int64_t const bytes = storage_bytes(t.dtype, t.elements()).value_or(0);
  for (int64_t i = 0; i < count; ++i)
    NARROW_CHECK(all_.read(numbers_[static_cast<size_t>(first + i)], 1, input, out + i * bytes));
  return {};
}

}  // namespace narrow
