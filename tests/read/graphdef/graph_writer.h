// Small GraphDef files, made node by node.
#pragma once

#include <graphdef.pb.h>

#include <string>
#include <vector>

#include "base/bytes.h"

namespace narrow {

class GraphWriter {
 public:
  /// Adds a node; attributes are set on what is returned.
  tf_format::NodeDef& node(const std::string& name, const std::string& op, const std::vector<std::string>& inputs) {
    tf_format::NodeDef& n = *graph.add_node();
    n.set_name(name);
    n.set_op(op);
    for (const std::string& input : inputs) n.add_input(input);
    return n;
  }
  void placeholder(const std::string& name, const std::vector<int64_t>& dims) {
    auto& attr = *node(name, "Placeholder", {}).mutable_attr();
    attr["dtype"].set_type(1);
    attr["shape"].mutable_shape();
    for (int64_t const d : dims) attr["shape"].mutable_shape()->add_dim()->set_size(d);
  }
  void floats(const std::string& name, const std::vector<int64_t>& dims, const std::vector<float>& values) {
    auto& tensor = constant(name, 1, dims);
    for (float const v : values) tensor.add_float_val(v);
  }
  void ints(const std::string& name, const std::vector<int64_t>& dims, const std::vector<int32_t>& values) {
    auto& tensor = constant(name, 3, dims);
    for (int32_t const v : values) tensor.add_int_val(v);
  }
  static void set_list(tf_format::NodeDef& n, const char* key, const std::vector<int64_t>& values) {
    auto& list = *(*n.mutable_attr())[key].mutable_list();
    for (int64_t const v : values) list.add_i(v);
  }
  /// A convolution of stride 1 with SAME padding.
  tf_format::NodeDef& conv(const std::string& name, const std::vector<std::string>& inputs,
                           const char* type = "Conv2D") {
    tf_format::NodeDef& n = node(name, type, inputs);
    set_list(n, "strides", {1, 1, 1, 1});
    (*n.mutable_attr())["padding"].set_s("SAME");
    return n;
  }
  /// A loop of TensorFlow 1 that adds `step` to `x` so often as the node `limit` says.
  void loop(const std::string& x, const std::string& step, const std::string& limit) {
    ints("zero", {}, {0});
    ints("unit", {}, {1});
    for (const auto& [name, from] : {std::pair<std::string, std::string>{"enter_i", "zero"}, {"enter_x", x}}) {
      (*node(name, "Enter", {from}).mutable_attr())["frame_name"].set_s("frame");
    }
    (*node("enter_limit", "Enter", {limit}).mutable_attr())["frame_name"].set_s("frame");
    node("merge_i", "Merge", {"enter_i", "next_i"});
    node("merge_x", "Merge", {"enter_x", "next_x"});
    node("less", "Less", {"merge_i", "enter_limit"});
    node("cond", "LoopCond", {"less"});
    node("switch_i", "Switch", {"merge_i", "cond"});
    node("switch_x", "Switch", {"merge_x", "cond"});
    node("count", "Add", {"switch_i:1", "unit"});
    node("sum", "Add", {"switch_x:1", step});
    node("next_i", "NextIteration", {"count"});
    node("next_x", "NextIteration", {"sum"});
    node("exit", "Exit", {"switch_x"});
  }

  std::string text() const { return graph.SerializeAsString(); }
  SharedBytes bytes() const {
    std::string const s = text();
    return SharedBytes::copy_of(std::span<const char>(s));
  }

  tf_format::GraphDef graph;

 private:
  tf_format::TensorProto& constant(const std::string& name, int dtype, const std::vector<int64_t>& dims) {
    auto& attr = *node(name, "Const", {}).mutable_attr();
    attr["dtype"].set_type(dtype);
    auto& tensor = *attr["value"].mutable_tensor();
    tensor.set_dtype(dtype);
    tensor.mutable_tensor_shape();
    for (int64_t const d : dims) tensor.mutable_tensor_shape()->add_dim()->set_size(d);
    return tensor;
  }
};

}  // namespace narrow
