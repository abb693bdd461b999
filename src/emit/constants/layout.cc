#include "emit/constants/layout.h"

#include <cstring>

namespace narrow {

Layout layout_of(WeightLayout stored, DType dtype, const LayoutChoice& choice) {
  using Conv = LayoutChoice::Conv;
  using Dense = LayoutChoice::Dense;
  switch (stored) {
    case WeightLayout::ohwi:
      return choice.conv == Conv::hwio ? Layout{"HWIO", {1, 2, 3, 0}} : Layout{"OHWI", {}};
    case WeightLayout::depthwise:
      // As stored, [1, h, w, channels] has the order of HWIO.
      return choice.conv == Conv::ohwi ? Layout{"OHWI", {3, 1, 2, 0}} : Layout{"1HWC", {}};
    case WeightLayout::out_in:
      if (choice.dense == Dense::transposed) return {"[in, out]", {1, 0}};
      if (choice.dense == Dense::cmsis_q7_opt && dtype == DType::int8) return {"cmsis-q7-opt", {}, true};
      return {"[out, in]", {}};
    case WeightLayout::none:
      break;
  }
  return {};
}

std::vector<size_t> cmsis_q7_opt_order(size_t rows, size_t columns) {
  std::vector<size_t> order;
  size_t const whole_rows = rows / 4 * 4, whole_columns = columns / 4 * 4;
  for (size_t r = 0; r < whole_rows; r += 4) {
    auto const add = [&](size_t row, size_t column) { order.push_back((r + row) * columns + column); };
    for (size_t c = 0; c < whole_columns; c += 4)
      for (size_t first : {c, c + 1})
        for (size_t pair : {size_t{0}, size_t{2}})
          for (size_t column : {first, first + 2})
            for (size_t row : {pair, pair + 1}) add(row, column);
    for (size_t c = whole_columns; c < columns; ++c)
      for (size_t row = 0; row < 4; ++row) add(row, c);
  }
  for (size_t i = whole_rows * columns; i < rows * columns; ++i) order.push_back(i);
  return order;
}

std::vector<int32_t> arranged_shape(const Shape& stored, const Layout& layout) {
  if (layout.interleaved) return {static_cast<int32_t>(stored.elements())};
  if (layout.order.empty()) return {stored.dims().begin(), stored.dims().end()};
  std::vector<int32_t> out;
  for (int d : layout.order) out.push_back(stored[d]);
  return out;
}

SharedBytes arranged(const Tensor& tensor, const Layout& layout) {
  if (layout.interleaved) {
    Bytes out;
    auto const rows = static_cast<size_t>(tensor.shape[0]), columns = static_cast<size_t>(tensor.shape[1]);
    for (size_t from : cmsis_q7_opt_order(rows, columns)) out.push_back(tensor.data.data()[from]);
    return SharedBytes(std::move(out));
  }
  if (layout.order.empty()) return tensor.data;
  size_t const bytes = element_bytes(tensor.dtype), rank = layout.order.size();
  std::vector<int32_t> const shape = arranged_shape(tensor.shape, layout);
  std::vector<size_t> step(rank);  // in what is stored, for a step along a dimension of the layout
  for (size_t d = 0; d < rank; ++d)
    step[d] = static_cast<size_t>(tensor.shape.product(layout.order[d] + 1, tensor.shape.rank()));
  Bytes out(tensor.data.size());
  std::vector<int32_t> at(rank, 0);
  size_t from = 0;
  for (size_t to = 0; to < out.size(); to += bytes) {
    std::memcpy(&out[to], tensor.data.data() + from * bytes, bytes);
    for (size_t d = rank; d-- > 0;) {
      from += step[d];
      if (++at[d] < shape[d]) break;
      from -= step[d] * static_cast<size_t>(shape[d]);
      at[d] = 0;
    }
  }
  return SharedBytes(std::move(out));
}

}  // namespace narrow
