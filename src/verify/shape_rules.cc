// Rules of constants, shapes and attributes.
#include <fmt/format.h>

#include <algorithm>

#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/recurrent/recurrent.h"
#include "ops/windows/windows.h"
#include "verify/rules.h"

namespace narrow {
namespace {

/// The attributes of the op where they are of type A, else null.
template <class A>
const A* attributes_of(const Site& site) {
  return site.op().attributes.get_if<A>();
}

template <class A>
std::optional<DType> stated(const Site& site) {
  const A* a = attributes_of<A>(site);
  return a ? std::optional(a->quantized_bias_type) : std::nullopt;
}

int most_dimensions(const Site& site) {
  int most = 0;
  for (const auto& list : {site.op().inputs, site.op().outputs})
    for (int const t : list)
      if (t != kNoTensor) most = std::max(most, site.graph().tensor(t).shape.rank());
  return most;
}

}  // namespace

std::optional<Trouble> bias_as_stated(const Site& site) {
  std::optional<DType> type = stated<Conv2dAttributes>(site);
  if (!type) type = stated<FullyConnectedAttributes>(site);
  if (!type) type = stated<TransposeConvAttributes>(site);
  size_t const operand = attributes_of<TransposeConvAttributes>(site) ? 3 : 2;
  const Tensor* b = site.view().maybe_input(operand);
  if (!type || *type == DType::float32 || !b || b->dtype == *type || site.view().input(0).is_float())
    return std::nullopt;
  return Trouble{fmt::format("the op states {} biases, {} is {}", to_string(*type),
                             tensor_label(site.graph(), site.op().inputs[operand]), to_string(b->dtype)),
                 "write the file again with `quantize()`"};
}

std::optional<Trouble> constant_operand(const Site& site, size_t operand) {
  const Tensor* x = site.view().maybe_input(operand);
  if (!x || x->constant) return std::nullopt;
  return Trouble{fmt::format("operand {}, {}, is computed; the kernel needs a constant", operand,
                             tensor_label(site.graph(), site.op().inputs[operand])),
                 "fix the free dimensions of the model with `batch` or `shape`, so that it is folded"};
}

std::optional<Trouble> dimensions_at_most(const Site& site, int most) {
  int const have = most_dimensions(site);
  if (have <= most) return std::nullopt;
  return Trouble{fmt::format("has {} dimensions, the kernel takes up to {}", have, most),
                 "reshape the data to fewer dimensions"};
}

std::optional<Trouble> int8_dimensions_at_most(const Site& site, int most) {
  const Tensor* x = site.view().maybe_input(0);
  return x && x->dtype == DType::int8 ? dimensions_at_most(site, most) : std::nullopt;
}

std::optional<Trouble> data_dimensions(const Site& site, int least, int most) {
  const Tensor* x = site.view().maybe_input(0);
  if (!x || (x->shape.rank() >= least && x->shape.rank() <= most)) return std::nullopt;
  return Trouble{fmt::format("its data has {} dimensions, the kernel takes {}", x->shape.rank(),
                             least == most ? std::to_string(least) : fmt::format("{} to {}", least, most)),
                 "reshape the data"};
}

std::optional<Trouble> broadcast_at_most(const Site& site, int most) {
  const Shape* shape = nullptr;
  bool differ = false;
  for (int const t : site.op().inputs) {
    if (t == kNoTensor) continue;
    const Shape& s = site.graph().tensor(t).shape;
    differ = differ || (shape && !(*shape == s));
    shape = &s;
  }
  return differ ? dimensions_at_most(site, most) : std::nullopt;
}

std::optional<Trouble> whole_axes(const Site& site, size_t operand) {
  const Tensor* axes = site.view().maybe_input(operand);
  if (!axes || !axes->constant || axes->dtype != DType::int32) return std::nullopt;
  for (int32_t const axis : axes->values<int32_t>())
    if (axis < 0)
      return Trouble{fmt::format("axis {} counts from the end, which the kernel does not", axis),
                     "write axes that are not negative"};
  return std::nullopt;
}

std::optional<Trouble> plain_slice(const Site& site) {
  const auto* a = attributes_of<StridedSliceAttributes>(site);
  const OpView op = site.view();
  bool const masked = a && (a->ellipsis_mask != 0 || a->new_axis_mask != 0 || a->offset);
  if (!masked && op.input(1).elements() == op.input(0).shape.rank()) return std::nullopt;
  return Trouble{masked ? "has an ellipsis, a new axis or ends that count from the beginning, which the kernel ignores"
                        : fmt::format("slices {} of {} dimensions; the kernel reads a beginning for each",
                                      op.input(1).elements(), op.input(0).shape.rank()),
                 "say where to begin and to end in every dimension"};
}

std::optional<Trouble> lstm_peepholes(const Site& site) {
  constexpr size_t kForgetPeephole = 10, kOutputKernel = 4, kOutputRecurrent = 8;
  const OpView op = site.view();
  if (!op.has_input(kForgetPeephole) || op.input(0).is_float()) return std::nullopt;
  if (!op.has_input(kOutputKernel) || !op.has_input(kOutputRecurrent)) return std::nullopt;
  const Shape &kernel = op.input(kOutputKernel).shape, &recurrent = op.input(kOutputRecurrent).shape;
  if (kernel.rank() != 2 || recurrent.rank() != 2 || kernel[0] == recurrent[1]) return std::nullopt;
  return Trouble{
      fmt::format("has peepholes of {} cells beside a projection to {} values; the kernel applies {} of them",
                  kernel[0], recurrent[1], recurrent[1]),
      "keep the layer in float, or as single ops"};
}

std::optional<Trouble> plain_lstm(const Site& site) {
  constexpr size_t kOperands = 24, kInputGate = 1;
  const char* const instead = "keep the layer in a form that runtimes share: as single ops, unrolled or in a loop";
  const OpView op = site.view();
  if (op.input_count() != kOperands)
    return Trouble{fmt::format("has {} operands, the kernel takes {}", op.input_count(), kOperands),
                   "list those that are left out as such"};
  bool extra = !op.has_input(kInputGate);
  for (size_t i : {9U, 10U, 11U, 16U, 17U, 20U, 21U, 22U, 23U}) extra |= op.has_input(i);
  if (extra)
    return Trouble{"has peepholes, a projection, layer normalization or no input gate, which the kernel lacks",
                   instead};
  const auto* a = attributes_of<UnidirectionalSequenceLstmAttributes>(site);
  if (a && a->diagonal_recurrent_tensors)
    return Trouble{"has diagonal recurrent weights, which the kernel lacks", instead};
  if (a && a->cell_activation != Activation::tanh)
    return Trouble{"has another activation than tanh, which the kernel computes all the same", instead};
  return std::nullopt;
}

std::optional<Trouble> relu_svdf(const Site& site) {
  const auto* a = attributes_of<SvdfAttributes>(site);
  if (!a || a->activation == Activation::relu || site.view().input(0).dtype != DType::int8) return std::nullopt;
  return Trouble{"has another activation than RELU, without which the kernel has no 8-bit form",
                 "end the layer with RELU, or keep it float"};
}

std::optional<Trouble> unlimited_svdf(const Site& site) {
  const auto* a = attributes_of<SvdfAttributes>(site);
  const Tensor& y = site.view().output();
  if (!a || y.dtype != DType::int8 || y.quantization.scales.size() != 1) return std::nullopt;
  auto const named = integer_interval(a->activation, y.dtype, y.quantization);
  IntegerInterval const all = integer_range(y.dtype);
  if (named && named->lo == all.lo && named->hi == all.hi) return std::nullopt;
  return Trouble{"has an activation that limits its results, which the kernel passes over",
                 "give the result a range that ends where the activation's does"};
}

std::optional<Trouble> lstm_of_bytes(const Site& site) {
  constexpr size_t kFirstWeights = 1, kLastWeights = 8, kFirstBias = 12, kLastBias = 15, kProjectionWeights = 16,
                   kProjectionsBias = 17;
  const OpView op = site.view();
  DType const data = op.input(0).dtype;
  if (data != DType::int8 && data != DType::int16) return std::nullopt;
  DType const bias = data == DType::int16 ? DType::int64 : DType::int32;
  for (size_t i = kFirstWeights; i <= kProjectionsBias; ++i) {
    bool const weights = i <= kLastWeights || i == kProjectionWeights;
    bool const biases = (i >= kFirstBias && i <= kLastBias) || i == kProjectionsBias;
    if (!op.has_input(i) || (!weights && !biases)) continue;
    DType const wanted = weights ? DType::int8 : bias, given = op.input(i).dtype;
    if (given != wanted)
      return Trouble{fmt::format("operand {} is {}, the kernel takes {}", i, to_string(given), to_string(wanted)),
                     "quantize with `scheme=int8` or `scheme=int16x8` alone"};
  }
  return std::nullopt;
}

std::optional<Trouble> operand_count(const Site& site, size_t most) {
  if (site.op().inputs.size() <= most) return std::nullopt;
  return Trouble{fmt::format("has {} operands, the kernel takes up to {}", site.op().inputs.size(), most),
                 "split it into several ops"};
}

std::optional<Trouble> no_activation(const Site& site) {
  Activation activation = Activation::none;
  if (const auto* c = attributes_of<ConcatenationAttributes>(site)) activation = c->activation;
  if (const auto* p = attributes_of<Pool2dAttributes>(site)) activation = p->activation;
  if (activation == Activation::none) return std::nullopt;
  return Trouble{"has a fused activation, which the kernel does not take", "make the activation an op of its own"};
}

std::optional<Trouble> innermost_three(const Site& site) {
  for (const auto& list : {site.op().inputs, site.op().outputs})
    for (int const t : list) {
      if (t == kNoTensor || site.graph().tensor(t).constant) continue;
      const Shape& shape = site.graph().tensor(t).shape;
      for (int i = 0; i + 3 < shape.rank(); ++i)
        if (shape[i] > 1)
          return Trouble{fmt::format("{} has {} along dimension {}; only the innermost three may be more than 1",
                                     tensor_label(site.graph(), t), shape[i], i),
                         "run one sample at a time: a batch of 1"};
    }
  return std::nullopt;
}

}  // namespace narrow
