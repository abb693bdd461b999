// LSTM, GRU and RNN.
#include <array>
#include <cctype>

#include "base/printable.h"
#include "ops/build/recurrent_layer.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/layout.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

// Operands, by the specification.
enum Operand : size_t { kX, kW, kR, kB, kLengths, kInitialHidden, kInitialCell, kPeepholes };

/// What distinguishes the kinds of recurrent layers.
struct RecurrentKind {
  Result<RecurrentResults> (*add)(GraphBuilder&, int, const RecurrentLayer&);
  std::string_view gates;            // in the order of the format
  std::array<const char*, 3> usual;  // functions, in the order of the attribute; null behind the last
  std::array<CellActivation RecurrentLayer::*, 3> functions;
};

constexpr RecurrentKind kLstmKind{add_lstm,
                                  "iofc",
                                  {"sigmoid", "tanh", "tanh"},
                                  {&RecurrentLayer::gate, &RecurrentLayer::candidate, &RecurrentLayer::output}};
constexpr RecurrentKind kGruKind{
    add_gru, "zrh", {"sigmoid", "tanh", nullptr}, {&RecurrentLayer::gate, &RecurrentLayer::candidate, nullptr}};
constexpr RecurrentKind kRnnKind{
    add_rnn, "h", {"tanh", nullptr, nullptr}, {&RecurrentLayer::candidate, nullptr, nullptr}};

struct NamedFunction {
  std::string_view name;
  int parameters;        // 1: alpha; 2: alpha and beta
  CellActivation usual;  // with the parameters that stand where the node has none
};

constexpr NamedFunction kFunctions[] = {{"relu", 0, {CellFunction::relu}},
                                        {"tanh", 0, {CellFunction::tanh}},
                                        {"sigmoid", 0, {CellFunction::sigmoid}},
                                        {"softsign", 0, {CellFunction::softsign}},
                                        {"softplus", 0, {CellFunction::softplus}},
                                        {"leakyrelu", 1, {CellFunction::leaky_relu, 0.01F}},
                                        {"thresholdedrelu", 1, {CellFunction::thresholded_relu, 1}},
                                        {"elu", 1, {CellFunction::elu, 1}},
                                        {"affine", 2, {CellFunction::affine, 1, 0}},
                                        {"scaledtanh", 2, {CellFunction::scaled_tanh, 1, 1}},
                                        {"hardsigmoid", 2, {CellFunction::hard_sigmoid, 0.2F, 0.5F}}};

const NamedFunction* function_named(std::string name) {
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const NamedFunction& f : kFunctions)
    if (f.name == name) return &f;
  return nullptr;
}

/// The functions of all directions. Parameters are listed for those functions only that have them.
Result<std::vector<CellActivation>> functions_of(Node& n, const RecurrentKind& kind, int directions) {
  std::vector<std::string> usual;
  for (int d = 0; d < directions; ++d)
    for (const char* name : kind.usual)
      if (name) usual.emplace_back(name);
  std::vector<std::string> const names = n.has_attribute("activations") ? n.texts("activations") : usual;
  if (names.size() != usual.size())
    return fail(ErrorKind::bad_file, "`activations` has " + std::to_string(names.size()) + " functions instead of " +
                                         std::to_string(usual.size()));
  std::vector<float> const alphas = n.reals("activation_alpha"), betas = n.reals("activation_beta");
  size_t alpha = 0, beta = 0;
  std::vector<CellActivation> out;
  for (const std::string& name : names) {
    const NamedFunction* const f = function_named(name);
    if (!f) return not_here("function '" + readable(name) + "'");
    out.push_back(f->usual);
    if (f->parameters >= 1 && alpha < alphas.size()) out.back().alpha = alphas[alpha++];
    if (f->parameters >= 2 && beta < betas.size()) out.back().beta = betas[beta++];
  }
  return out;
}

/// The node but for its weights: sizes, and tensors in the order of narrow's ops.
struct RecurrentSizes {
  int directions = 1, batch = 1, time = 1, units = 1;
  bool batch_first = false;
  int x = kNoTensor;  // [batch, time, in]
};

/// An operand that must be constant, [directions, ...], in one part for each direction.
Result<std::vector<float>> recurrent_weights(const Node& n, size_t operand, const char* what,
                                             const std::vector<int32_t>& shape) {
  if (!n.has(operand)) return std::vector<float>{};
  NARROW_TRY(Shape const wanted, Shape::make(shape));
  if (n.shape(operand) != wanted)
    return fail(ErrorKind::bad_file,
                std::string(what) + " have shape " + n.shape(operand).text() + " instead of " + wanted.text());
  return n.known_reals(operand, what);
}

/// Sample lengths are no more than what the shape says already.
Status check_lengths(const Node& n, const RecurrentSizes& layer) {
  if (!n.has(kLengths)) return {};
  NARROW_TRY(std::vector<int64_t> const lengths, n.known(kLengths, "lengths of sequences"));
  if (lengths.size() != static_cast<size_t>(layer.batch))
    return fail(ErrorKind::bad_file, "it has the lengths of " + std::to_string(lengths.size()) + " sequences, but " +
                                         std::to_string(layer.batch) + " sequences");
  for (int64_t length : lengths) {
    std::string const what =
        "a sequence of " + std::to_string(length) + " steps in data of " + std::to_string(layer.time);
    if (length < 0 || length > layer.time) return fail(ErrorKind::bad_file, what);
    if (length < layer.time)
      return fail(ErrorKind::unsupported, what + " cannot be read", {},
                  "give the network sequences of one length, and no lengths");
  }
  return {};
}

/// The initial state of a direction, [batch, units]; kNoTensor where it is left out.
Result<int> state(Node& n, size_t operand, const RecurrentSizes& layer, int direction) {
  if (!n.has(operand)) return kNoTensor;
  Shape const s = n.shape(operand);
  int const batch = layer.batch_first ? 0 : 1;
  if (s.rank() != 3 || s[batch] != layer.batch || s[1 - batch] != layer.directions || s[2] != layer.units)
    return fail(ErrorKind::bad_file, "an initial state has shape " + s.text() + ", which is not that of the layer");
  NARROW_TRY(int const all, n.net.stored(n.in(operand), layer.batch_first ? Order{1, 0, 2} : Order{0, 1, 2}));
  if (layer.directions == 1) return n.net.reshaped(all, {layer.batch, layer.units}, "");
  GraphBuilder& b = n.net.builder();
  std::vector<int> const operands{all, b.indices({direction, 0, 0}), b.indices({direction + 1, 0, 0}),
                                  b.indices({1, 1, 1})};
  return n.net.add(kStridedSlice, StridedSliceAttributes{.begin_mask = 6, .end_mask = 6, .shrink_axis_mask = 1},
                   operands, n.net.at(all).name + "/" + std::to_string(direction));
}

/// Tensors [.., units] of all directions side by side: [.., directions, units], which lies in the file as `order` says.
Status give_joined(Node& n, size_t result, const std::vector<int>& parts, const Order& order) {
  std::vector<int> with_direction;
  int axis = 0;
  for (int part : parts) {
    std::span<const int32_t> const have = n.net.at(part).shape.dims();
    std::vector<int32_t> dims(have.begin(), have.end());
    axis = static_cast<int>(dims.size()) - 1;
    dims.insert(dims.end() - 1, 1);
    NARROW_TRY(int const one, n.net.reshaped(part, dims, ""));
    with_direction.push_back(one);
  }
  int out = with_direction.front();
  if (parts.size() > 1) {
    NARROW_TRY(out, n.net.add(kConcatenation, ConcatenationAttributes{.axis = axis}, with_direction, n.name(result)));
  }
  return n.give({out, order}, result);
}

Result<RecurrentSizes> sizes_of(Node& n, const RecurrentKind& kind, bool both) {
  RecurrentSizes layer{.directions = both ? 2 : 1};
  layer.batch_first = n.integer("layout", 0) != 0;
  Shape const x = n.shape(kX), r = n.shape(kR);
  if (x.rank() != 3) return fail(ErrorKind::bad_file, "the data has shape " + x.text() + " instead of 3 dimensions");
  if (r.rank() != 3) return fail(ErrorKind::bad_file, "R has shape " + r.text() + " instead of 3 dimensions");
  layer.time = x[layer.batch_first ? 1 : 0];
  layer.batch = x[layer.batch_first ? 0 : 1];
  layer.units = r[2];
  if (int64_t const said = n.integer("hidden_size", layer.units); said != layer.units)
    return fail(ErrorKind::bad_file, "`hidden_size` is " + std::to_string(said) + ", but R is for " +
                                         std::to_string(layer.units) + " units");
  if (int64_t{layer.units} * static_cast<int64_t>(kind.gates.size()) != r[1])
    return fail(ErrorKind::bad_file, "R has shape " + r.text() + ", which is not that of the op");
  NARROW_TRY(layer.x, n.net.stored(n.in(kX), layer.batch_first ? Order{0, 1, 2} : Order{1, 0, 2}));
  return layer;
}

template <const RecurrentKind& kKind>
Status read_recurrent(Node& n) {
  std::string const direction = n.text("direction", "forward");
  if (direction != "forward" && direction != "reverse" && direction != "bidirectional")
    return fail(ErrorKind::bad_file, "`direction` is '" + readable(direction) + "'");
  NARROW_TRY(RecurrentSizes const sizes, sizes_of(n, kKind, direction == "bidirectional"));
  NARROW_CHECK(check_lengths(n, sizes));
  n.ignore("output_sequence");
  if (n.integer("input_forget", 0) != 0) return not_here("an LSTM with coupled input and forget gates");
  NARROW_TRY(std::vector<CellActivation> const functions, functions_of(n, kKind, sizes.directions));
  int const rows = sizes.units * static_cast<int>(kKind.gates.size());
  NARROW_TRY(auto const w,
             recurrent_weights(n, kW, "weights W", {sizes.directions, rows, n.net.at(sizes.x).shape.back()}));
  NARROW_TRY(auto const r, recurrent_weights(n, kR, "weights R", {sizes.directions, rows, sizes.units}));
  NARROW_TRY(auto const b, recurrent_weights(n, kB, "biases B", {sizes.directions, 2 * rows}));
  NARROW_TRY(auto const p, recurrent_weights(n, kPeepholes, "peepholes P", {sizes.directions, 3 * sizes.units}));
  bool const hidden = n.wants(1), cell = n.wants(2);
  std::vector<int> sequences, hiddens, cells;
  for (int d = 0; d < sizes.directions; ++d) {
    auto const part = [&](const std::vector<float>& all) {
      size_t const each = all.size() / static_cast<size_t>(sizes.directions);
      return std::span<const float>(all).subspan(static_cast<size_t>(d) * each, each);
    };
    std::span<const float> const biases = part(b);
    RecurrentLayer layer{.weights = {.gates = kKind.gates,
                                     .kernel = part(w),
                                     .recurrent = part(r),
                                     .bias = biases.first(biases.size() / 2),
                                     .recurrent_bias = biases.last(biases.size() / 2),
                                     .peephole = part(p)},
                         .units = sizes.units,
                         .clip = n.real("clip", 0),
                         .reset_after = n.integer("linear_before_reset", 0) != 0,
                         .reverse = direction == "reverse" || d == 1,
                         .wants = {.sequence = n.wants(0) || (!hidden && !cell), .hidden = hidden, .cell = cell}};
    size_t const count = functions.size() / static_cast<size_t>(sizes.directions);
    for (size_t f = 0; f < count; ++f) layer.*kKind.functions[f] = functions[static_cast<size_t>(d) * count + f];
    NARROW_TRY(layer.initial_hidden, state(n, kInitialHidden, sizes, d));
    NARROW_TRY(layer.initial_cell, state(n, kInitialCell, sizes, d));
    layer.name = n.name(n.wants(0) || !hidden ? 0 : 1) + (d == 1 ? "/backward" : "/layer");
    NARROW_TRY(RecurrentResults const results, kKind.add(n.net.builder(), sizes.x, layer));
    sequences.push_back(results.sequence);
    hiddens.push_back(results.hidden);
    cells.push_back(results.cell);
  }
  Order const states = sizes.batch_first ? Order{0, 1, 2} : Order{1, 0, 2};
  Order const steps = sizes.batch_first ? Order{0, 1, 2, 3} : Order{2, 0, 1, 3};
  if (n.wants(0)) {
    NARROW_CHECK(give_joined(n, 0, sequences, steps));
  }
  if (hidden) {
    NARROW_CHECK(give_joined(n, 1, hiddens, states));
  }
  return cell ? give_joined(n, 2, cells, states) : Status();
}

constexpr OpRow kRowsRecurrent[] = {
    {"LSTM", read_recurrent<kLstmKind>, 3, 8},
    {"GRU", read_recurrent<kGruKind>, 3, 6},
    {"RNN", read_recurrent<kRnnKind>, 3, 6},
};

}  // namespace

std::span<const OpRow> recurrent_rows() {
  return kRowsRecurrent;
}

}  // namespace narrow::onnx
