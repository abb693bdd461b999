// Every op of the registry in random float graphs, quantized by every scheme and run. Operands, attributes and results
// are tried until the op takes them, so that an op needs no line here.
#include <map>

#include "graph/attribute_type.h"
#include "kernels/row_checks.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "quantize/accuracy.h"
#include "quantize/recipe/scheme.h"
#include "random.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

/// Ops that are not tried, and what has graphs with them instead.
const std::map<std::string, std::string> kElsewhere{
    {"ACOS", "ops/functions_test.cc: it has no values beyond 1"},
    {"ASIN", "ops/functions_test.cc: it has no values beyond 1"},
    {"ASSIGN_VARIABLE", "program/variables_test.cc: it needs a variable"},
    {"ATANH", "ops/functions_test.cc: it has no values beyond 1"},
    {"CALL", "ops/control_test.cc: it needs a graph to run"},
    {"CALL_ONCE", "ops/control_test.cc: it needs a graph to run"},
    {"CONV_3D", "quantize/float_ops_test.cc: it needs five dimensions"},
    {"CONV_3D_TRANSPOSE", "quantize/float_ops_test.cc: it needs five dimensions"},
    {"DEQUANTIZE", "quantizing puts it into the graphs of all other ops"},
    {"GRU_SEQUENCE", "ops/recurrent_layer_test.cc: its weights belong together"},
    {"IF", "ops/control_test.cc: it needs graphs to run"},
    {"LSTM_SEQUENCE", "ops/recurrent_layer_test.cc: its weights belong together"},
    {"NON_MAX_SUPPRESSION_V4", "quantize/float_ops_test.cc: it needs boxes"},
    {"NON_MAX_SUPPRESSION_V5", "quantize/float_ops_test.cc: it needs boxes"},
    {"QUANTIZE", "quantizing puts it into the graphs of all other ops"},
    {"READ_VARIABLE", "program/variables_test.cc: it needs a variable"},
    {"RNN", "ops/recurrent_ops_test.cc: its weights belong together"},
    {"RNN_SEQUENCE", "ops/recurrent_layer_test.cc: its weights belong together"},
    {"STABLEHLO_COMPOSITE", "ops/control_test.cc: it needs a graph to run"},
    {"SVDF", "ops/recurrent_ops_test.cc: its weights belong together"},
    {"UNIDIRECTIONAL_SEQUENCE_LSTM", "ops/recurrent_ops_test.cc: its weights belong together"},
    {"UNIDIRECTIONAL_SEQUENCE_RNN", "ops/recurrent_ops_test.cc: its weights belong together"},
    {"VAR_HANDLE", "program/variables_test.cc: its result is no value"},
    {"WHILE", "ops/control_test.cc: it needs graphs to run"},
};

constexpr int kGraphs = 4, kAttempts = 40000, kSamples = 8;  // of each op
constexpr double kLeast = 20;  // dB that the best of the graphs of an op with integer forms has to reach

/// A graph around one op: its data comes from an input, its results go to outputs.
class Attempt {
 public:
  Attempt(const OpDef& def, Random& r) : def_(def), r_(r) {
    shape_ = random_shape();
    int const x = draft_.input(shape_);
    // Some functions have no values for negative numbers.
    data_ = r_.chance(0.5) ? x : draft_.op(kAdd, AddAttributes{}, {draft_.op(kAbs, {}, {x}), constant(Shape())});
    takes_ = add() && finish();
  }
  /// Whether the op takes what was drawn.
  bool takes() const { return takes_; }
  const Model& model() const { return draft_.model(); }
  /// Whether an output is one of the op's float results: integers and truth values change where operands come near each
  /// other.
  bool is_float(size_t output) const { return draft_.graph().tensor(results_[output]).dtype == DType::float32; }

 private:
  int whole(int lo, int hi) { return static_cast<int>(r_.between(lo, hi)); }
  template <class T, size_t kCount>
  T pick(const T (&choices)[kCount]) {
    return choices[r_.between(0, static_cast<int64_t>(kCount) - 1)];
  }

  Shape random_shape() {
    std::vector<int32_t> dims(static_cast<size_t>(pick({1, 2, 2, 3, 4, 4})));
    for (int32_t& d : dims) d = whole(1, 3);
    return *Shape::make(dims);
  }
  int constant(const Shape& shape) {
    std::vector<float> v(static_cast<size_t>(shape.elements()));
    for (float& x : v) x = static_cast<float>(r_.real(0.25, 2));
    return draft_.floats(shape, v);
  }
  /// Positions, axes, sizes or paddings: small numbers, or the data's shape.
  int indices() {
    if (r_.chance(0.2)) return draft_.indices({shape_.dims().begin(), shape_.dims().end()});
    Shape const shape = r_.chance(0.25)  ? Shape()
                        : r_.chance(0.3) ? Shape::of({whole(1, 4), 2})
                                         : Shape::of({whole(1, 4)});
    int const lo = whole(-1, 1), hi = whole(lo, 3);
    std::vector<int32_t> v(static_cast<size_t>(shape.elements()));
    for (int32_t& i : v) i = whole(lo, hi);
    return draft_.constant(shape, v, DType::int32);
  }
  int truth() { return draft_.op(kGreater, {}, {data_, constant(Shape())}, DType::boolean); }

  int operand(size_t i, bool is_data) {
    Role const role = def_.quant.role(i);
    if (role == Role::index) return r_.chance(0.8) ? indices() : truth();
    if (role == Role::activation) {
      bool const quantizable = def_.quant.int8 || def_.quant.int16;
      if (is_data && quantizable) return data_;
      if (r_.chance(0.15)) return truth();
      if (r_.chance(0.1)) return indices();
      if (is_data || r_.chance(0.4)) return data_;
    }
    return constant(r_.chance(0.4)   ? shape_
                    : r_.chance(0.2) ? Shape()
                    : r_.chance(0.5) ? Shape::of({shape_.back()})
                                     : random_shape());
  }

  Attributes attributes() {
    if (!def_.attributes) return {};
    Attributes out = def_.attributes->make();
    for (const AttributeField& field : def_.attributes->fields) {
      if (r_.chance(0.5)) continue;
      FieldValue value = field.get(out);
      if (auto* flag = std::get_if<bool>(&value)) *flag = r_.chance(0.5);
      if (auto* real = std::get_if<float>(&value)) *real = static_cast<float>(r_.real(0.25, 1));
      if (auto* number = std::get_if<int64_t>(&value))
        *number = field.names.empty() ? whole(-1, 3) : whole(0, static_cast<int>(field.names.size()) - 1);
      field.set(out, value);
    }
    return out;
  }

  /// Adds the op; false where it does not take the operands.
  bool add() {
    const Arity& arity = def_.arity;
    int const operands = whole(arity.min_inputs, std::min(arity.max_inputs, arity.min_inputs + 2));
    size_t const data = def_.quant.roles.find(Role::activation).value_or(0);
    std::vector<int> in;
    for (size_t i = 0; i < static_cast<size_t>(operands); ++i) in.push_back(operand(i, i == data));
    constexpr DType kTypes[] = {DType::float32, DType::float32, DType::boolean, DType::int32, DType::int64};
    DType const first = pick(kTypes);
    for (int n = arity.outputs == kAnyNumber ? whole(1, 3) : arity.outputs; n > 0; --n)
      results_.push_back(draft_.tensor({.dtype = r_.chance(0.3) ? pick(kTypes) : first, .shape = shape_}));
    draft_.GraphBuilder::op(def_, attributes(), in, results_);
    auto const shapes = def_.infer({draft_.graph(), draft_.graph().ops.back()});
    if (!shapes || shapes->size() != results_.size()) return false;
    for (size_t i = 0; i < results_.size(); ++i) {
      draft_.at(results_[i]).shape = (*shapes)[i];
      if ((*shapes)[i].elements() > 1000 || (*shapes)[i].elements() == 0) return false;
    }
    return true;
  }

  /// Makes outputs of the results, as floats; false where the model is none, or narrow does not run it.
  bool finish() {
    std::vector<int> outputs;
    for (size_t i = 0; i < results_.size(); ++i) {
      int const t = results_[i];
      outputs.push_back(!is_float(i)     ? draft_.op(kCast, CastAttributes{}, {t})
                        : r_.chance(0.3) ? draft_.op(kRelu, {}, {t})
                                         : t);
    }
    draft_.outputs(outputs);
    for (Op& op : draft_.graph().ops) op.version = least_version({draft_.graph(), op});
    return validate(model()) && lower(std::make_shared<const Model>(model()), {.profile = all_profiles().front()});
  }

  const OpDef& def_;
  Random& r_;
  Draft draft_;
  Shape shape_;
  int data_ = kNoTensor;
  std::vector<int> results_;
  bool takes_ = false;
};

bool is_moderate(const ModelRun& run) {
  for (const auto& [tensor, range] : run.ranges)
    if (!(range.lo > -1e4f && range.hi < 1e4f)) return false;
  for (const auto& values : run.outputs)
    for (float v : values)
      if (!(std::abs(v) < 1e4f)) return false;
  return true;
}

/// Whether an op of the kind computes with integers of that type; the rows of its kernels are looked at on the way.
bool has_integer(const Model& model, const OpDef& def, DType type) {
  bool found = false;
  for (const Op& op : model.main().ops) {
    if (op.def != &def) continue;
    OpView const view{model.main(), op};
    bool integers = false;
    for (size_t i = 0; i < view.input_count(); ++i)
      integers = integers || (view.has_input(i) && view.input(i).dtype == type);
    auto const step = def.lower(view, {.profile = all_profiles().front()});
    EXPECT_TRUE(step) << step.error().what;
    if (step)
      for (const KernelCall& call : step->calls) expect_whole(*call.kernel->params);
    found = found || integers;
  }
  return found;
}

/// What the graphs of one op came to.
struct OpOutcome {
  int graphs = 0;
  bool int8 = false, int16 = false;    // an op of the kind was made integer
  double best8 = -200, best16 = -200;  // SQNR of the best graph
};

void quantize_by_all(const Attempt& attempt, const OpDef& def, const Values& inputs, const ModelRun& measured,
                     OpOutcome& out) {
  for (const SchemeDef& scheme : all_schemes()) {
    SCOPED_TRACE(scheme.name);
    auto const quantized = quantize_as_measured(attempt.model(), measured, scheme.name, true);
    ASSERT_TRUE(quantized) << quantized.error().where << ": " << quantized.error().what;
    ModelRun const got = run_model(quantized->model, inputs, kSamples);
    ASSERT_EQ(got.outputs.size(), measured.outputs.size());
    double worst = 200;
    for (size_t i = 0; i < got.outputs.size(); ++i) worst = std::min(worst, sqnr(measured.outputs[i], got.outputs[i]));
    if (scheme.name == std::string_view("int8")) {
      out.int8 = has_integer(quantized->model, def, DType::int8) || out.int8;
      out.best8 = std::max(out.best8, worst);
    }
    if (scheme.name == std::string_view("int16x8")) {
      out.int16 = has_integer(quantized->model, def, DType::int16) || out.int16;
      out.best16 = std::max(out.best16, worst);
    }
  }
}

OpOutcome try_op(const OpDef& def, Random& r) {
  OpOutcome out;
  for (int i = 0; i < kAttempts && out.graphs < kGraphs; ++i) {
    Attempt const attempt(def, r);
    if (!attempt.takes()) continue;
    const Graph& graph = attempt.model().main();
    Values inputs(1);
    inputs[0].resize(static_cast<size_t>(graph.tensor(graph.inputs[0]).elements()) * kSamples);
    for (float& v : inputs[0]) v = static_cast<float>(r.real(-2, 2));
    ModelRun const measured = run_model(attempt.model(), inputs, kSamples);
    if (!is_moderate(measured)) continue;
    ++out.graphs;
    quantize_by_all(attempt, def, inputs, measured, out);
  }
  return out;
}

TEST(EveryOp, RunsInRandomGraphsAndIsQuantizedWhereItHasIntegerForms) {
  for (const OpDef* def : all_ops()) {
    if (kElsewhere.contains(def->name)) continue;
    Random r;  // the same numbers for an op whatever other ops there are
    SCOPED_TRACE(std::string(def->name) + ", " + r.text());
    OpOutcome const out = try_op(*def, r);
    EXPECT_EQ(out.graphs, kGraphs) << "too few operands fit: name it in kElsewhere with a test that has graphs with it";
    if (def->quant.int8) {
      EXPECT_TRUE(out.int8);
      EXPECT_GT(out.best8, kLeast);
    }
    if (def->quant.int16) {
      EXPECT_TRUE(out.int16);
      EXPECT_GT(out.best16, kLeast);
    }
  }
  for (const auto& [name, where] : kElsewhere) EXPECT_NE(find_op(name), nullptr) << name;
}

}  // namespace
}  // namespace narrow
