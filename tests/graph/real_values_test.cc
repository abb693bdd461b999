// Real values of stored numbers: by axis, by type, and of several tensors one behind the other.
#include "graph/real_values.h"

#include <gmock/gmock.h>

namespace narrow {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

template <class T>
std::vector<float> real(DType dtype, const Shape& shape, const Quantization& q, const std::vector<T>& stored) {
  Tensor t;
  t.dtype = dtype;
  t.shape = shape;
  t.quantization = q;
  std::vector<float> out(stored.size());
  real_values(t, reinterpret_cast<const std::byte*>(stored.data()), out);
  return out;
}

TEST(RealValues, ScalesLieAlongTheirAxis) {
  std::vector<int8_t> const ones(12, 1);
  Shape const shape = Shape::of({2, 3, 2});
  EXPECT_THAT(real(DType::int8, shape, {{1, 2}, {0, 0}, 0}, ones),
              ElementsAreArray({1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2}));
  EXPECT_THAT(real(DType::int8, shape, {{1, 2, 3}, {0, 0, 0}, 1}, ones),
              ElementsAreArray({1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3}));
  EXPECT_THAT(real(DType::int8, shape, {{1, 2}, {0, 1}, 2}, ones),
              ElementsAreArray({1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}));
}

TEST(RealValues, ScalesBeginAgainWithEachTensor) {
  EXPECT_THAT(real<int8_t>(DType::int8, Shape::of({2}), {{1, 10}, {0, 0}, 0}, {1, 1, 2, 2}), ElementsAre(1, 10, 2, 20));
}

TEST(RealValues, ZeroPointsAreSubtractedBeforeRounding) {
  Quantization const q = Quantization::of(0.5f, 1 << 30);
  EXPECT_THAT(real<int32_t>(DType::int32, Shape::of({2}), q, {(1 << 30) + 3, (1 << 30) - 1}), ElementsAre(1.5f, -0.5f));
  EXPECT_THAT(real<uint8_t>(DType::uint8, Shape::of({2}), Quantization::of(2, 128), {255, 0}), ElementsAre(254, -256));
}

TEST(RealValues, NumbersWithoutAScaleAreConverted) {
  EXPECT_THAT(real<uint16_t>(DType::float16, Shape::of({2}), {}, {0x3E00, 0xC000}), ElementsAre(1.5f, -2));
  EXPECT_THAT(real<uint16_t>(DType::bfloat16, Shape::of({2}), {}, {0x3FC0, 0xC000}), ElementsAre(1.5f, -2));
  EXPECT_THAT(real<int64_t>(DType::int64, Shape::of({1}), {}, {-5}), ElementsAre(-5));
  EXPECT_THAT(real<uint8_t>(DType::boolean, Shape::of({2}), {}, {1, 0}), ElementsAre(1, 0));
  EXPECT_THAT(real<float>(DType::float32, Shape::of({1}), Quantization::of(2, 3), {0.25f}), ElementsAre(0.25f));
}

}  // namespace
}  // namespace narrow
