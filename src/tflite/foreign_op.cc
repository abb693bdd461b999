#include "tflite/foreign_op.h"

#include <algorithm>
#include <array>
#include <limits>

#include "graph/edit.h"
#include "graph/stored_name.h"
#include "ops/layers/layers.h"
#include "tflite/passthrough.h"

namespace narrow {
namespace {

constexpr const char* kTransposeConvBiasName = "Convolution2DTransposeBias";

/// The numbers that the custom options of the op begin with; nothing where there are fewer.
template <size_t kCount>
std::optional<std::array<int32_t, kCount>> leading_numbers(const Op& op) {
  auto const* kept = dynamic_cast<const PassthroughOp*>(op.passthrough.get());
  if (!kept) return std::nullopt;
  std::vector<uint8_t> const options = kept->table.unpack().custom_options;
  std::array<int32_t, kCount> out{};
  if (options.size() < sizeof out) return std::nullopt;
  for (size_t i = 0; i < kCount; ++i) out[i] = flatbuffers::ReadScalar<int32_t>(options.data() + i * sizeof(int32_t));
  return out;
}

std::optional<TransposeConvAttributes> transpose_conv_attributes(const Op& op) {
  auto const numbers = leading_numbers<3>(op);
  if (!numbers) return std::nullopt;
  auto const [padding, stride_w, stride_h] = *numbers;
  if ((padding != 1 && padding != 2) || stride_w < 1 || stride_h < 1) return std::nullopt;
  return TransposeConvAttributes{
      .padding = padding == 1 ? Padding::same : Padding::valid, .stride_h = stride_h, .stride_w = stride_w};
}

bool has_tensors(const Graph& graph, const std::vector<int>& list, size_t count) {
  auto const exists = [&](int t) { return t >= 0 && static_cast<size_t>(t) < graph.tensors.size(); };
  return list.size() == count && std::all_of(list.begin(), list.end(), exists);
}

bool is_image(const Tensor& t) {
  return t.shape.rank() == 4 && !t.unranked && !t.has_free_dimension();
}

/// The length of the result for `in` elements; nothing beyond 32 bits.
std::optional<int32_t> upsampled(int32_t in, int32_t filter, int32_t stride, Padding padding) {
  int64_t const full = int64_t{stride} * (in - 1) + filter;
  int64_t const cut = padding == Padding::same ? std::max(0, filter - (in - 1) % stride - 1) : 0;
  if (in < 1 || full - cut > std::numeric_limits<int32_t>::max()) return std::nullopt;
  return static_cast<int32_t>(full - cut);
}

/// The shape of the result; nothing where the op is not one that TRANSPOSE_CONV can stand for.
std::optional<std::array<int32_t, 4>> result_shape(const Graph& graph, const Op& op, const TransposeConvAttributes& a) {
  if (!has_tensors(graph, op.inputs, 3) || !has_tensors(graph, op.outputs, 1)) return std::nullopt;
  const Tensor &x = graph.tensor(op.inputs[0]), &w = graph.tensor(op.inputs[1]);
  if (!is_image(x) || !is_image(w) || !is_image(graph.tensor(op.outputs[0]))) return std::nullopt;
  auto const h = upsampled(x.shape[1], w.shape[1], a.stride_h, a.padding);
  auto const width = upsampled(x.shape[2], w.shape[2], a.stride_w, a.padding);
  if (!h || !width) return std::nullopt;
  return std::array{x.shape[0], *h, *width, w.shape[0]};
}

Status read_transpose_conv_bias(Graph& graph, Op& op, Meter& meter) {
  auto const attributes = transpose_conv_attributes(op);
  auto const result = attributes ? result_shape(graph, op, *attributes) : std::nullopt;
  if (!result) return {};
  Tensor size;
  size.name = graph.tensor(op.outputs[0]).name + "/size";
  size.dtype = DType::int32;
  NARROW_TRY(size.shape, Shape::make(std::array{static_cast<int32_t>(result->size())}));
  size.data = SharedBytes::copy_of(std::span<const int32_t>(*result));
  size.constant = true;
  NARROW_CHECK(meter.take(sizeof(Tensor) + size.name.size() + sizeof *result));
  op.def = &kTransposeConv;
  op.type = kTransposeConv.name;
  op.attributes = *attributes;
  op.passthrough = std::make_shared<StoredName>(kTransposeConvBiasName);
  op.inputs = {add_tensor(graph, std::move(size)), op.inputs[1], op.inputs[0], op.inputs[2]};
  op.version = least_version({graph, op});
  return {};
}

}  // namespace

Status read_foreign_ops(Graph& graph, Meter& meter) {
  for (Op& op : graph.ops)
    if (!op.def && op.type == kTransposeConvBiasName) NARROW_CHECK(read_transpose_conv_bias(graph, op, meter));
  return {};
}

}  // namespace narrow
