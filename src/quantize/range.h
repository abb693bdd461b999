// Range: an interval of real values to represent.
#pragma once

namespace narrow {

/// An interval that holds zero: lo <= 0 <= hi, both finite. {0, 0} where a tensor was never other than zero.
struct Range {
  float lo = 0;
  float hi = 0;
  bool operator==(const Range&) const = default;
};

}  // namespace narrow
