#include "base/shape.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked.h"

namespace narrow {

Result<Shape> Shape::make(std::span<const int32_t> dims, const Limits& limits) {
  if (static_cast<int64_t>(dims.size()) > limits.rank)
    return fail(ErrorKind::limit_exceeded, "a tensor has " + std::to_string(dims.size()) + " dimensions; at most " +
                                               std::to_string(limits.rank) + " are allowed");
  // Zeros are left out of the bound, so that products of some of the dimensions are bounded too.
  int64_t bound = 1, elements = 1;
  for (int32_t d : dims) {
    if (d < 0) return fail(ErrorKind::bad_file, "negative dimension " + std::to_string(d));
    auto grown = checked_mul(bound, std::max<int64_t>(d, 1));
    if (!grown || *grown > limits.tensor_elements)
      return fail(ErrorKind::limit_exceeded,
                  "a tensor has more than " + std::to_string(limits.tensor_elements) + " elements", {},
                  how_to_raise("tensor-elements"));
    bound = *grown;
    elements *= d;
  }
  Shape s;
  s.dims_.assign(dims.begin(), dims.end());
  s.elements_ = elements;
  return s;
}

Shape Shape::of(std::initializer_list<int32_t> dims) {
  auto s = make(std::span<const int32_t>(dims.begin(), dims.size()));
  if (!s) std::abort();
  return *s;
}

int64_t Shape::product(int from, int to) const {
  int64_t p = 1;
  for (int i = from; i < to; ++i) p *= (*this)[i];
  return p;
}

std::vector<int32_t> Shape::padded_to(int rank) const {
  std::vector<int32_t> out(static_cast<size_t>(std::max(rank - this->rank(), 0)), 1);
  out.insert(out.end(), dims_.begin(), dims_.end());
  return out;
}

std::string Shape::text() const {
  std::string s = "[";
  for (size_t i = 0; i < dims_.size(); ++i) s += (i ? ", " : "") + std::to_string(dims_[i]);
  return s + "]";
}

Result<Axis> Axis::resolve(int64_t axis, int rank) {
  int64_t const index = axis < 0 ? axis + rank : axis;
  if (index < 0 || index >= rank)
    return fail(ErrorKind::bad_file,
                "axis " + std::to_string(axis) + " is outside a tensor of rank " + std::to_string(rank));
  return Axis(static_cast<int>(index));
}

Result<Shape> broadcast(const Shape& a, const Shape& b) {
  int const rank = std::max(a.rank(), b.rank());
  std::vector<int32_t> x = a.padded_to(rank), y = b.padded_to(rank);
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i] && x[i] != 1 && y[i] != 1)
      return fail(ErrorKind::bad_file, "shapes " + a.text() + " and " + b.text() + " do not broadcast");
    if (x[i] == 1) x[i] = y[i];
  }
  return Shape::make(x);
}

}  // namespace narrow
