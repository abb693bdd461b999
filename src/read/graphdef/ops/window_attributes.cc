#include "read/graphdef/ops/window_attributes.h"

#include "ops/layout/layout.h"

namespace narrow::graphdef {

Result<PerSide> per_side(const Node& node, const char* list) {
  auto const values = node.list(list);
  if (values.empty()) return PerSide{};
  if (values.size() != 4)
    return fail(ErrorKind::bad_file,
                std::string(list) + " has " + std::to_string(values.size()) + " numbers instead of 4");
  size_t const first = node.channels_first() ? 2 : 1;
  for (int64_t const v : values)
    if (v < 1 || v > 1 << 20)
      return fail(ErrorKind::bad_file, std::string(list) + " has the number " + std::to_string(v));
  if (values[0] != 1 || values[node.channels_first() ? 1 : 3] != 1)
    return fail(ErrorKind::unsupported, std::string(list) + " along samples or channels");
  return PerSide{static_cast<int>(values[first]), static_cast<int>(values[first + 1])};
}

Result<Padding> padding_of(Node& node, int& data, PerSide filter, PerSide strides, PerSide dilations) {
  std::string const word = node.text("padding", "");
  if (word == "SAME") return Padding::same;
  if (word == "VALID") return Padding::valid;
  auto const sizes = node.list("explicit_paddings");
  if (word != "EXPLICIT" || sizes.size() != 8) return fail(ErrorKind::bad_file, "the padding is '" + word + "'");
  size_t const first = node.channels_first() ? 4 : 2;
  std::vector<int32_t> pads(8, 0);
  for (size_t i = 0; i < 4; ++i) {
    if (sizes[first + i] < 0 || sizes[first + i] > 1 << 20)
      return fail(ErrorKind::bad_file, "a padding of " + std::to_string(sizes[first + i]));
    pads[2 + i] = static_cast<int32_t>(sizes[first + i]);
  }
  const Shape& shape = node.builder().shape(data);
  if (shape.rank() != 4)
    return fail(ErrorKind::bad_file, "the data has " + std::to_string(shape.rank()) + " dimensions");
  NARROW_TRY(Window const rows, slide(shape[1], filter.h, strides.h, dilations.h, Padding::same));
  NARROW_TRY(Window const columns, slide(shape[2], filter.w, strides.w, dilations.w, Padding::same));
  if (pads[2] == rows.pad_before && pads[3] == rows.pad_after && pads[4] == columns.pad_before &&
      pads[5] == columns.pad_after)
    return Padding::same;
  if (pads == std::vector<int32_t>(8, 0)) return Padding::valid;
  int const operand = node.builder().constant(
      {.dtype = DType::int32, .shape = Shape::of({4, 2}), .name = node.reading().names.take(node.name() + "/pads")},
      pads);
  NARROW_TRY(data, node.add(kPad, {}, {data, operand}, "/padded"));
  return Padding::valid;
}

}  // namespace narrow::graphdef
