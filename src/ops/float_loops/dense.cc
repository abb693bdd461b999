// Dense layers over real numbers, as loops.
#include "ops/float_loops/blocks.h"
#include "ops/float_loops/float_loops.h"

namespace narrow::float_loops {
namespace {

class Dense final : public FloatLayer {
 public:
  Dense(const DenseGeometry& g, const Interval& clamp, const float* weights, const float* bias)
      : g_(g), clamp_(clamp), starts_(padded(bias, g.out)) {
    pack(weights, g.out, g.in, g.in, weights_);
  }

  void run(const float* x, float* y, int64_t count, float*) const override {
    int64_t row = 0;
    for (; row + kRows <= count; row += kRows) rows<kRows>(x + row * g_.in, y + row * g_.out);
    for (; row < count; ++row) rows<1>(x + row * g_.in, y + row * g_.out);
  }

 private:
  template <int N>
  void rows(const float* x, float* y) const {
    const float* w = weights_.data();
    for (int o = 0; o < g_.out; o += kBlock, w += int64_t{g_.in} * kBlock) {
      Sums<N> sums(starts_.data() + o);
      sums.add_products(x, g_.in, g_.in, w);
      for (int r = 0; r < N; ++r) sums.store(r, std::min(kBlock, g_.out - o), clamp_, y + int64_t{r} * g_.out + o);
    }
  }

  DenseGeometry g_;
  Interval clamp_;
  std::vector<float> weights_, starts_;
};

}  // namespace

FloatLayerPtr make_dense(const DenseGeometry& geometry, const Interval& clamp, const float* weights,
                         const float* bias) {
  return std::make_shared<const Dense>(geometry, clamp, weights, bias);
}

}  // namespace narrow::float_loops
