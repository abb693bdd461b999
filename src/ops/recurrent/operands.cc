#include "ops/recurrent/operands.h"

#include <algorithm>

namespace narrow {

Result<SequenceSizes> sequence_sizes(const OpView& op, bool time_major) {
  const Shape& x = op.input(0).shape;
  if (x.rank() != 3 || x.elements() < 1)
    return fail(ErrorKind::bad_file, "its data has shape " + x.text() + ", not [batch, time, features]");
  return SequenceSizes{x[time_major ? 1 : 0], x[time_major ? 0 : 1], x[2]};
}

Result<int> units_of(const OpView& op, size_t index, int gates) {
  const Shape& r = op.input(index).shape;
  if (r.rank() == 2 && r[1] > 0 && r[0] == int64_t{gates} * r[1]) return r[1];
  return fail(ErrorKind::bad_file, "its recurrent weights have shape " + r.text() + ", not [" +
                                       (gates > 1 ? std::to_string(gates) + " * units" : "units") + ", units]");
}

Status check_operand(const OpView& op, size_t index, const char* what, std::initializer_list<int> shape) {
  if (!op.has_input(index)) return fail(ErrorKind::bad_file, std::string("it has no ") + what);
  Shape const wanted = Shape::of(shape);
  if (op.input(index).shape == wanted) return {};
  return fail(ErrorKind::bad_file, "the shape of its " + std::string(what) + " is " + op.input(index).shape.text() +
                                       ", not " + wanted.text());
}

Status check_optional(const OpView& op, size_t index, const char* what, std::initializer_list<int> shape) {
  return op.has_input(index) ? check_operand(op, index, what, shape) : Status();
}

Result<std::vector<Shape>> shapes_of(const std::vector<std::vector<int32_t>>& results) {
  std::vector<Shape> out;
  for (const auto& dims : results) {
    NARROW_TRY(Shape shape, Shape::make(dims));
    out.push_back(shape);
  }
  return out;
}

Status check_floats(const OpView& op) {
  for (const auto* list : {&op.op.inputs, &op.op.outputs})
    for (int t : *list)
      if (t != kNoTensor && op.graph.tensor(t).dtype != DType::float32)
        return fail(ErrorKind::unsupported, std::string("narrow computes it in float32 only, and ") +
                                                tensor_label(op.graph, t) + " is " +
                                                to_string(op.graph.tensor(t).dtype));
  return {};
}

bool are_constant(const OpView& op, size_t first, size_t last) {
  for (size_t i = first; i <= last; ++i)
    if (op.has_input(i) && !op.input(i).constant) return false;
  return true;
}

std::vector<const void*> constant_values(const OpView& op) {
  std::vector<const void*> out(op.input_count(), nullptr);
  for (size_t i = 0; i < out.size(); ++i)
    if (op.has_input(i) && op.input(i).constant) out[i] = op.input(i).data.data();
  return out;
}

void add_columns(const float* matrix, int rows, int columns, size_t stride, float* to) {
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) to[static_cast<size_t>(c) * stride + static_cast<size_t>(r)] = *matrix++;
}

void add_products(const float* x, int columns, const float* weights, size_t stride, int rows, float* sums) {
  for (int c = 0; c < columns; ++c, weights += stride) {
    float const value = x[c];
    for (int r = 0; r < rows; ++r) sums[r] += value * weights[r];
  }
}

Result<CellActivation> cell_activation(Activation activation) {
  switch (activation) {
    case Activation::none:
      return CellActivation{CellFunction::linear};
    case Activation::relu:
      return CellActivation{CellFunction::relu};
    case Activation::relu_n1_to_1:
      return CellActivation{CellFunction::relu_n1_to_1};
    case Activation::relu6:
      return CellActivation{CellFunction::relu6};
    case Activation::tanh:
      return CellActivation{CellFunction::tanh};
    case Activation::sign_bit:
      break;
  }
  return fail(ErrorKind::unsupported, "a recurrent layer with the sign bit as its activation");
}

StateOperand::StateOperand(const OpView& op, size_t index)
    : index_(index), present_(op.has_input(index)), variable_(present_ && op.input(index).variable) {}

void StateOperand::begin(const StepArgs& a, float* to, size_t count) const {
  if (present_)
    std::copy_n(static_cast<const float*>(a.in[index_]), count, to);
  else
    std::fill_n(to, count, 0.0F);
}

void StateOperand::end(const StepArgs& a, const float* from, size_t count) const {
  // A variable tensor lies in the arena like any result; that it comes as an operand is how formats list it.
  if (variable_) std::copy_n(from, count, static_cast<float*>(const_cast<void*>(a.in[index_])));
}

}  // namespace narrow
