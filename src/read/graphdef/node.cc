#include "read/graphdef/node.h"

#include <algorithm>

#include "graph/attribute_type.h"
#include "ops/build/fake_quant_range.h"
#include "ops/build/free_signature.h"
#include "ops/build/permuted.h"
#include "ops/conversions/conversions.h"
#include "ops/layout/layout.h"

namespace narrow::graphdef {

const tf_format::AttrValue* Node::attribute(const char* name) const {
  auto const at = def_.attr().find(name);
  return at == def_.attr().end() ? nullptr : &at->second;
}
int64_t Node::integer(const char* name, int64_t otherwise) const {
  const auto* const a = attribute(name);
  return a && a->has_i() ? a->i() : otherwise;
}
float Node::real(const char* name, float otherwise) const {
  const auto* const a = attribute(name);
  return a && a->has_f() ? a->f() : otherwise;
}
bool Node::flag(const char* name, bool otherwise) const {
  const auto* const a = attribute(name);
  return a && a->has_b() ? a->b() : otherwise;
}
std::string Node::text(const char* name, const char* otherwise) const {
  const auto* const a = attribute(name);
  return a && a->has_s() ? a->s() : otherwise;
}
std::string Node::function(const char* name) const {
  const auto* const a = attribute(name);
  return a && a->has_func() ? a->func().name() : "";
}
std::vector<int64_t> Node::list(const char* name) const {
  const auto* const a = attribute(name);
  if (!a || !a->has_list()) return {};
  return {a->list().i().begin(), a->list().i().end()};
}
Result<DType> Node::dtype(const char* name, DType otherwise) const {
  const auto* const a = attribute(name);
  if (!a || a->value_case() != tf_format::AttrValue::kType) return otherwise;
  NARROW_TRY(DType const stored, dtype_of_number(a->type()));
  return computed_dtype(stored);
}

Result<Value> Node::value(size_t i) const {
  if (i >= operands_.size())
    return fail(ErrorKind::bad_file, "the node has " + std::to_string(operands_.size()) + " operands; it needs more");
  return operands_[i];
}
Result<int> Node::tensor(size_t i) {
  NARROW_TRY(Value const v, value(i));
  return place(v);
}
Result<ConstantPtr> Node::constant(size_t i) const {
  NARROW_TRY(Value const v, value(i));
  if (v.known()) return v.constant;
  return fail(ErrorKind::unsupported, "operand " + std::to_string(i) + " is computed; narrow needs a constant there",
              "", kCutRemedy);
}
Result<std::vector<int64_t>> Node::integers(size_t i) const {
  NARROW_TRY(ConstantPtr const c, constant(i));
  return integers_of(*c);
}
Result<int64_t> Node::one_integer(size_t i) const {
  NARROW_TRY(std::vector<int64_t> const all, integers(i));
  if (all.size() != 1)
    return fail(ErrorKind::bad_file,
                "operand " + std::to_string(i) + " has " + std::to_string(all.size()) + " elements instead of one");
  return all.front();
}
Result<std::vector<float>> Node::reals(size_t i) const {
  NARROW_TRY(ConstantPtr const c, constant(i));
  if (c->dtype != DType::float32)
    return fail(ErrorKind::unsupported, "operand " + std::to_string(i) + " has type " + to_string(c->dtype));
  NARROW_TRY(Constant const rounded, rounded_to_range(*c));
  auto const v = rounded.values<float>();
  return std::vector<float>(v.begin(), v.end());
}
Result<Shape> Node::shape(size_t i) const {
  NARROW_TRY(Value const v, value(i));
  if (v.constant) return v.constant->shape;
  if (v.tensor != kNoTensor) return reading_.builder.shape(v.tensor);
  return fail(ErrorKind::unsupported, "operand " + std::to_string(i) + " has no shape: it is no tensor");
}

Result<int> Node::place(const Value& v) {
  if (v.tensor != kNoTensor) return v.tensor;
  if (v.constant) return place(v.constant, {}, v.constant->shape);
  if (v.random) return fail(ErrorKind::unsupported, "the node computes with random numbers", "", kCutRemedy);
  if (v.list) return fail(ErrorKind::unsupported, "the node reads a list of tensors as a tensor");
  return fail(ErrorKind::unsupported, "the node reads a variable that has no value", "",
              "freeze the graph, so that variables are constants");
}

Result<int> Node::place(const ConstantPtr& constant, const std::vector<int>& order, const Shape& shape) {
  auto const key = std::tuple(constant.get(), order, std::vector<int32_t>(shape.dims().begin(), shape.dims().end()));
  if (auto const at = reading_.placed.find(key); at != reading_.placed.end()) return at->second;
  const Constant& c = *constant;
  if (c.data.empty()) return fail(ErrorKind::unsupported, "the node reads a constant without elements");
  bool const each = c.range && c.range->per_channel();
  Constant held = c;
  if (each) {
    NARROW_TRY(held, rounded_to_range(c));
  }
  SharedBytes const data =
      order.empty() ? held.data : permuted(held.data.bytes(), element_bytes(c.dtype), c.shape, order);
  std::string const base = c.name.empty() ? name() + "/constant" : c.name;
  int placed = builder().tensor({.dtype = c.dtype, .shape = shape, .name = reading_.names.take(base)});
  builder().at(placed).constant = true;
  builder().at(placed).data = data;
  if (c.range) {
    NARROW_TRY(placed, add_range(builder(), placed, *c.range,
                                 {each ? reading_.names.take(name() + "/stored") : "",
                                  reading_.names.take(name() + "/weights")}));
  }
  reading_.placed.emplace(key, placed);
  reading_.kept.push_back(constant);
  return placed;
}

Result<std::vector<int>> Node::add_all(const OpDef& def, Attributes attributes, std::vector<int> inputs,
                                       const std::vector<DType>& dtypes, const std::string& part) {
  if (attributes.empty() && def.attributes) attributes = def.attributes->make();
  reading_.steps += static_cast<int64_t>(dtypes.size());  // tensors are bounded as nodes are
  Op op;
  op.def = &def;
  op.type = def.name;
  op.attributes = std::move(attributes);
  op.inputs = std::move(inputs);
  op.outputs.assign(dtypes.size(), kNoTensor);  // some ops check how many there are
  auto const shapes = def.infer(OpView{builder().graph(), op});
  if (!shapes) return tl::unexpected<Error>(shapes.error());
  if (shapes->size() != dtypes.size())
    return fail(ErrorKind::bad_file, "the node gives " + std::to_string(shapes->size()) + " results instead of " +
                                         std::to_string(dtypes.size()));
  auto const free = free_signatures(builder().graph(), op, *shapes, reading_.free);
  op.outputs.clear();
  for (size_t i = 0; i < shapes->size(); ++i) {
    std::string const base = name() + part + (i == 0 ? "" : ":" + std::to_string(i));
    int const t = builder().tensor({.dtype = dtypes[i], .shape = (*shapes)[i], .name = reading_.names.take(base)});
    builder().at(t).shape_signature = free[i];
    op.outputs.push_back(t);
  }
  builder().op(def, op.attributes, op.inputs, op.outputs);
  return op.outputs;
}

Result<int> Node::add(const OpDef& def, Attributes attributes, std::vector<int> inputs, DType dtype,
                      const std::string& part) {
  NARROW_TRY(std::vector<int> const out, add_all(def, std::move(attributes), std::move(inputs), {dtype}, part));
  return out[0];
}

Result<int> Node::add(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::string& part) {
  DType const dtype = builder().at(inputs.at(0)).dtype;
  return add(def, std::move(attributes), std::move(inputs), dtype, part);
}

bool Node::channels_first() const {
  return text("data_format", "NHWC").starts_with("NC");
}

namespace {

/// Where the channels of data of that rank go: to the end, or behind the first dimension.
std::vector<int32_t> order_of(int rank, bool to_last) {
  std::vector<int32_t> order{0};
  if (!to_last) order.push_back(rank - 1);
  for (int d = to_last ? 2 : 1; d < (to_last ? rank : rank - 1); ++d) order.push_back(d);
  if (to_last) order.push_back(1);
  return order;
}

}  // namespace

Result<int> Node::to_channels_last(int t) {
  if (auto const at = reading_.channels_last.find(t); at != reading_.channels_last.end()) return at->second;
  int const rank = builder().shape(t).rank();
  if (rank < 3)
    return fail(ErrorKind::bad_file, "data with channels first has " + std::to_string(rank) + " dimensions");
  NARROW_TRY(int const out, add(kTranspose, {}, {t, builder().indices(order_of(rank, true))}, "/channels_last"));
  reading_.channels_last.emplace(t, out);
  reading_.layout.to_last.insert(out);
  return out;
}
Result<int> Node::to_channels_first(int t) {
  int const rank = builder().shape(t).rank();
  NARROW_TRY(int const out, add(kTranspose, {}, {t, builder().indices(order_of(rank, false))}, "/channels_first"));
  reading_.channels_last.emplace(out, t);
  reading_.layout.to_first.insert(out);
  return out;
}

}  // namespace narrow::graphdef
