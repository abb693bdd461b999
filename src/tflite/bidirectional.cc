#include "tflite/bidirectional.h"

#include <algorithm>
#include <array>
#include <optional>

#include "graph/edit.h"
#include "ops/layout/layout.h"
#include "ops/recurrent/recurrent.h"
#include "tflite/enums.h"
#include "tflite/passthrough.h"

namespace narrow {
namespace {

/// An op with two directions as the format has it.
struct Directions {
  const OpDef* def = nullptr;      // of one direction
  Attributes attributes{};         // likewise
  std::vector<int> operands[2]{};  // likewise, the data left out
  size_t recurrent[2]{};           // operand whose last dimension is that of the result
  size_t auxiliary = 0;            // operand: data of its own for the second direction
  bool merged = false, time_major = false;
};

/// The operands [first, last) of an op, kNoTensor in the places of those that it leaves out at the end.
std::vector<int> operands_of(const Op& op, size_t first, size_t last) {
  std::vector<int> out;
  for (size_t i = first; i < last; ++i) out.push_back(i < op.inputs.size() ? op.inputs[i] : kNoTensor);
  return out;
}

bool has_any(const Op& op, size_t first, size_t last) {
  std::vector<int> const list = operands_of(op, first, last);
  return std::any_of(list.begin(), list.end(), [](int t) { return t != kNoTensor; });
}

/// The options of an op, and the activation that they name; nothing where they are another op's or say nothing known.
template <class Options>
std::optional<std::pair<Options, Activation>> options_of(const Op& op,
                                                         const Options* (format::BuiltinOptionsUnion::*as)() const) {
  auto const* kept = dynamic_cast<const PassthroughOp*>(op.passthrough.get());
  if (!kept) return std::nullopt;
  format::OperatorT const table = kept->table.unpack();
  const Options* const options = (table.builtin_options.*as)();
  if (!options) return std::nullopt;
  auto const activation = from_format<Activation>(options->fused_activation_function);
  if (!activation) return std::nullopt;
  return std::pair(*options, *activation);
}

/// The 17 operands of a direction of an LSTM that begin at `first`, and its states.
std::vector<int> lstm_operands(const Op& op, size_t first, size_t states) {
  std::vector<int> out = operands_of(op, first, first + 17);
  std::vector<int> const kept = operands_of(op, states, states + 2);
  out.insert(out.end(), kept.begin(), kept.end());
  out.resize(23, kNoTensor);  // without layer normalization
  return out;
}

std::optional<Directions> lstm_directions(const Op& op) {
  constexpr size_t kForward = 1, kBackward = 18, kStates = 35, kAuxiliary = 39, kEnd = 48;
  auto const options = options_of(op, &format::BuiltinOptionsUnion::AsBidirectionalSequenceLSTMOptions);
  if (!options || has_any(op, kAuxiliary + 1, kEnd)) return std::nullopt;
  auto const& [o, activation] = *options;
  Directions out{.def = &kUnidirectionalSequenceLstm,
                 .recurrent = {kForward + 7, kBackward + 7},
                 .auxiliary = kAuxiliary,
                 .merged = o.merge_outputs,
                 .time_major = o.time_major};
  out.attributes = UnidirectionalSequenceLstmAttributes{.cell_activation = activation,
                                                        .cell_clip = o.cell_clip,
                                                        .proj_clip = o.proj_clip,
                                                        .time_major = o.time_major,
                                                        .asymmetric_quantize_inputs = o.asymmetric_quantize_inputs};
  out.operands[0] = lstm_operands(op, kForward, kStates);
  out.operands[1] = lstm_operands(op, kBackward, kStates + 2);
  return out;
}

std::optional<Directions> rnn_directions(const Op& op) {
  constexpr size_t kForward = 1, kBackward = 5, kAuxiliary = 9, kEnd = 12;
  auto const options = options_of(op, &format::BuiltinOptionsUnion::AsBidirectionalSequenceRNNOptions);
  if (!options || has_any(op, kAuxiliary + 1, kEnd)) return std::nullopt;
  auto const& [o, activation] = *options;
  Directions out{.def = &kUnidirectionalSequenceRnn,
                 .recurrent = {kForward + 1, kBackward + 1},
                 .auxiliary = kAuxiliary,
                 .merged = o.merge_outputs,
                 .time_major = o.time_major};
  out.attributes = UnidirectionalSequenceRnnAttributes{.time_major = o.time_major,
                                                       .cell_activation = activation,
                                                       .asymmetric_quantize_inputs = o.asymmetric_quantize_inputs};
  out.operands[0] = operands_of(op, kForward, kForward + 4);
  out.operands[1] = operands_of(op, kBackward, kBackward + 4);
  return out;
}

/// Makes the ops of one op in its graph.
class Splitter {
 public:
  Splitter(Graph& graph, const Op& op, const Directions& of, Meter& meter)
      : graph_(graph), op_(op), of_(of), meter_(meter) {}

  /// Whether operands and results are such that the op can be read as two.
  bool fits() const {
    if (op_.inputs.empty() || op_.outputs.size() != (of_.merged ? 1 : 2)) return false;
    for (const auto* list : {&op_.inputs, &op_.outputs})
      for (int t : *list)
        if (t != kNoTensor && (t < 0 || static_cast<size_t>(t) >= graph_.tensors.size())) return false;
    for (size_t direction : {0, 1}) {
      int const x = data(direction), w = weights(direction);
      if (x == kNoTensor || w == kNoTensor || op_.outputs[of_.merged ? 0 : direction] == kNoTensor) return false;
      if (graph_.tensor(x).shape.rank() != 3 || graph_.tensor(x).unranked || graph_.tensor(w).shape.rank() != 2)
        return false;
    }
    return true;
  }

  Status run(std::vector<Op>& ops) {
    std::string const name = graph_.tensor(op_.outputs[0]).name;
    int results[2];
    for (size_t direction : {0, 1}) {
      int const given = of_.merged ? kNoTensor : op_.outputs[direction];
      results[direction] = given;
      if (direction == 0) {
        if (given == kNoTensor) {
          NARROW_TRY(results[0], like(data(0), width(0), name + "/forward"));
        }
        ops.push_back(layer(0, data(0), results[0]));
        continue;
      }
      NARROW_TRY(int const turned, like(data(1), -1, name + "/reversed"));
      NARROW_TRY(int const computed, like(data(1), width(1), name + "/backward_reversed"));
      if (given == kNoTensor) {
        NARROW_TRY(results[1], like(data(1), width(1), name + "/backward"));
      }
      NARROW_TRY(int const axis, axis_constant(name + "/axis"));
      ops.push_back(made(kReverseV2, {}, {data(1), axis}, turned));
      ops.push_back(layer(1, turned, computed));
      ops.push_back(made(kReverseV2, {}, {computed, axis}, results[1]));
    }
    if (of_.merged)
      ops.push_back(made(kConcatenation, ConcatenationAttributes{.axis = 2}, {results[0], results[1]}, op_.outputs[0]));
    return {};
  }

 private:
  int data(size_t direction) const {
    if (direction == 1 && of_.auxiliary < op_.inputs.size() && op_.inputs[of_.auxiliary] != kNoTensor)
      return op_.inputs[of_.auxiliary];
    return op_.inputs[0];
  }
  int weights(size_t direction) const {
    return of_.recurrent[direction] < op_.inputs.size() ? op_.inputs[of_.recurrent[direction]] : kNoTensor;
  }
  int width(size_t direction) const { return graph_.tensor(weights(direction)).shape.back(); }

  /// A new tensor like `t`, with another last dimension unless that is -1.
  Result<int> like(int t, int last, const std::string& name) {
    Tensor out;
    const Tensor& x = graph_.tensor(t);
    out.name = name;
    out.dtype = x.dtype;
    out.shape = x.shape;
    out.shape_signature = x.shape_signature;
    if (last == -1) {
      out.quantization = x.quantization;
    } else {
      NARROW_TRY(out.shape, Shape::make(std::array{x.shape[0], x.shape[1], last}));
      if (!out.shape_signature.empty()) out.shape_signature.back() = last;
      out.dtype = graph_.tensor(op_.outputs[0]).dtype;
      out.quantization = graph_.tensor(op_.outputs[0]).quantization;
    }
    NARROW_CHECK(meter_.take(sizeof(Tensor) + name.size()));
    return add_tensor(graph_, std::move(out));
  }

  Result<int> axis_constant(const std::string& name) {
    std::array<int32_t, 1> const values{of_.time_major ? 0 : 1};
    Tensor out;
    out.name = name;
    out.dtype = DType::int32;
    out.shape = Shape::of({1});
    out.data = SharedBytes::copy_of(std::span<const int32_t>(values));
    out.constant = true;
    NARROW_CHECK(meter_.take(sizeof(Tensor) + name.size()));
    return add_tensor(graph_, std::move(out));
  }

  Op made(const OpDef& def, Attributes attributes, std::vector<int> inputs, int result) const {
    Op out;
    out.def = &def;
    out.type = def.name;
    out.attributes = std::move(attributes);
    out.inputs = std::move(inputs);
    out.outputs = {result};
    out.version = 1;
    return out;
  }

  Op layer(size_t direction, int x, int result) const {
    std::vector<int> operands{x};
    operands.insert(operands.end(), of_.operands[direction].begin(), of_.operands[direction].end());
    return made(*of_.def, of_.attributes, std::move(operands), result);
  }

  Graph& graph_;
  const Op& op_;
  const Directions& of_;
  Meter& meter_;
};

std::optional<Directions> directions_of(const Op& op) {
  if (op.def) return std::nullopt;
  if (op.type == "BIDIRECTIONAL_SEQUENCE_LSTM") return lstm_directions(op);
  if (op.type == "BIDIRECTIONAL_SEQUENCE_RNN") return rnn_directions(op);
  return std::nullopt;
}

}  // namespace

Status read_bidirectional_ops(Graph& graph, Meter& meter) {
  std::vector<Op> ops;
  bool some = false;
  for (const Op& op : graph.ops) {
    auto const directions = directions_of(op);
    if (directions && Splitter(graph, op, *directions, meter).fits()) {
      NARROW_CHECK(Splitter(graph, op, *directions, meter).run(ops));
      some = true;
    } else {
      ops.push_back(op);
    }
  }
  if (some) graph.ops = std::move(ops);
  return {};
}

}  // namespace narrow
