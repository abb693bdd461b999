#include "read/onnx/node.h"

#include <algorithm>

#include "base/printable.h"

namespace narrow::onnx {

tl::unexpected<Error> not_here(const std::string& what) {
  return fail(ErrorKind::unsupported, what + " cannot be read");
}

std::string Node::name(size_t i) const {
  return (i < outputs() ? proto_.output(static_cast<int>(i)) : proto_.name()) + more_;
}

const onnx_format::AttributeProto* Node::find(const char* name) {
  read_.insert(name);
  for (const auto& a : proto_.attribute())
    if (a.name() == name) return &a;
  return nullptr;
}

bool Node::has_attribute(const char* name) {
  return find(name) != nullptr;
}
int64_t Node::integer(const char* name, int64_t otherwise) {
  const auto* a = find(name);
  return a ? a->i() : otherwise;
}
float Node::real(const char* name, float otherwise) {
  const auto* a = find(name);
  return a ? a->f() : otherwise;
}
std::string Node::text(const char* name, const char* otherwise) {
  const auto* a = find(name);
  return a ? a->s() : otherwise;
}
std::vector<int64_t> Node::integers(const char* name, std::vector<int64_t> otherwise) {
  const auto* a = find(name);
  return a ? std::vector<int64_t>(a->ints().begin(), a->ints().end()) : otherwise;
}
std::vector<float> Node::reals(const char* name) {
  const auto* a = find(name);
  return a ? std::vector<float>(a->floats().begin(), a->floats().end()) : std::vector<float>{};
}
std::vector<std::string> Node::texts(const char* name) {
  const auto* a = find(name);
  return a ? std::vector<std::string>(a->strings().begin(), a->strings().end()) : std::vector<std::string>{};
}
const onnx_format::TensorProto* Node::constant(const char* name) {
  const auto* a = find(name);
  return a && a->has_t() ? &a->t() : nullptr;
}

const onnx_format::GraphProto* Node::graph(const char* name) {
  const auto* a = find(name);
  return a && a->has_g() ? &a->g() : nullptr;
}

Result<std::vector<int64_t>> Node::known(size_t i, const char* what) const {
  NARROW_TRY(int const at, net.plain_tensor(in(i)));
  const Tensor& t = net.at(at);
  if (!t.constant) return not_here(std::string(what) + " that are computed from data");
  if (t.dtype == DType::int64) return std::vector<int64_t>(t.values<int64_t>().begin(), t.values<int64_t>().end());
  if (t.dtype == DType::int32) return std::vector<int64_t>(t.values<int32_t>().begin(), t.values<int32_t>().end());
  if (t.dtype == DType::int16) return std::vector<int64_t>(t.values<int16_t>().begin(), t.values<int16_t>().end());
  if (t.dtype == DType::int8) return std::vector<int64_t>(t.values<int8_t>().begin(), t.values<int8_t>().end());
  return fail(ErrorKind::bad_file, std::string(what) + " of type " + to_string(t.dtype) + " are not integers");
}

Result<std::vector<float>> Node::known_reals(size_t i, const char* what) const {
  NARROW_TRY(int const at, net.plain_tensor(in(i)));
  const Tensor& t = net.at(at);
  if (!t.constant || t.quantization.present()) return not_here(std::string(what) + " that are computed from data");
  if (t.dtype != DType::float32) return not_here(std::string(what) + " of type " + to_string(t.dtype));
  return std::vector<float>(t.values<float>().begin(), t.values<float>().end());
}

Result<std::vector<int64_t>> Node::from_either(size_t i, const char* attribute, bool& given) {
  given = true;
  if (has(i)) return known(i, attribute);
  given = has_attribute(attribute);
  return integers(attribute);
}

Result<int> Node::axis(int64_t axis, int rank) const {
  NARROW_TRY(Axis const at, Axis::resolve(axis, rank));
  return at.index();
}

Status Node::give(const Value& v, size_t i) {
  if (i < results_.size()) results_[i] = v;
  return {};
}
Status Node::give(Result<int> tensor, const Order& order) {
  if (!tensor) return pass(std::move(tensor));
  return give(Value{*tensor, order});
}
Status Node::give_plain(Result<int> tensor) {
  if (!tensor) return pass(std::move(tensor));
  return give_plain(*tensor);
}

std::string Node::unread_attribute() const {
  for (const auto& a : proto_.attribute())
    if (!read_.contains(a.name())) return a.name();
  return {};
}

Result<Aligned> align(Node& n, size_t count) {
  int rank = 0;
  for (size_t i = 0; i < count; ++i) rank = std::max(rank, n.net.rank(n.in(i)));
  Aligned out{{}, plain(rank)};
  for (size_t i = count; i-- > 0;)
    if (n.net.rank(n.in(i)) == rank && !n.tensor(i).constant) out.order = n.in(i).order;
  for (size_t i = 0; i < count; ++i) {
    const Value& v = n.in(i);
    int t = v.tensor;
    if (n.net.rank(v) == rank) {
      NARROW_TRY(t, n.net.stored(v, out.order));
    } else if (out.order == plain(rank) || n.tensor(i).elements() == 1) {
      NARROW_TRY(t, n.net.plain_tensor(v));
    } else {
      NARROW_TRY(t, n.net.plain_tensor(v));
      NARROW_TRY(t, n.net.reshaped(t, n.net.at(t).shape.padded_to(rank), ""));
      NARROW_TRY(t, n.net.stored({t, plain(rank)}, out.order));
    }
    out.tensors.push_back(t);
  }
  return out;
}

}  // namespace narrow::onnx
