#include "ops/build/channels_last.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>

#include "base/printable.h"
#include "graph/edit.h"
#include "ops/build/permuted.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"

namespace narrow {
namespace {

constexpr const char* kSuffix = "/channels_first";  // of the name of a tensor as the file has it

using Order = std::vector<int>;  // dimension i of a tensor is dimension order[i] of another

/// Ops that compute each element of their only result from the elements of operands at its place.
constexpr std::string_view kElementwise[] = {"ABS",        "ADD",          "CAST",
                                             "CEIL",       "COS",          "DIV",
                                             "ELU",        "EXP",          "FAKE_QUANT",
                                             "FLOOR",      "GELU",         "GREATER",
                                             "LESS",       "LOG",          "LOGISTIC",
                                             "MAXIMUM",    "MINIMUM",      "MUL",
                                             "HARD_SWISH", "LEAKY_RELU",   "NEG",
                                             "POW",        "PRELU",        "RELU",
                                             "RELU6",      "RELU_N1_TO_1", "ROUND",
                                             "RSQRT",      "SELECT_V2",    "SIN",
                                             "SQRT",       "SQUARE",       "SQUARED_DIFFERENCE",
                                             "SUB",        "TANH"};

bool is_elementwise(const Op& op) {
  return op.def && op.outputs.size() == 1 &&
         std::find(std::begin(kElementwise), std::end(kElementwise), op.def->name) != std::end(kElementwise);
}
bool is_reduction(const Op& op) {
  return op.def == &kMean || op.def == &kSum || op.def == &kReduceMax || op.def == &kReduceMin;
}
bool is_pad(const Op& op) {
  return op.def == &kPad || op.def == &kPadV2 || op.def == &kMirrorPad;
}

Order inverse(const Order& order) {
  Order out(order.size());
  for (size_t i = 0; i < order.size(); ++i) out[static_cast<size_t>(order[i])] = static_cast<int>(i);
  return out;
}

/// Data with channels first as an order of data with channels last.
Order channels_first(int rank) {
  Order out{0, rank - 1};
  for (int d = 1; d < rank - 1; ++d) out.push_back(d);
  return out;
}

std::vector<int32_t> permuted_list(const std::vector<int32_t>& list, const Order& order) {
  std::vector<int32_t> out;
  for (int const d : order) out.push_back(list[static_cast<size_t>(d)]);
  return out;
}

/// A tensor that is another one with its dimensions in another order.
struct View {
  int base = kNoTensor;
  Order order;
  bool of_layout = false;  // the order is that of the file; others are what the network computes
};

class Mover {
 public:
  Mover(Model& model, const LayoutChanges& changes, bool keep, std::vector<std::string>& notes)
      : model_(model), graph_(model.main()), changes_(changes), keep_(keep), notes_(notes) {}

  void run() {
    std::vector<Op> const ops = std::move(graph_.ops);
    graph_.ops = {};
    if (!keep_) move_inputs(ops);
    for (const Op& op : ops) move(op);
    move_outputs();
  }

 private:
  /// Inputs that reach a layer by ops that keep their dimensions get channels last.
  void move_inputs(const std::vector<Op>& ops) {
    for (int const x : graph_.inputs) {
      int const rank = graph_.tensor(x).shape.rank();
      if (rank < 3 || rank > 5 || !reaches_layer(ops, x)) continue;
      Order const first = channels_first(rank);
      Tensor as_in_file = computed_like(graph_.tensor(x));
      as_in_file.shape_signature = graph_.tensor(x).shape_signature;
      as_in_file.name += kSuffix;
      int const inside = add_tensor(graph_, std::move(as_in_file));
      give_order(graph_.tensor(x), inverse(first));
      notes_.push_back("input '" + readable(graph_.tensor(x).name) + "' takes channels last, " +
                       graph_.tensor(x).shape.text() +
                       "; the file has them before height and width, which `keep_layout` keeps");
      renamed_[x] = inside;
      transpose(x, first, inside, true);
    }
  }

  bool reaches_layer(const std::vector<Op>& ops, int input) const {
    std::set<int> reached{input};
    for (const Op& op : ops) {
      if (std::none_of(op.inputs.begin(), op.inputs.end(), [&](int t) { return reached.contains(t); })) continue;
      if (changes_.to_last.contains(op.outputs[0]) && reached.contains(op.inputs[0])) return true;
      if (is_elementwise(op) || is_pad(op) || op.def == &kConcatenation) reached.insert(op.outputs[0]);
    }
    return false;
  }

  static void give_order(Tensor& tensor, const Order& order) {
    tensor.shape = permuted(tensor.shape, order);
    if (tensor.shape_signature.size() == order.size())
      tensor.shape_signature = permuted_list(tensor.shape_signature, order);
  }

  int indices(const Shape& shape, const std::vector<int32_t>& values, const std::string& name) {
    Tensor t;
    t.name = name;
    t.dtype = DType::int32;
    t.shape = shape;
    t.data = SharedBytes::copy_of(std::span<const int32_t>(values));
    t.constant = true;
    return add_tensor(graph_, std::move(t));
  }
  int list(const std::vector<int32_t>& values, const std::string& name) {
    return indices(Shape::of({static_cast<int32_t>(values.size())}), values, name);
  }

  /// Adds the op that makes `to` of `from`; it goes away where nobody reads `to`.
  void transpose(int from, const Order& order, int to, bool of_layout) {
    Op op;
    op.def = &kTranspose;
    op.type = kTranspose.name;
    op.inputs = {from, list({order.begin(), order.end()}, graph_.tensor(to).name + "/order")};
    op.outputs = {to};
    graph_.ops.push_back(std::move(op));
    views_[to] = {from, order, of_layout};
  }

  bool is_input(int tensor) const {
    return std::find(graph_.inputs.begin(), graph_.inputs.end(), tensor) != graph_.inputs.end();
  }

  const View* view(int tensor) const {
    auto const at = views_.find(tensor);
    return at == views_.end() ? nullptr : &at->second;
  }

  /// The values of a constant list of integers, or nothing.
  std::optional<std::vector<int32_t>> constants(int tensor) const {
    const Tensor& t = graph_.tensor(tensor);
    if (!t.constant || t.dtype != DType::int32 || t.data.size() != static_cast<size_t>(t.elements()) * sizeof(int32_t))
      return std::nullopt;
    std::vector<int32_t> out(static_cast<size_t>(t.elements()));
    if (!out.empty()) std::memcpy(out.data(), t.data.data(), t.data.size());
    return out;
  }

  /// A constant operand in the order of the base; kNoTensor where that cannot be.
  int constant_in(int tensor, const Order& order) {
    const Tensor& t = graph_.tensor(tensor);
    if (!t.constant || t.data.empty() || t.shape.rank() > static_cast<int>(order.size()) ||
        !t.quantization.scales.empty())
      return kNoTensor;
    if (t.elements() == 1) return tensor;
    std::vector<int32_t> dims(order.size() - static_cast<size_t>(t.shape.rank()), 1);
    dims.insert(dims.end(), t.shape.dims().begin(), t.shape.dims().end());
    auto const shape = Shape::make(dims);
    if (!shape) return kNoTensor;
    Order const back = inverse(order);
    Tensor out = computed_like(t);
    out.constant = true;
    out.name += "/channels_last";
    out.data = permuted(t.data.bytes(), element_bytes(t.dtype), *shape, back);
    std::vector<int32_t> turned = permuted_list(dims, back);
    while (turned.size() > 1 && turned.front() == 1) turned.erase(turned.begin());
    out.shape = *Shape::make(turned);
    return add_tensor(graph_, std::move(out));
  }

  /// Adds `op`, whose result is that of the file in the order of `base`, and the op that turns it back.
  void push(Op op, const View& base) {
    int const given = op.outputs[0];
    Tensor inside = computed_like(graph_.tensor(given));
    inside.shape_signature = graph_.tensor(given).shape_signature;
    give_order(inside, inverse(base.order));
    graph_.tensor(given).name += kSuffix;
    op.outputs = {add_tensor(graph_, std::move(inside))};
    int const result = op.outputs[0];
    graph_.ops.push_back(std::move(op));
    transpose(result, base.order, given, base.of_layout);
  }

  void move(const Op& original) {
    Op op = original;
    for (int& t : op.inputs)
      if (auto const at = renamed_.find(t); at != renamed_.end()) t = at->second;
    if (op.outputs.empty() || (op.def == &kTranspose && move_transpose(op))) {
      if (op.outputs.empty()) graph_.ops.push_back(std::move(op));
      return;
    }
    const View* base = nullptr;
    for (int const t : op.inputs)
      if (!base && t != kNoTensor) base = view(t);
    if (base && base->order.size() == static_cast<size_t>(graph_.tensor(op.outputs[0]).shape.rank())) {
      View kept = *base;
      bool const moved = is_elementwise(op)          ? with_operands(op, kept, true)
                         : op.def == &kConcatenation ? with_operands(op, kept, false) && with_axis(op, kept)
                         : is_pad(op)                ? with_pads(op, kept)
                         : is_reduction(op)          ? with_axes(op, kept)
                                                     : false;
      if (moved) {
        push(std::move(op), kept);
        return;
      }
    } else if (base && is_reduction(op)) {
      View const kept = *base;
      std::vector<int> left;
      if (with_axes(op, kept, &left) && std::is_sorted(left.begin(), left.end())) {
        graph_.ops.push_back(std::move(op));
        return;
      }
      op.inputs = original.inputs;
      for (int& t : op.inputs)
        if (auto const at = renamed_.find(t); at != renamed_.end()) t = at->second;
    }
    graph_.ops.push_back(std::move(op));
  }

  /// True where the op is dealt with: it is left out, or joined with the one before it.
  bool move_transpose(const Op& op) {
    auto const listed = constants(op.inputs[1]);
    if (!listed || listed->size() != static_cast<size_t>(graph_.tensor(op.inputs[0]).shape.rank())) return false;
    Order order(listed->begin(), listed->end());
    int base = op.inputs[0];
    bool const first = changes_.to_first.contains(op.outputs[0]);
    if (const View* const before = view(base)) {
      for (int& d : order) d = before->order[static_cast<size_t>(d)];
      base = before->base;
    }
    if (std::is_sorted(order.begin(), order.end())) {
      renamed_[op.outputs[0]] = base;
      return true;
    }
    // A layer's result has the layer's name in whichever order it is wanted.
    std::string& inside = graph_.tensor(base).name;
    std::string& outside = graph_.tensor(op.outputs[0]).name;
    if (first && !is_input(base) && outside != inside + kSuffix) std::swap(inside, outside);
    bool const of_layout = first && order == channels_first(static_cast<int>(order.size()));
    transpose(base, order, op.outputs[0], of_layout);
    return true;
  }

  /// Takes the operands of an op from views of one order; constants may be among them.
  bool with_operands(Op& op, View& base, bool constants_too) {
    std::vector<int> operands;
    for (int const t : op.inputs) {
      const View* const v = t == kNoTensor ? nullptr : view(t);
      if (v && v->order != base.order) return false;
      if (v) base.of_layout = base.of_layout && v->of_layout;
      int const in = v ? v->base : constants_too && t != kNoTensor ? constant_in(t, base.order) : kNoTensor;
      if (in == kNoTensor) return false;
      operands.push_back(in);
    }
    op.inputs = std::move(operands);
    return true;
  }

  static bool with_axis(Op& op, const View& base) {
    ConcatenationAttributes a = op.attributes.get<ConcatenationAttributes>();
    auto const axis = Axis::resolve(a.axis, static_cast<int>(base.order.size()));
    if (!axis) return false;
    a.axis = base.order[static_cast<size_t>(axis->index())];
    op.attributes = a;
    return true;
  }

  bool with_pads(Op& op, const View& base) {
    auto const pads = constants(op.inputs[1]);
    size_t const rank = base.order.size();
    if (!pads || pads->size() != 2 * rank || !view(op.inputs[0])) return false;
    std::vector<int32_t> turned(2 * rank);
    for (size_t i = 0; i < rank; ++i)
      for (size_t side = 0; side < 2; ++side)
        turned[2 * static_cast<size_t>(base.order[i]) + side] = (*pads)[2 * i + side];
    op.inputs[0] = base.base;
    op.inputs[1] = indices(graph_.tensor(op.inputs[1]).shape, turned, graph_.tensor(op.inputs[1]).name);
    return true;
  }

  /// `left`: the dimensions of the base that are not reduced, in the order of the file.
  bool with_axes(Op& op, const View& base, std::vector<int>* left = nullptr) {
    auto const axes = constants(op.inputs[1]);
    const View* const data = view(op.inputs[0]);
    if (!axes || !data || data->base != base.base) return false;
    int const rank = static_cast<int>(base.order.size());
    std::vector<int32_t> turned;
    for (int32_t const a : *axes) {
      auto const axis = Axis::resolve(a, rank);
      if (!axis) return false;
      turned.push_back(base.order[static_cast<size_t>(axis->index())]);
    }
    std::sort(turned.begin(), turned.end());
    for (int const d : base.order)
      if (left && std::find(turned.begin(), turned.end(), d) == turned.end()) left->push_back(d);
    op.inputs[0] = base.base;
    op.inputs[1] = indices(graph_.tensor(op.inputs[1]).shape, turned, graph_.tensor(op.inputs[1]).name);
    return true;
  }

  void move_outputs() {
    for (int& output : graph_.outputs) {
      int const given = output;
      if (auto const at = renamed_.find(output); at != renamed_.end()) output = at->second;
      if (const View* const v = view(output)) {
        Tensor& base = graph_.tensor(v->base);
        Tensor& seen = graph_.tensor(output);
        bool const own_name = !is_input(v->base);
        if (!keep_ && v->of_layout && own_name) {
          output = v->base;
          notes_.push_back("output '" + readable(base.name) + "' has channels last, " + base.shape.text() +
                           "; the file has them before height and width, which `keep_layout` keeps");
        } else if (own_name && (v->of_layout || seen.name == base.name + kSuffix)) {
          std::swap(base.name, seen.name);
        }
      }
      if (output != given) rebind_signatures(model_, 0, &Signature::outputs, given, output);
    }
  }

  Model& model_;
  Graph& graph_;
  const LayoutChanges& changes_;
  bool keep_;
  std::vector<std::string>& notes_;
  std::map<int, View> views_;
  std::map<int, int> renamed_;  // what is read in the place of a tensor
};

}  // namespace

void move_channels_last(Model& model, const LayoutChanges& changes, bool keep_layout, std::vector<std::string>& notes) {
  if (changes.to_last.empty() && changes.to_first.empty()) return;
  Mover(model, changes, keep_layout, notes).run();
}

}  // namespace narrow
