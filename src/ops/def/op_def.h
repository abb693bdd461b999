// OpDef: everything narrow knows about one kind of op, in one place: the op's own file under ops/.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "graph/model.h"
#include "ops/def/attributes.h"
#include "ops/def/channel_flow.h"
#include "ops/def/profile.h"
#include "ops/def/quant_rule.h"
#include "ops/def/step.h"
#include "ops/def/sum_inputs.h"

namespace narrow {

/// One op of one graph, seen from the op's own file.
struct OpView {
  const Graph& graph;
  const Op& op;

  size_t input_count() const { return op.inputs.size(); }
  bool has_input(size_t i) const { return i < op.inputs.size() && op.inputs[i] != kNoTensor; }
  /// Operand i; only where has_input(i).
  const Tensor& input(size_t i) const { return graph.tensor(op.inputs[i]); }
  /// Operand i, or null where left out.
  const Tensor* maybe_input(size_t i) const { return has_input(i) ? &input(i) : nullptr; }
  const Tensor& output(size_t i = 0) const { return graph.tensor(op.outputs[i]); }
  /// The op's attributes; T is the struct that the op's header names.
  template <class T>
  const T& attributes() const {
    return op.attributes.get<T>();
  }
};

class Bodies;  // ops/body.h

/// What lowering may rely on.
struct LowerContext {
  const ProfileDef& profile;
  int max_batch = 1;         // most samples a step is called with
  bool reference = false;    // plain loops only: the oracle of the fast kernels
  Bodies* bodies = nullptr;  // the other graphs of the program; null where an op is computed alone
  /// Ops of the entry that narrow cannot compute, and those that read what they give, are left out of the program
  /// instead of being an error; their results hold no values.
  bool leaves_out = false;
};

/// Stands for a number of results that the op's attributes or shapes say, and its `infer` checks.
inline constexpr int kAnyNumber = -1;

/// How many operands and results an op takes.
struct Arity {
  int min_inputs = 1;
  int max_inputs = 1;
  int outputs = 1;
};

/// Where the elements of a weight operand lie.
enum class WeightLayout : uint8_t {
  none,       // the op has no weight operand
  ohwi,       // [output channels, height, width, input channels]
  depthwise,  // [1, height, width, output channels]
  out_in,     // [output channels, input channels]
};

/// What an op does to how values are stored, where it does nothing else.
enum class Conversion : uint8_t { none, quantize, dequantize, fake_quantize };

/// What an op has to do with a variable, a value that is kept under a name from one sample to the next.
enum class VariableUse : uint8_t {
  none,
  handle,  // its result stands for the variable that its attributes name
  read,    // its result is the value; operand 0 is the handle
  assign,  // operand 1 becomes the value; operand 0 is the handle
};

/// How the operands and results of an op that runs graphs correspond to the inputs and outputs of those.
struct GraphPassing {
  size_t graphs = 0;   // that it runs; 0 for an op that hands no values to graphs
  size_t skipped = 0;  // operands before the first that is handed on
  bool loops = false;  // outputs of the last graph become inputs of all; the others only decide whether it runs
};

/// A state that an op keeps: which operand it is, and the shape that it has.
struct StateShape {
  size_t operand;
  Shape shape;
};

/// A kind of op. Definitions are constants that the header of their family declares and lists.
struct OpDef {
  const char* name;                           // as TFLite spells it: "CONV_2D"
  const AttributeType* attributes = nullptr;  // of the struct in Op::attributes; null for ops without attributes
  Arity arity;
  QuantRule quant;

  /// Shapes of the results from attributes, operand shapes and constant operands; bad_file where they do not fit
  /// together, unsupported for a form narrow does not have. `validate` compares with the shapes in the model.
  Result<std::vector<Shape>> (*infer)(const OpView&);

  /// The op for the element types and quantization it has in the model. Operands and shapes are validated.
  Result<Step> (*lower)(const OpView&, const LowerContext&);

  /// Multiply-accumulates of one run; null for ops without any.
  int64_t (*macs)(const OpView&) = nullptr;

  /// The states of a valid op; null for ops that keep none.
  std::vector<StateShape> (*states)(const OpView&) = nullptr;

  /// The shapes of the values inside of a valid op (QuantRule::inside), with no elements where it does not have one.
  /// The step of a float op gives them behind its results, where Op::intermediates has them all in these shapes.
  std::vector<Shape> (*inside)(const OpView&) = nullptr;

  /// The least version that the format asks for where the form of the op (ranks, attributes, index types) needs more
  /// than QuantRule::versions says of its element type; null where it never does.
  int (*version)(const OpView&) = nullptr;

  /// Whether the graphs that the op runs go with its operands and results; null for ops that run none. bad_file where
  /// not; Op::graphs holds valid indices, but maybe too few.
  Status (*check_graphs)(const Model&, const OpView&) = nullptr;

  /// How channels pass through the op, whose operands and shapes are validated; null: ChannelFlow::mixed.
  ChannelFlow (*channels)(const OpView&) = nullptr;

  /// Which elements of the data each sum of a layer takes, in one sample; the op is validated. Null where a layer's
  /// integers are not chosen by what it reads, and for ops that are no layers.
  Result<SumInputs> (*sum_inputs)(const OpView&) = nullptr;

  /// Makes attributes and operands that repeat a number of channels agree with the shapes of data and result, which
  /// have fewer channels than they had; null where nothing repeats it.
  void (*fit_channels)(Graph&, Op&) = nullptr;

  /// A channel of the result is multiplied by a positive factor where that channel of the first so many operands is;
  /// only where `channels` knows how channels pass, and with no fused activation but RELU. 0: of none.
  int scaling_operands = 0;

  bool reads_values = true;  // false: results depend on the shapes of the operands alone
  bool has_effects = false;  // true: does more than compute results, so it stays where nobody reads any
  bool runs_once = false;    // true: what it runs, it runs before the first sample of a sequence only

  bool fuses_activation = false;          // runtimes compute the attribute `activation`
  Activation acts_as = Activation::none;  // an op before this one may take it over as this fused activation
  WeightLayout weight_layout = WeightLayout::none;
  Conversion conversion = Conversion::none;
  VariableUse variable = VariableUse::none;
  int shape_operand = -1;  // says the shape of the result, which is the file's where this operand is computed; -1: none
  GraphPassing passing{};
  const char* short_name = nullptr;  // what macros and arrays of such an op begin with: "CONV"; null: as `name`
};

/// What the op does to how values are stored; none for ops that narrow does not know.
inline Conversion conversion_of(const Op& op) {
  return op.def ? op.def->conversion : Conversion::none;
}

/// What the op has to do with a variable; none for ops that narrow does not know.
inline VariableUse variable_use(const Op& op) {
  return op.def ? op.def->variable : VariableUse::none;
}

/// The least operator version that the format asks for, by element type and form of the op.
int least_version(const OpView& op);

/// Whether operand `i` of a known op holds data that the op computes with: an activation, or values other than a
/// variable's with which an op begins that takes them as data.
bool is_data(const OpView& op, size_t i);

/// Whether a step gives the values inside of this op.
bool gives_inside(const OpView& op);

/// The results of an op, and the values inside of it that its step gives.
std::vector<int> given_tensors(const OpView& op);

/// The operands of a known op, kNoTensor in the places of those it leaves out at the end.
std::vector<int> operand_slots(const Op& op);

/// All ops, in alphabetical order of their names.
std::span<const OpDef* const> all_ops();

/// The op of that name, or null.
const OpDef* find_op(std::string_view name);

}  // namespace narrow
