#include "calibrate/input_moments.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/products.h"

namespace narrow {
namespace {

using host::kProductRows;

/// The least number of equal blocks whose matrices fit.
int64_t blocks_of(int64_t columns, int64_t groups, int matrices, int64_t most_bytes) {
  for (int64_t n = 1; n < columns; ++n) {
    int64_t const c = columns / n;
    if (columns % n == 0 && static_cast<double>(groups) * static_cast<double>(n * c * c * 8 * matrices) <=
                                static_cast<double>(most_bytes))
      return n;
  }
  return std::max<int64_t>(columns, 1);
}

/// A step that leads through all of `rows` rows, and spreads the first few of them evenly, without a common period with
/// the width of an image: the golden section.
int64_t spreading_step(int64_t rows) {
  auto step = std::max<int64_t>(1, std::llround(static_cast<double>(rows) * 0.6180339887));
  while (std::gcd(step, rows) != 1) ++step;
  return step;
}

/// In 64ths of a step, within what 20 bits hold.
double on_grid(float real, double per_step, double fallback) {
  double const v = static_cast<double>(real) * per_step;
  if (!std::isfinite(v)) return fallback;
  return std::nearbyint(std::clamp(v, -0x1p17, 0x1p17) * 64) / 64;
}

}  // namespace

MomentCollector::MomentCollector(const SumInputs& sums, const Tensor& input, int64_t samples,
                                 const MomentOptions& options)
    : sums_(sums),
      bytes_(input.dtype == DType::int8),
      scale_(static_cast<double>(input.quantization.scale())),
      zero_point_(input.quantization.zero_point()),
      options_(options) {
  int64_t const columns = sums.columns();
  int64_t const wanted = std::max(options.least_rows, options.rows_per_column * columns);
  rows_each_ = std::clamp<int64_t>((wanted + samples - 1) / std::max<int64_t>(samples, 1), 1, sums.rows);
  step_ = spreading_step(sums.rows);
  out_.groups = sums.groups;
  out_.blocks = blocks_of(columns, sums.groups, options.cross ? 2 : 1, options.most_bytes);
  out_.columns = columns / out_.blocks;
  auto const all = static_cast<size_t>(sums.groups * columns);
  auto const cells = all * static_cast<size_t>(out_.columns);
  out_.mean.resize(all);
  out_.float_mean.resize(all);
  out_.second.resize(cells);
  if (options.cross) out_.cross.resize(cells);
  if (bytes_) narrow_.resize(all * kProductRows);
  if (!bytes_ || options.cross) wide_.resize(all * kProductRows);
  if (options.cross) real_.resize(all * kProductRows);
}

template <class Int>
void MomentCollector::gather(int64_t row, const Int* quantized, const float* real) {
  double const per_step = 1 / scale_;
  auto const at_row = static_cast<size_t>(filled_);
  for (int64_t g = 0; g < sums_.groups; ++g)
    for (int64_t t = 0; t < sums_.taps; ++t) {
      int32_t const first = sums_.first[static_cast<size_t>(row * sums_.taps + t)];
      auto column = static_cast<size_t>(g * sums_.columns() + t * sums_.run);
      for (int64_t j = 0; j < sums_.run; ++j, ++column) {
        double x = 0, f = 0;
        if (first >= 0) {
          auto const at = static_cast<size_t>(first + g * sums_.group_stride + j);
          x = static_cast<double>(quantized[at] - zero_point_);
          f = on_grid(real[at], per_step, x);
        }
        out_.mean[column] += x;
        out_.float_mean[column] += f;
        if (!narrow_.empty()) narrow_[column * kProductRows + at_row] = static_cast<float>(x);
        if (!wide_.empty()) wide_[column * kProductRows + at_row] = x;
        if (!real_.empty()) real_[column * kProductRows + at_row] = f;
      }
    }
}

void MomentCollector::add(int64_t number, const std::byte* quantized, const float* real) {
  for (int64_t k = 0; k < rows_each_; ++k) {
    int64_t const row = (number * rows_each_ + k) % sums_.rows * step_ % sums_.rows;
    if (bytes_)
      gather(row, reinterpret_cast<const int8_t*>(quantized), real);
    else
      gather(row, reinterpret_cast<const int16_t*>(quantized), real);
    ++out_.rows;
    if (++filled_ == kProductRows) flush();
  }
}

void MomentCollector::flush() {
  if (filled_ == 0) return;
  auto const all = static_cast<int64_t>(out_.mean.size());
  auto clear_rest = [&](auto& values) {
    for (size_t c = 0; c * kProductRows < values.size(); ++c)
      std::fill(values.begin() + static_cast<int64_t>(c * kProductRows) + filled_,
                values.begin() + static_cast<int64_t>((c + 1) * kProductRows), 0);
  };
  if (filled_ < kProductRows) {
    clear_rest(narrow_);
    clear_rest(wide_);
    clear_rest(real_);
  }
  filled_ = 0;
  int64_t const n = out_.columns;
  constexpr int64_t kStrip = 16;  // columns whose values stay in the processor's first cache
  for (int64_t m = 0; m < all / n; ++m)
    for (int64_t i = 0; i < n; i += kStrip) {
      auto const height = static_cast<int>(std::min(kStrip, n - i));
      auto rows = [&](auto& values, int64_t column) { return values.data() + (m * n + column) * kProductRows; };
      double* const to = out_.second.data() + (m * n + i) * n;
      // The matrix is symmetric: each strip begins at its own first column.
      if (!narrow_.empty())
        host::add_products(rows(narrow_, i), height, rows(narrow_, i), static_cast<int>(n - i), to + i, n);
      else
        host::add_products(rows(wide_, i), height, rows(wide_, i), static_cast<int>(n - i), to + i, n);
      if (options_.cross)
        host::add_products(rows(wide_, i), height, rows(real_, 0), static_cast<int>(n),
                           out_.cross.data() + (m * n + i) * n, n);
    }
}

void MomentCollector::merge(MomentCollector& other) {
  flush();
  other.flush();
  auto add_up = [](std::vector<double>& to, const std::vector<double>& from) {
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
  };
  out_.rows += other.out_.rows;
  add_up(out_.mean, other.out_.mean);
  add_up(out_.float_mean, other.out_.float_mean);
  add_up(out_.second, other.out_.second);
  add_up(out_.cross, other.out_.cross);
}

InputMoments MomentCollector::take() {
  flush();
  auto const n = static_cast<size_t>(out_.columns);
  for (size_t m = 0; m * n * n < out_.second.size(); ++m) {
    double* const matrix = out_.second.data() + m * n * n;
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < i; ++j) matrix[i * n + j] = matrix[j * n + i];
  }
  double const share = out_.rows > 0 ? 1 / static_cast<double>(out_.rows) : 0;
  for (auto* values : {&out_.mean, &out_.float_mean, &out_.second, &out_.cross})
    for (double& v : *values) v *= share;
  return std::move(out_);
}

}  // namespace narrow
