#include "read/onnx/graph_reader.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/printable.h"
#include "graph/edit.h"
#include "ops/layout/layout.h"
#include "read/onnx/constant.h"
#include "read/onnx/control_flow.h"
#include "read/onnx/fold_gelu.h"
#include "read/onnx/fold_quantized.h"
#include "read/onnx/layout.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

using onnx_format::GraphProto;
using onnx_format::ModelProto;
using onnx_format::NodeProto;

std::string label(const NodeProto& node, int index) {
  std::string const name = node.name().empty() && node.output_size() > 0 ? node.output(0) : node.name();
  return "node " + std::to_string(index) + " (" + readable(node.op_type()) + ") '" + readable(name) + "'";
}

class GraphReader final : public BodyReader {
 public:
  GraphReader(const ModelProto& proto, Weights& weights, const LoadOptions& options, const FreeSizes& sizes)
      : proto_(proto), graph_(proto.graph()), options_(options), sizes_(sizes), net_(weights) {}

  Result<Reading> run() {
    if (graph_.sparse_initializer_size() > 0) return not_here("sparse initializers");
    for (const auto& i : graph_.initializer()) NARROW_CHECK(add_constant(i));
    for (const auto& i : graph_.input()) NARROW_CHECK(add_input(i));
    note_reads(graph_);
    NARROW_CHECK(add_nodes(graph_));
    NARROW_CHECK(add_outputs());
    Model& model = net_.builder().model();
    model.notes = std::move(notes_);
    model.file_layouts = std::move(layouts_);
    model.main().name = graph_.name();
    fold_gelu(net_);
    fold_quantized(net_);
    net_.builder().signature("serving_default");
    name_signature(model.signatures.back());
    drop_unused_tensors(model, 0);
    return Reading{std::move(model), free_};
  }

  Result<std::vector<Value>> read_body(const GraphProto& body, const std::vector<Value>& given,
                                       const std::string& part) override {
    if (++bodies_ > limits_in_force().ops)
      return fail(ErrorKind::limit_exceeded, "loops have more than " + std::to_string(limits_in_force().ops) + " steps",
                  {}, how_to_raise("ops"));
    if (body.input_size() != static_cast<int>(given.size()))
      return fail(ErrorKind::bad_file, "a body has " + std::to_string(body.input_size()) + " inputs instead of " +
                                           std::to_string(given.size()));
    if (body.sparse_initializer_size() > 0) return not_here("sparse initializers");
    std::string const outer = part_;
    part_ += part;
    scopes_.emplace_back();
    auto out = read_scope(body, given);
    scopes_.pop_back();
    part_ = outer;
    return out;
  }

 private:
  using Scope = std::unordered_map<std::string, Value>;

  /// The body with its own names, which hide those outside.
  Result<std::vector<Value>> read_scope(const GraphProto& body, const std::vector<Value>& given) {
    for (size_t i = 0; i < given.size(); ++i) NARROW_CHECK(define(body.input(static_cast<int>(i)).name(), given[i]));
    for (const auto& i : body.initializer()) NARROW_CHECK(add_constant(i));
    NARROW_CHECK(add_nodes(body));
    std::vector<Value> out;
    for (const auto& output : body.output()) {
      const Value* const v = find(output.name());
      if (!v) return fail(ErrorKind::bad_file, "output '" + readable(output.name()) + "' is not computed");
      out.push_back(*v);
    }
    return out;
  }

  Status add_nodes(const GraphProto& graph) {
    for (int n = 0; n < graph.node_size(); ++n)
      if (auto ok = add_node(graph.node(n)); !ok) return pass(std::move(ok), label(graph.node(n), n));
    return {};
  }

  /// The names that nodes and outputs of the graph, and of bodies in it, read.
  void note_reads(const GraphProto& graph) {
    for (const auto& node : graph.node()) {
      read_.insert(node.input().begin(), node.input().end());
      for (const auto& a : node.attribute())
        if (a.has_g()) note_reads(a.g());
    }
    for (const auto& output : graph.output()) read_.insert(output.name());
  }

  /// The value of a name in the innermost scope that has one; null where none has.
  const Value* find(const std::string& name) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      if (auto const at = scope->find(name); at != scope->end()) return &at->second;
    return nullptr;
  }

  Status define(const std::string& name, const Value& v) {
    if (scopes_.back().emplace(name, v).second) return {};
    return fail(ErrorKind::bad_file, "'" + readable(name) + "' is computed twice");
  }

  Status add_constant(const onnx_format::TensorProto& proto) {
    NARROW_TRY(Tensor t, constant_of(proto, net_.weights()));
    int const rank = t.shape.rank();
    return define(proto.name(), {net_.constant(std::move(t)), plain(rank)});
  }

  /// Whether the dimensions that the file fixes are those that the options say.
  static bool goes_with(const onnx_format::TensorShapeProto& shape, const InputShape& wanted) {
    if (static_cast<int>(wanted.dims.size()) != shape.dim_size()) return false;
    for (int d = 0; d < shape.dim_size(); ++d)
      if (shape.dim(d).dim_value() > 0 && shape.dim(d).dim_value() != wanted.dims[static_cast<size_t>(d)]) return false;
    return true;
  }

  /// The size of dimension `d` of an input, by the file, else as the options or `sizes_` say.
  Result<int32_t> size_of(const onnx_format::ValueInfoProto& input, int d) {
    const auto& dim = input.type().tensor_type().shape().dim(d);
    if (dim.has_dim_value() && dim.dim_value() > 0) {
      if (dim.dim_value() <= limits_in_force().tensor_elements) return static_cast<int32_t>(dim.dim_value());
      return fail(ErrorKind::limit_exceeded, "a dimension of " + std::to_string(dim.dim_value()));
    }
    for (const InputShape& wanted : options_.shape)
      if (wanted.input == input.name() && goes_with(input.type().tensor_type().shape(), wanted))
        return wanted.dims[static_cast<size_t>(d)];
    if (d == 0 && options_.batch && *options_.batch >= 1 && *options_.batch <= limits_in_force().tensor_elements)
      return static_cast<int32_t>(*options_.batch);
    (d == 0 ? free_.batch : free_.other) = true;
    return d == 0 ? sizes_.batch : sizes_.other;
  }

  Status add_input(const onnx_format::ValueInfoProto& input) {
    if (find(input.name())) return {};  // an initializer is the value of this input
    if (!input.type().has_tensor_type()) return not_here("inputs that are not tensors ('" + input.name() + "')");
    const auto& type = input.type().tensor_type();
    if (!type.has_shape()) return not_here("inputs without a number of dimensions ('" + input.name() + "')");
    auto dtype = computed_type(type.elem_type());
    if (!dtype) return pass(std::move(dtype), "input '" + readable(input.name()) + "'");
    if (*element_type(type.elem_type()) != *dtype)
      notes_.push_back("input '" + readable(input.name()) +
                       "' is float32: narrow computes the file's 16-bit floats so");
    int const rank = type.shape().dim_size();
    bool const image = rank == 3 || rank == 4;
    bool const moved = image && !options_.keep_layout && has_channels_first(graph_, input.name());
    Order const order = moved ? channels_last(rank) : plain(rank);
    std::vector<int32_t> dims;
    for (int d : order) {
      auto size = size_of(input, d);
      if (!size) return pass(std::move(size), "input '" + readable(input.name()) + "'");
      dims.push_back(*size);
    }
    NARROW_TRY(Shape shape, Shape::make(dims));
    if (moved) {
      layouts_.push_back({input.name(), order});
      notes_.push_back("input '" + readable(input.name()) + "' takes channels last, " + shape.text() +
                       "; the file has them before height and width, which `keep_layout` keeps");
    }
    return define(input.name(), {net_.builder().input({.dtype = *dtype, .shape = shape, .name = input.name()}), order});
  }

  Result<std::vector<Value>> operands(const NodeProto& node) {
    std::vector<Value> out;
    for (const std::string& name : node.input()) {
      if (name.empty()) {
        out.emplace_back();
        continue;
      }
      const Value* const v = find(name);
      if (!v)
        return fail(ErrorKind::bad_file,
                    "'" + readable(name) + "' is read before a node computes it, or never computed");
      out.push_back(*v);
    }
    while (!out.empty() && out.back().tensor == kNoTensor) out.pop_back();
    return out;
  }

  Status add_node(const NodeProto& proto) {
    const OpRow* const row = find_row(proto.domain(), proto.op_type());
    if (!row)
      return fail(ErrorKind::unsupported, "op " + readable(proto.domain().empty() ? "" : proto.domain() + ".") +
                                              readable(proto.op_type()) + " cannot be read");
    NARROW_TRY(std::vector<Value> in, operands(proto));
    if (in.size() < row->min_inputs || in.size() > row->max_inputs)
      return fail(ErrorKind::bad_file, "the node has " + std::to_string(in.size()) + " operands");
    for (size_t i = 0; i < row->min_inputs; ++i)
      if (in[i].tensor == kNoTensor) return fail(ErrorKind::bad_file, "operand " + std::to_string(i) + " is left out");
    if (proto.output_size() == 0) return fail(ErrorKind::bad_file, "the node has no result");
    for (const auto& a : proto.attribute())
      if (!a.ref_attr_name().empty()) return not_here("attributes that refer to others outside of functions");
    std::vector<bool> wanted;
    for (const auto& name : proto.output()) wanted.push_back(!name.empty() && read_.contains(name));
    Node node(proto, *row, opset_of(proto_, proto.domain()), net_, std::move(in), std::move(wanted), part_);
    NARROW_CHECK(row->read ? row->read(node) : read_control_flow(node, *this));
    if (std::string const unread = node.unread_attribute(); !unread.empty())
      return not_here("attribute '" + readable(unread) + "'");
    for (size_t i = 0; i < node.results().size(); ++i) {
      if (!node.wants(i)) continue;
      if (node.results()[i].tensor == kNoTensor) return not_here("result " + std::to_string(i) + " of the op");
      NARROW_CHECK(define(proto.output(static_cast<int>(i)), node.results()[i]));
    }
    if (net_.builder().graph().tensors.size() > static_cast<size_t>(limits_in_force().tensors))
      return fail(ErrorKind::limit_exceeded,
                  "the model has more than " + std::to_string(limits_in_force().tensors) + " tensors", {},
                  how_to_raise("tensors"));
    return {};
  }

  /// The tensor for an output of the file, under the output's name.
  Result<int> as_output(int tensor, const std::string& name) {
    Graph& graph = net_.builder().graph();
    auto const among = [&](const std::vector<int>& list) {
      return std::find(list.begin(), list.end(), tensor) != list.end();
    };
    if (among(graph.inputs) || among(outputs_) || graph.tensor(tensor).constant) {
      Shape const shape = graph.tensor(tensor).shape;
      std::vector<int32_t> const dims(shape.dims().begin(), shape.dims().end());
      int const to = net_.builder().indices(dims);
      return net_.builder().infer_op(
          kReshape, ReshapeAttributes{dims}, {tensor, to},
          {.dtype = graph.tensor(tensor).dtype, .name = name, .quantization = graph.tensor(tensor).quantization});
    }
    graph.tensor(tensor).name = name;
    return tensor;
  }

  Status add_outputs() {
    bool const images = has_images(graph_);
    if (graph_.output_size() == 0) return fail(ErrorKind::bad_file, "the graph has no outputs");
    for (const auto& output : graph_.output()) {
      const Value* const found = find(output.name());
      if (!found) return fail(ErrorKind::bad_file, "output '" + readable(output.name()) + "' is not computed");
      const Value& v = *found;
      int const rank = net_.rank(v);
      bool const moved = images && !options_.keep_layout && (rank == 3 || rank == 4) && v.order == channels_last(rank);
      NARROW_TRY(int const given, net_.stored(v, moved ? v.order : plain(rank)));
      NARROW_TRY(int const out, as_output(given, output.name()));
      outputs_.push_back(out);
      if (moved)
        notes_.push_back("output '" + readable(output.name()) + "' has channels last, " + net_.at(out).shape.text() +
                         "; the file has them before height and width, which `keep_layout` keeps");
    }
    net_.builder().outputs(outputs_);
    return {};
  }

  void name_signature(Signature& signature) const {
    for (size_t i = 0; i < signature.outputs.size(); ++i)
      signature.outputs[i].first = graph_.output(static_cast<int>(i)).name();
  }

  const ModelProto& proto_;
  const GraphProto& graph_;
  const LoadOptions& options_;
  FreeSizes sizes_;
  FreeDimensions free_;
  Net net_;
  std::vector<Scope> scopes_ = std::vector<Scope>(1);  // of the main graph, then of bodies, the innermost last
  std::string part_;                                   // behind names of tensors, in bodies
  int64_t bodies_ = 0;                                 // that were read so far
  std::unordered_set<std::string> read_;               // names that nodes and outputs read
  std::vector<int> outputs_;
  std::vector<std::string> notes_;
  std::vector<FileLayout> layouts_;
};

}  // namespace

int opset_of(const ModelProto& proto, std::string_view domain) {
  auto const plain_name = [](std::string_view d) { return d == "ai.onnx" ? std::string_view() : d; };
  for (const auto& set : proto.opset_import())
    if (plain_name(set.domain()) == plain_name(domain))
      return static_cast<int>(std::clamp<int64_t>(set.version(), 0, 1000));
  return 0;
}

Result<Reading> read_graph(const ModelProto& proto, Weights& weights, const LoadOptions& options,
                           const FreeSizes& sizes) {
  return GraphReader(proto, weights, options, sizes).run();
}

}  // namespace narrow::onnx
