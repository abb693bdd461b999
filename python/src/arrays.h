// NumPy arrays that own memory which the library filled.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace narrow::python {

/// A one-dimensional array of the values, which are moved into it.
template <class T>
nanobind::object array_of(std::vector<T> values) {
  auto* const held = new std::vector<T>(std::move(values));
  nanobind::capsule const owner(held, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  size_t const shape[] = {held->size()};
  return nanobind::cast(nanobind::ndarray<nanobind::numpy, T>(held->data(), 1, shape, owner));
}

}  // namespace narrow::python
