#include "ops/windows/resize.h"

#include <algorithm>
#include <array>

namespace narrow {
namespace {

constexpr int32_t kLargestExtent = 65535;  // positions in 1/1024 elements, and sources, stay in 32 and 16 bits

Result<std::array<int32_t, 2>> wanted_size(const OpView& op) {
  const Tensor& size = op.input(1);
  if (!size.known()) return fail(ErrorKind::unsupported, "a size that is computed");
  if (size.dtype != DType::int32 || size.elements() != 2)
    return fail(ErrorKind::bad_file, "the new size is " + std::to_string(size.elements()) + " elements of " +
                                         to_string(size.dtype) + " where two of int32 are needed");
  auto const v = size.values<int32_t>();
  return std::array{v[0], v[1]};
}

}  // namespace

Result<Resize> resize_of(const OpView& op) {
  const Shape& x = op.input(0).shape;
  if (x.rank() != 4)
    return fail(ErrorKind::bad_file, "the data has shape " + x.text() + "; four dimensions are needed");
  NARROW_TRY(auto const size, wanted_size(op));
  if (std::min(size[0], size[1]) < 1)
    return fail(ErrorKind::bad_file,
                "the new size is " + std::to_string(size[0]) + " x " + std::to_string(size[1]) + " elements");
  if (std::min(x[1], x[2]) < 1) return fail(ErrorKind::unsupported, "images without elements, of shape " + x.text());
  if (std::max({x[1], x[2], size[0], size[1]}) > kLargestExtent)
    return fail(ErrorKind::limit_exceeded, "an image of more than 65535 elements in height or width");
  return Resize{x[0], x[1], x[2], size[0], size[1], x[3]};
}

Result<std::vector<Shape>> infer_resize(const OpView& op) {
  NARROW_TRY(Resize const r, resize_of(op));
  NARROW_TRY(Shape shape, Shape::make(std::array{r.batches, r.out_height, r.out_width, r.depth}));
  return std::vector{std::move(shape)};
}

Result<DType> resize_dtype(const OpView& op) {
  const Tensor& x = op.input(0);
  const Tensor& y = op.output();
  if (x.dtype != y.dtype)
    return fail(ErrorKind::unsupported,
                std::string("data of ") + to_string(x.dtype) + " with a result of " + to_string(y.dtype));
  if (x.quantization.scales != y.quantization.scales ||
      (x.quantization.present() && x.quantization.zero_point() != y.quantization.zero_point()))
    return fail(ErrorKind::unsupported, "data and result have different scales or zero points; resizing keeps them");
  return x.dtype;
}

}  // namespace narrow
