#include <algorithm>

#include "quantize/ranges/methods.h"

namespace narrow {

Range minmax_range(const TensorStatistics& s, const IntegerFormat&, double) {
  return {std::min(s.min, 0.0F), std::max(s.max, 0.0F)};  // without values min is +inf and max -inf
}

}  // namespace narrow
