// What a file leaves open of shapes is worked out here: free dimensions have a size for now, ops give the shapes of
// their results, and shapes that ops compute from shapes are evaluated on the way.
#include <algorithm>

#include "graph/free_dimensions.h"
#include "ops/check/evaluate.h"
#include "ops/check/validate.h"
#include "ops/check/validate_rules.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

constexpr int64_t kMostBytes = 16 << 20;  // of values that a model computes from shapes

/// Whether what the file leaves open of a tensor's shape can be `shape`.
bool can_become(const Tensor& tensor, const Shape& shape) {
  auto const& signature = tensor.shape_signature;
  if (tensor.unranked) return true;
  if (signature.size() != static_cast<size_t>(shape.rank())) return false;
  for (int i = 0; i < shape.rank(); ++i)
    if (signature[static_cast<size_t>(i)] != -1 && tensor.shape[i] != shape[i]) return false;
  return true;
}

/// What the file leaves open of a tensor's shape becomes `shape`. Where it does not even say how many dimensions there
/// are, all of them are free if `shape` follows from free ones.
void close_shape(Tensor& tensor, const Shape& shape, bool from_free) {
  if (!can_become(tensor, shape)) return;
  if (tensor.unranked && from_free) tensor.shape_signature.assign(static_cast<size_t>(shape.rank()), -1);
  tensor.shape = shape;
  tensor.unranked = false;
}

bool any_free(const Graph& graph, const Op& op) {
  return std::any_of(op.inputs.begin(), op.inputs.end(), [&](int t) {
    return t != kNoTensor && (graph.tensor(t).has_free_dimension() || graph.tensor(t).unranked);
  });
}

/// Whether an op's results have the shapes that the file gives them only because an operand that would say them is
/// computed from data.
bool takes_shape_of_file(const Graph& graph, const Op& op) {
  if (op.def->shape_operand < 0) return false;
  auto const at = static_cast<size_t>(op.def->shape_operand);
  return at < op.inputs.size() && op.inputs[at] != kNoTensor && !graph.tensor(op.inputs[at]).known();
}

/// `none_free`: no input of the model is free, so that nothing that ops infer from fixed shapes is.
Status settle_op(Graph& graph, const Op& op, bool none_free, int64_t& budget) {
  NARROW_TRY(std::vector<Shape> const shapes, inferred_shapes(graph, op));
  bool const free = any_free(graph, op);
  bool const fixed = none_free && op.graphs.empty() && !free && !takes_shape_of_file(graph, op);
  for (size_t o = 0; o < shapes.size() && o < op.outputs.size(); ++o) {
    close_shape(graph.tensor(op.outputs[o]), shapes[o], free);
    if (fixed) graph.tensor(op.outputs[o]).shape_signature.clear();
    // Scales may not fit a shape that has become known only now.
    if (auto ok = validate_tensor(graph.tensor(op.outputs[o])); !ok)
      return pass(std::move(ok), tensor_label(graph, op.outputs[o]));
  }
  NARROW_CHECK(compare_shapes(graph, op, shapes));
  if (!shapes.empty()) evaluate_from_shapes(graph, op, budget);
  return {};
}

/// Settles graphs in the order in which they are entered, so that the shapes of operands are known to the graphs that
/// ops run, and those of their outputs to the ops.
class Settler {
 public:
  Settler(Model& model, bool none_free) : model_(model), none_free_(none_free), done_(model.graphs.size(), false) {}

  Status run() {
    for (size_t g = 0; g < model_.graphs.size(); ++g) NARROW_CHECK(settle_graph(g));
    return {};
  }

 private:
  Status settle_graph(size_t g) {
    if (done_[g]) return {};
    done_[g] = true;
    Graph& graph = model_.graphs[g];
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      const Op& op = graph.ops[i];
      if (!op.def) continue;
      NARROW_CHECK(settle_bodies(graph, op));
      if (auto ok = settle_op(graph, op, none_free_, budget_); !ok)
        return pass(std::move(ok), op_label(graph, i) + ", graph " + std::to_string(g));
    }
    return {};
  }

  Status settle_bodies(Graph& graph, const Op& op) {
    const GraphPassing& passing = op.def->passing;
    for (size_t k = 0; k < op.graphs.size(); ++k) {
      auto const body = static_cast<size_t>(op.graphs[k]);
      if (!done_[body] && k < passing.graphs) hand_in(graph, op, passing.skipped, model_.graphs[body]);
      NARROW_CHECK(settle_graph(body));
    }
    if (passing.graphs > 0 && op.graphs.size() >= passing.graphs)
      take_out(model_.graphs[static_cast<size_t>(op.graphs[passing.graphs - 1])], graph, op);
    return {};
  }

  /// Operands of another type or number than the graph's inputs are found by `validate_bodies`.
  void hand_in(const Graph& graph, const Op& op, size_t skipped, Graph& body) const {
    for (size_t i = 0; i < body.inputs.size() && i + skipped < op.inputs.size(); ++i)
      if (int const t = op.inputs[i + skipped]; t != kNoTensor && !graph.tensor(t).unranked) {
        bool const free = graph.tensor(t).has_free_dimension();
        close_shape(body.tensor(body.inputs[i]), graph.tensor(t).shape, free);
        if (none_free_ && !free) body.tensor(body.inputs[i]).shape_signature.clear();
      }
  }
  void take_out(const Graph& body, Graph& graph, const Op& op) const {
    for (size_t i = 0; i < op.outputs.size() && i < body.outputs.size(); ++i) {
      const Tensor& from = body.tensor(body.outputs[i]);
      if (op.outputs[i] == kNoTensor || from.unranked) continue;
      Tensor& to = graph.tensor(op.outputs[i]);
      close_shape(to, from.shape, from.has_free_dimension());
      if (none_free_ && !from.has_free_dimension() && to.shape == from.shape) to.shape_signature.clear();
    }
  }

  Model& model_;
  bool none_free_;
  std::vector<bool> done_;  // by graph; also while it is being settled
  int64_t budget_ = kMostBytes;
};

Status settle_sized(Model& model, const LoadOptions& options) {
  NARROW_CHECK(fix_dimensions(model, options));
  bool const fixes = !options.shape.empty() || options.batch;
  NARROW_CHECK(Settler(model, fixes && !has_free_inputs(model)).run());
  return validate_bodies(model);
}

/// Free dimensions are 1 in a file, and heights and widths of 1 may be too small for windows: where ops do not fit,
/// free dimensions but the first are tried in larger sizes.
Status settle_model(Model& model, const LoadOptions& options) {
  NARROW_CHECK(check_structure(model));
  if (!has_free_inputs(model, 1)) return settle_sized(model, options);
  Model const given = model;
  Status const as_given = settle_sized(model, options);
  if (as_given || as_given.error().kind == ErrorKind::bad_option) return as_given;
  for (int32_t const size : {32, 128, 512}) {
    Model larger = given;
    if (!enlarge_free_inputs(larger, size)) break;
    if (!settle_sized(larger, options)) continue;
    model = std::move(larger);
    return {};
  }
  return as_given;
}

}  // namespace

Status settle(Model& model, const LoadOptions& options) {
  auto ok = settle_model(model, options);
  return ok ? ok : pass(std::move(ok), model.source);
}

Status settle(Graph& graph, const Op& op) {
  int64_t budget = kMostBytes;
  return settle_op(graph, op, false, budget);
}

}  // namespace narrow
