#include "read/onnx/inline_functions.h"

#include <map>
#include <string>
#include <utility>

#include "base/printable.h"
#include "read/onnx/graph_reader.h"

namespace narrow::onnx {
namespace {

using onnx_format::AttributeProto;
using onnx_format::FunctionProto;
using onnx_format::GraphProto;
using onnx_format::ModelProto;
using onnx_format::NodeProto;
using Nodes = google::protobuf::RepeatedPtrField<NodeProto>;

constexpr int kDeepestCall = 32;
constexpr int64_t kMostBytes = int64_t{1} << 30;

/// The nodes of one call: names inside of the function become those of the caller, or get ones of their own.
class Call {
 public:
  Call(const FunctionProto& function, const NodeProto& node, std::string prefix)
      : function_(function), node_(node), prefix_(std::move(prefix)) {
    for (int i = 0; i < function.input_size(); ++i)
      names_[function.input(i)] = i < node.input_size() ? node.input(i) : std::string();
    for (int i = 0; i < function.output_size(); ++i)
      if (i < node.output_size() && !node.output(i).empty()) names_[function.output(i)] = node.output(i);
  }

  Nodes nodes() {
    Nodes out = function_.node();
    for (NodeProto& n : out) adapt(n);
    return out;
  }

 private:
  void rename(std::string* name) {
    if (name->empty()) return;
    auto const at = names_.find(*name);
    *name = at == names_.end() ? prefix_ + *name : at->second;
  }

  /// The attribute of the call, or the function's default; null where there is neither.
  const AttributeProto* given(const std::string& name) const {
    for (const auto& a : node_.attribute())
      if (a.name() == name) return &a;
    for (const auto& a : function_.attribute_proto())
      if (a.name() == name) return &a;
    return nullptr;
  }

  void adapt(NodeProto& n) {
    for (std::string& name : *n.mutable_input()) rename(&name);
    for (std::string& name : *n.mutable_output()) rename(&name);
    if (!n.name().empty()) n.set_name(prefix_ + n.name());
    google::protobuf::RepeatedPtrField<AttributeProto> attributes;
    for (const AttributeProto& a : n.attribute()) {
      const AttributeProto* const from = a.ref_attr_name().empty() ? &a : given(a.ref_attr_name());
      if (!from) continue;
      AttributeProto& to = *attributes.Add();
      to = *from;
      to.set_name(a.name());
      if (from == &a && to.has_g()) adapt(*to.mutable_g());
    }
    *n.mutable_attribute() = std::move(attributes);
  }

  void adapt(GraphProto& g) {
    for (auto& i : *g.mutable_input()) rename(i.mutable_name());
    for (auto& i : *g.mutable_initializer()) rename(i.mutable_name());
    for (auto& o : *g.mutable_output()) rename(o.mutable_name());
    for (NodeProto& n : *g.mutable_node()) adapt(n);
  }

  const FunctionProto& function_;
  const NodeProto& node_;
  std::string prefix_;
  std::map<std::string, std::string> names_;
};

class Inliner {
 public:
  Inliner(const ModelProto& proto, const Limits& limits) : limits_(limits) {
    for (const auto& f : proto.functions()) functions_[{f.domain(), f.name()}] = &f;
  }

  Status expand(Nodes& nodes, int depth) {
    if (depth > kDeepestCall) return fail(ErrorKind::limit_exceeded, "functions of the model call each other too deep");
    Nodes out;
    for (NodeProto& n : nodes) {
      if (++nodes_ > limits_.ops)
        return fail(ErrorKind::limit_exceeded, "functions make more than " + std::to_string(limits_.ops) + " nodes", {},
                    how_to_raise("ops"));
      for (auto& a : *n.mutable_attribute())
        if (a.has_g()) NARROW_CHECK(expand(*a.mutable_g()->mutable_node(), depth + 1));
      auto const at = functions_.find({n.domain(), n.op_type()});
      if (at == functions_.end()) {
        *out.Add() = std::move(n);
        continue;
      }
      bytes_ += static_cast<int64_t>(at->second->ByteSizeLong());
      if (bytes_ > kMostBytes) return fail(ErrorKind::limit_exceeded, "functions make more than 2^30 bytes of nodes");
      Nodes body = Call(*at->second, n, at->second->name() + std::to_string(++calls_) + "/").nodes();
      NARROW_CHECK(expand(body, depth + 1));
      for (NodeProto& b : body) *out.Add() = std::move(b);
    }
    nodes = std::move(out);
    return {};
  }

 private:
  const Limits& limits_;
  std::map<std::pair<std::string, std::string>, const FunctionProto*> functions_;
  int64_t nodes_ = 0, calls_ = 0, bytes_ = 0;
};

}  // namespace

Status inline_functions(ModelProto& proto, const Limits& limits) {
  if (proto.functions_size() == 0) return {};
  int const opset = opset_of(proto, "");
  for (const auto& f : proto.functions())
    for (const auto& set : f.opset_import())
      if ((set.domain().empty() || set.domain() == "ai.onnx") && set.version() != opset)
        return fail(ErrorKind::unsupported, "function '" + readable(f.name()) + "' of operator set " +
                                                std::to_string(set.version()) + " in a model of set " +
                                                std::to_string(opset) + " cannot be read");
  return Inliner(proto, limits).expand(*proto.mutable_graph()->mutable_node(), 0);
}

}  // namespace narrow::onnx
