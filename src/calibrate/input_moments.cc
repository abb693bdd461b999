#include "calibrate/input_moments.h"

#include <algorithm>
#include <array>
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
    if (columns % n == 0 &&
        static_cast<double>(groups) * static_cast<double>(n * c * c * 8 * matrices) <= static_cast<double>(most_bytes))
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

/// Where element (tap, group, j) of a row is in the order of columns: (group, tap, j).
size_t column_of(const SumInputs& sums, size_t element) {
  auto const taps = static_cast<size_t>(sums.taps), run = static_cast<size_t>(sums.run);
  size_t const span = static_cast<size_t>(sums.groups) * run;
  size_t const tap = element / span, at = element % span;
  return at / run * taps * run + tap * run + at % run;
}

/// Takes rows apart into columns.
void to_columns(const SumInputs& sums, const std::vector<float>& rows, int count, std::vector<float>& columns) {
  auto const width = static_cast<size_t>(sums.groups * sums.columns());
  constexpr size_t kBlock = 16;  // columns whose places stay in the first cache
  std::array<float*, kBlock> to{};
  for (size_t first = 0; first < width; first += kBlock) {
    size_t const n = std::min(kBlock, width - first);
    for (size_t k = 0; k < n; ++k) {
      to[k] = columns.data() + column_of(sums, first + k) * kProductRows;
    }
    for (int r = 0; r < count; ++r)
      for (size_t k = 0; k < n; ++k) to[k][r] = rows[static_cast<size_t>(r) * width + first + k];
    for (size_t k = 0; k < n; ++k) std::fill(to[k] + count, to[k] + kProductRows, 0.0F);
  }
}

struct Steps {
  double per_unit;  // of real values
  int zero_point;
};

/// Values of both networks in steps; those of the float network in whole 64ths, and the other network's where it has
/// none.
template <class Int>
void to_steps(const Int* quantized, const float* real, size_t count, const Steps& steps, float* x, float* f) {
  // Adding and taking away 1.5 * 2^52 rounds a double to an integer; 2^17 steps in 64ths are as much as a float holds.
  constexpr double kRound = 6755399441055744.0, kMost = 0x1p17;
  for (size_t i = 0; i < count; ++i) {
    auto const q = static_cast<double>(quantized[i] - steps.zero_point);
    double const v = static_cast<double>(real[i]) * steps.per_unit;
    double const inside = v > kMost ? kMost : v < -kMost ? -kMost : v == v ? v : q;
    x[i] = static_cast<float>(q);
    f[i] = static_cast<float>(((inside * 64 + kRound) - kRound) / 64);
  }
}

/// Adds up rows, element by element.
void add_rows_up(const std::vector<float>& rows, int count, std::vector<double>& sums) {
  for (size_t r = 0; r < static_cast<size_t>(count); ++r)
    for (size_t k = 0; k < sums.size(); ++k) sums[k] += static_cast<double>(rows[r * sums.size() + k]);
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
  sum_x_.resize(all);
  sum_f_.resize(all);
  for (auto* values : {&rows_x_, &rows_f_, &columns_x_}) values->resize(all * kProductRows);
  if (options.cross) columns_f_.resize(all * kProductRows);
  if (!bytes_ || options.cross) wide_x_.resize(all * kProductRows);
  if (options.cross) wide_f_.resize(all * kProductRows);
}

void MomentCollector::add(int64_t number, const std::byte* quantized, const float* real) {
  if (bytes_)
    add_rows(number, reinterpret_cast<const int8_t*>(quantized), real);
  else
    add_rows(number, reinterpret_cast<const int16_t*>(quantized), real);
}

template <class Int>
void MomentCollector::add_rows(int64_t number, const Int* quantized, const float* real) {
  auto const span = static_cast<size_t>(sums_.groups * sums_.run);
  Steps const steps{1 / scale_, zero_point_};
  for (int64_t k = 0; k < rows_each_; ++k) {
    int64_t const row = (number * rows_each_ + k) % sums_.rows * step_ % sums_.rows;
    size_t to = static_cast<size_t>(filled_ * sums_.taps) * span;
    for (int64_t t = 0; t < sums_.taps; ++t, to += span) {
      int32_t const first = sums_.first[static_cast<size_t>(row * sums_.taps + t)];
      if (first < 0) {
        std::fill_n(rows_x_.data() + to, span, 0.0F);
        std::fill_n(rows_f_.data() + to, span, 0.0F);
      } else {
        to_steps(quantized + first, real + first, span, steps, rows_x_.data() + to, rows_f_.data() + to);
      }
    }
    ++out_.rows;
    if (++filled_ == kProductRows) flush();
  }
}

void MomentCollector::flush() {
  if (filled_ == 0) return;
  to_columns(sums_, rows_x_, filled_, columns_x_);
  if (options_.cross) to_columns(sums_, rows_f_, filled_, columns_f_);
  add_rows_up(rows_x_, filled_, sum_x_);
  add_rows_up(rows_f_, filled_, sum_f_);
  if (!wide_x_.empty()) std::copy(columns_x_.begin(), columns_x_.end(), wide_x_.begin());
  if (!wide_f_.empty()) std::copy(columns_f_.begin(), columns_f_.end(), wide_f_.begin());
  filled_ = 0;
  int64_t const n = out_.columns;
  constexpr int64_t kStrip = 16;  // columns whose values stay in the processor's first cache
  for (int64_t m = 0; m < static_cast<int64_t>(out_.mean.size()) / n; ++m)
    for (int64_t i = 0; i < n; i += kStrip) {
      auto const height = static_cast<int>(std::min(kStrip, n - i));
      auto column = [&](auto& values, int64_t c) { return values.data() + (m * n + c) * kProductRows; };
      double* const to = out_.second.data() + (m * n + i) * n;
      // The matrix is symmetric: each strip begins at its own first column.
      if (bytes_)
        host::add_products(column(columns_x_, i), height, column(columns_x_, i), static_cast<int>(n - i), to + i, n);
      else
        host::add_products(column(wide_x_, i), height, column(wide_x_, i), static_cast<int>(n - i), to + i, n);
      if (options_.cross)
        host::add_products(column(wide_x_, i), height, column(wide_f_, 0), static_cast<int>(n),
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
  add_up(sum_x_, other.sum_x_);
  add_up(sum_f_, other.sum_f_);
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
  for (size_t k = 0; k < sum_x_.size(); ++k) {
    out_.mean[column_of(sums_, k)] = sum_x_[k];
    out_.float_mean[column_of(sums_, k)] = sum_f_[k];
  }
  double const share = out_.rows > 0 ? 1 / static_cast<double>(out_.rows) : 0;
  for (auto* values : {&out_.mean, &out_.float_mean, &out_.second, &out_.cross})
    for (double& v : *values) v *= share;
  return std::move(out_);
}

}  // namespace narrow
