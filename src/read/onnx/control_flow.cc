#include "read/onnx/control_flow.h"

#include <algorithm>
#include <limits>

#include "ops/arithmetic/arithmetic.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/layout.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

using onnx_format::GraphProto;

Result<const GraphProto*> body_of(Node& n, const char* name) {
  if (const GraphProto* const g = n.graph(name)) return g;
  return fail(ErrorKind::bad_file, std::string("attribute `") + name + "` is no graph");
}

/// A condition that is known.
Result<bool> truth(const Net& net, const Value& v) {
  const Tensor& t = net.at(v);
  if (t.dtype != DType::boolean || t.elements() != 1) return fail(ErrorKind::bad_file, "a condition is not one bool");
  if (!t.constant) return not_here("loops whose length is computed from data");
  return t.data.data()[0] != std::byte{0};
}

/// The values of all steps along a new dimension.
Result<Value> stacked(Node& n, const std::vector<Value>& steps, int axis, bool backwards, const std::string& name) {
  std::vector<int> parts;
  for (const Value& v : steps) {
    NARROW_TRY(int const part, n.net.plain_tensor(v));
    parts.push_back(part);
  }
  if (backwards) std::reverse(parts.begin(), parts.end());
  NARROW_TRY(int const out, n.net.add(kPack, PackAttributes{static_cast<int>(parts.size()), axis}, parts, name));
  return Value{out, plain(n.net.at(out).shape.rank())};
}

Status read_if(Node& n, BodyReader& bodies) {
  NARROW_TRY(const GraphProto* const then, body_of(n, "then_branch"));
  NARROW_TRY(const GraphProto* const otherwise, body_of(n, "else_branch"));
  const Tensor& condition = n.tensor(0);
  if (condition.constant) {
    NARROW_TRY(bool const holds, truth(n.net, n.in(0)));
    NARROW_TRY(std::vector<Value> const out, bodies.read_body(holds ? *then : *otherwise, {}, ""));
    if (out.size() < n.outputs()) return fail(ErrorKind::bad_file, "a branch has too few results");
    for (size_t i = 0; i < n.outputs(); ++i) NARROW_CHECK(n.give(out[i], i));
    return {};
  }
  NARROW_TRY(int const which, n.net.reshaped(n.in(0).tensor, {}, ""));
  NARROW_TRY(std::vector<Value> const a, bodies.read_body(*then, {}, "/then"));
  NARROW_TRY(std::vector<Value> const b, bodies.read_body(*otherwise, {}, "/else"));
  for (size_t i = 0; i < n.outputs(); ++i) {
    if (i >= a.size() || i >= b.size()) return fail(ErrorKind::bad_file, "a branch has too few results");
    if (n.net.shape(a[i]) != n.net.shape(b[i]) || n.net.at(a[i]).dtype != n.net.at(b[i]).dtype)
      return not_here("branches whose results have different shapes");
    NARROW_TRY(int const other, n.net.stored(b[i], a[i].order));
    NARROW_TRY(int const out, n.net.add(kSelectV2, {}, {which, a[i].tensor, other}, n.name(i), n.net.at(other).dtype));
    NARROW_CHECK(n.give({out, a[i].order}, i));
  }
  return {};
}

/// Operands: the most steps, whether to begin, values that steps change. The body takes the number of the step too, and
/// gives whether to go on, the changed values, and values that all steps' results list.
Status read_loop(Node& n, BodyReader& bodies) {
  NARROW_TRY(const GraphProto* const body, body_of(n, "body"));
  int64_t most = std::numeric_limits<int64_t>::max();
  if (n.has(0)) {
    NARROW_TRY(std::vector<int64_t> const count, n.known(0, "numbers of steps"));
    if (count.size() != 1) return fail(ErrorKind::bad_file, "the number of steps is not one number");
    most = count[0];
  }
  bool go_on = true;
  if (n.has(1)) {
    NARROW_TRY(go_on, truth(n.net, n.in(1)));
  }
  size_t const carried = n.inputs() > 2 ? n.inputs() - 2 : 0;
  std::vector<Value> state;
  for (size_t i = 0; i < carried; ++i) state.push_back(n.in(i + 2));
  if (n.outputs() < carried) return fail(ErrorKind::bad_file, "the loop has fewer results than values");
  std::vector<std::vector<Value>> lists(n.outputs() - carried);
  for (int64_t step = 0; go_on && step < most; ++step) {
    std::vector<Value> given;
    NARROW_TRY(int const number, n.net.number(DType::int64, static_cast<double>(step)));
    NARROW_TRY(int const yes, n.net.number(DType::boolean, 1));
    given.push_back({number, {}});
    given.push_back({yes, {}});
    given.insert(given.end(), state.begin(), state.end());
    NARROW_TRY(std::vector<Value> const out, bodies.read_body(*body, given, "/" + std::to_string(step)));
    if (out.size() != 1 + n.outputs()) return fail(ErrorKind::bad_file, "the body has another number of results");
    NARROW_TRY(go_on, truth(n.net, out[0]));
    state.assign(out.begin() + 1, out.begin() + 1 + static_cast<std::ptrdiff_t>(carried));
    for (size_t i = 0; i < lists.size(); ++i) lists[i].push_back(out[1 + carried + i]);
  }
  for (size_t i = 0; i < carried; ++i) NARROW_CHECK(n.give(state[i], i));
  for (size_t i = 0; i < lists.size(); ++i) {
    if (!n.wants(carried + i)) continue;
    if (lists[i].empty()) return not_here("lists of a loop without steps");
    NARROW_TRY(Value const v, stacked(n, lists[i], 0, false, n.name(carried + i)));
    NARROW_CHECK(n.give(v, carried + i));
  }
  return {};
}

/// One step for each index along an axis of the last operands.
Status read_scan(Node& n, BodyReader& bodies) {
  if (n.opset < 9) return not_here("Scan of operator set 8");
  NARROW_TRY(const GraphProto* const body, body_of(n, "body"));
  int64_t const count = n.integer("num_scan_inputs", 0);
  if (count < 1 || count > static_cast<int64_t>(n.inputs()))
    return fail(ErrorKind::bad_file, "`num_scan_inputs` is " + std::to_string(count));
  auto const lists = static_cast<size_t>(count);
  size_t const carried = n.inputs() - lists;
  if (n.outputs() < carried) return fail(ErrorKind::bad_file, "the scan has fewer results than values");
  size_t const made = n.outputs() - carried;
  auto const in_axes = n.integers("scan_input_axes", std::vector<int64_t>(lists, 0));
  auto const in_back = n.integers("scan_input_directions", std::vector<int64_t>(lists, 0));
  auto const out_axes = n.integers("scan_output_axes", std::vector<int64_t>(made, 0));
  auto const out_back = n.integers("scan_output_directions", std::vector<int64_t>(made, 0));
  if (in_axes.size() != lists || in_back.size() != lists || out_axes.size() != made || out_back.size() != made)
    return fail(ErrorKind::bad_file, "axes or directions are not one for each list");
  std::vector<Value> state;
  for (size_t i = 0; i < carried; ++i) state.push_back(n.in(i));
  std::vector<int> axes, data;
  for (size_t i = 0; i < lists; ++i) {
    NARROW_TRY(int const axis, n.axis(in_axes[i], n.shape(carried + i).rank()));
    NARROW_TRY(int const x, n.net.plain_tensor(n.in(carried + i)));
    axes.push_back(axis);
    data.push_back(x);
  }
  int const steps = n.net.at(data[0]).shape[axes[0]];
  std::vector<std::vector<Value>> results(made);
  for (int step = 0; step < steps; ++step) {
    std::vector<Value> given = state;
    for (size_t i = 0; i < lists; ++i) {
      int const at = n.net.positions({}, {in_back[i] != 0 ? steps - 1 - step : step});
      NARROW_TRY(int const part, n.net.add(kGather, GatherAttributes{axes[i], 0}, {data[i], at},
                                           n.name() + "/in" + std::to_string(i) + "/" + std::to_string(step)));
      given.push_back({part, plain(n.net.at(part).shape.rank())});
    }
    NARROW_TRY(std::vector<Value> const out, bodies.read_body(*body, given, "/" + std::to_string(step)));
    if (out.size() != n.outputs()) return fail(ErrorKind::bad_file, "the body has another number of results");
    state.assign(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(carried));
    for (size_t i = 0; i < made; ++i) results[i].push_back(out[carried + i]);
  }
  for (size_t i = 0; i < carried; ++i) NARROW_CHECK(n.give(state[i], i));
  for (size_t i = 0; i < made; ++i) {
    if (!n.wants(carried + i)) continue;
    if (results[i].empty()) return not_here("lists of a scan without steps");
    NARROW_TRY(int const axis, n.axis(out_axes[i], n.net.rank(results[i][0]) + 1));
    NARROW_TRY(Value const v, stacked(n, results[i], axis, out_back[i] != 0, n.name(carried + i)));
    NARROW_CHECK(n.give(v, carried + i));
  }
  return {};
}

constexpr OpRow kRowsControl[] = {
    {"If", nullptr, 1, 1}, {"Loop", nullptr, 0, kAnyInputs}, {"Scan", nullptr, 1, kAnyInputs}};

}  // namespace

Status read_control_flow(Node& n, BodyReader& bodies) {
  std::string_view const type = n.row.type;
  return type == "If" ? read_if(n, bodies) : type == "Loop" ? read_loop(n, bodies) : read_scan(n, bodies);
}

std::span<const OpRow> control_rows() {
  return kRowsControl;
}

}  // namespace narrow::onnx
