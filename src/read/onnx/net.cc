#include "read/onnx/net.h"

#include <algorithm>

#include "graph/edit.h"
#include "ops/build/permuted.h"
#include "ops/check/evaluate.h"
#include "ops/check/validate.h"
#include "ops/conversions/conversions.h"
#include "ops/layout/layout.h"

namespace narrow::onnx {
namespace {

constexpr int64_t kMostFolded = 16 << 20;  // bytes of one result

/// Whether dimensions of more than one element keep their order.
bool moves_only_ones(const Shape& shape, const Order& order) {
  int last = -1;
  for (int d : order) {
    if (shape[d] == 1) continue;
    if (d < last) return false;
    last = d;
  }
  return true;
}

}  // namespace

Shape Net::shape(const Value& v) const {
  const Shape& have = at(v).shape;
  std::vector<int32_t> dims(v.order.size());
  for (size_t i = 0; i < dims.size(); ++i) dims[static_cast<size_t>(v.order[i])] = have[static_cast<int>(i)];
  return *Shape::make(dims);
}

int Net::constant(Tensor tensor) {
  tensor.constant = true;
  return add_tensor(builder_.graph(), std::move(tensor));
}

int Net::scalar(float value) {
  return builder_.constant({.shape = {}}, std::vector<float>{value});
}

Result<int> Net::number(DType dtype, double value) {
  auto const one = [&]<class T>(T v) { return builder_.constant({.dtype = dtype, .shape = {}}, std::vector<T>{v}); };
  switch (dtype) {
    case DType::float32:
      return one(static_cast<float>(value));
    case DType::int64:
      return one(static_cast<int64_t>(value));
    case DType::int32:
      return one(static_cast<int32_t>(value));
    case DType::int16:
      return one(static_cast<int16_t>(value));
    case DType::int8:
      return one(static_cast<int8_t>(value));
    case DType::uint8:
    case DType::boolean:
      return one(static_cast<uint8_t>(value));
    default:
      return fail(ErrorKind::unsupported, std::string("numbers of type ") + to_string(dtype) + " cannot be made");
  }
}

int Net::positions(const Shape& shape, const std::vector<int32_t>& values) {
  return builder_.constant({.dtype = DType::int32, .shape = shape}, values);
}

void Net::settle_last() {
  Graph& graph = builder_.graph();
  const Op& op = graph.ops.back();
  for (int t : op.inputs)
    if (t != kNoTensor && !graph.tensor(t).constant) return;
  int64_t bytes = 0;
  for (int t : op.outputs) {
    auto const size = storage_bytes(graph.tensor(t).dtype, graph.tensor(t).elements());
    if (!size || graph.tensor(t).quantization.present()) return;
    bytes += *size;
  }
  if (bytes > std::min(kMostFolded, budget_) || !check_computable(graph, op)) return;
  auto values = evaluate(graph, op);
  if (!values) return;
  budget_ -= bytes;
  for (size_t i = 0; i < values->size(); ++i) {
    Tensor& result = graph.tensor(op.outputs[i]);
    result.data = SharedBytes(std::move((*values)[i]));
    result.constant = true;
  }
  graph.ops.pop_back();
}

Result<int> Net::add(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::string& name,
                     std::optional<DType> dtype, Quantization quantization) {
  DType const of = dtype ? *dtype : at(inputs.front()).dtype;
  NARROW_TRY(int const out, builder_.infer_op(def, std::move(attributes), std::move(inputs),
                                              {.dtype = of, .name = name, .quantization = std::move(quantization)}));
  settle_last();
  return out;
}

Result<std::vector<int>> Net::add_several(const OpDef& def, Attributes attributes, std::vector<int> inputs,
                                          const std::string& name, std::vector<DType> dtypes) {
  Op op;
  op.def = &def;
  op.type = def.name;
  op.attributes = std::move(attributes);
  op.inputs = std::move(inputs);
  for (size_t i = 0; i < dtypes.size(); ++i)
    op.outputs.push_back(
        builder_.tensor({.dtype = dtypes[i], .name = dtypes.size() == 1 ? name : name + ":" + std::to_string(i)}));
  auto shapes = def.infer(OpView{builder_.graph(), op});
  if (!shapes) return pass(std::move(shapes), def.name);
  if (shapes->size() != dtypes.size())
    return fail(ErrorKind::bad_file, "the node has " + std::to_string(dtypes.size()) + " results instead of " +
                                         std::to_string(shapes->size()));
  for (size_t i = 0; i < dtypes.size(); ++i) builder_.at(op.outputs[i]).shape = (*shapes)[i];
  std::vector<int> out = op.outputs;
  builder_.graph().ops.push_back(std::move(op));
  settle_last();
  return out;
}

Result<int> Net::cast(int tensor, DType to, const std::string& name) {
  DType const from = at(tensor).dtype;
  return from == to ? tensor : add(kCast, CastAttributes{from, to}, {tensor}, name, to);
}

Result<int> Net::reshaped(int tensor, const std::vector<int32_t>& dims, const std::string& name) {
  NARROW_TRY(Shape shape, Shape::make(dims));
  if (at(tensor).constant && shape.elements() == at(tensor).elements()) {
    Tensor t = at(tensor);
    if (t.quantization.per_axis()) {
      int const axis = t.quantization.axis;
      int64_t const before = t.shape.product(0, axis);
      t.quantization.axis = 0;
      while (t.quantization.axis < shape.rank() && shape.product(0, t.quantization.axis) < before)
        ++t.quantization.axis;
      if (t.quantization.axis >= shape.rank() || shape[t.quantization.axis] != t.shape[axis])
        return fail(ErrorKind::unsupported, "a constant with a scale for each channel that becomes " + shape.text());
    }
    t.shape = std::move(shape);
    if (!name.empty()) t.name = name;
    int const out = constant(std::move(t));
    if (int const twin = integers_of(tensor); twin != kNoTensor)
      if (auto const moved = reshaped(twin, dims, name)) keep_integers(out, *moved);
    return out;
  }
  std::string const as = name.empty() ? at(tensor).name + "/reshaped" : name;
  if (auto const first = reshaped_.find(tensor); first != reshaped_.end()) tensor = first->second;
  int const to = builder_.indices(dims);
  Quantization quantization = at(tensor).quantization;
  NARROW_TRY(int const out, add(kReshape, ReshapeAttributes{dims}, {tensor, to}, as, {}, std::move(quantization)));
  reshaped_[out] = tensor;
  return out;
}

Result<int> Net::stored(const Value& v, const Order& order) {
  if (v.order == order) return v.tensor;
  Order permutation;
  for (int d : order) permutation.push_back(place(v.order, d));
  if (auto const done = moved_.find({v.tensor, permutation}); done != moved_.end()) return done->second;
  Tensor const from = at(v);
  int out = kNoTensor;
  if (from.constant && element_bytes(from.dtype) > 0) {
    Tensor t = from;
    t.shape = permuted(from.shape, permutation);
    t.data = weights_.permuted(from, permutation);
    if (from.quantization.per_axis()) t.quantization.axis = place(permutation, from.quantization.axis);
    out = constant(std::move(t));
    if (int const twin = integers_of(v.tensor); twin != kNoTensor) {
      NARROW_TRY(int const moved, stored({twin, v.order}, order));
      keep_integers(out, moved);
    }
  } else if (moves_only_ones(from.shape, permutation)) {
    Shape const shape = permuted(from.shape, permutation);
    NARROW_TRY(out, reshaped(v.tensor, {shape.dims().begin(), shape.dims().end()}, from.name + "/moved"));
  } else {
    int const by = builder_.indices({permutation.begin(), permutation.end()});
    NARROW_TRY(out, add(kTranspose, {}, {v.tensor, by}, from.name + "/transposed", {}, from.quantization));
  }
  return moved_[{v.tensor, permutation}] = out;
}

}  // namespace narrow::onnx
