// Small ONNX files, built field by field.
#pragma once

#include <string>
#include <vector>

#include "onnx.pb.h"

namespace narrow {

/// An ONNX model with one graph; nodes are added in order.
class OnnxFile {
 public:
  explicit OnnxFile(int64_t opset = 17) {
    proto_.set_ir_version(8);
    proto_.set_producer_name("test");
    proto_.add_opset_import()->set_version(opset);
    proto_.mutable_graph()->set_name("g");
  }

  onnx_format::GraphProto& graph() { return *proto_.mutable_graph(); }
  onnx_format::ModelProto& proto() { return proto_; }

  /// A float input; a size of 0 is a free dimension.
  OnnxFile& input(const std::string& name, const std::vector<int64_t>& dims) {
    auto& type = *graph().add_input();
    type.set_name(name);
    auto& tensor = *type.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(1);
    for (int64_t d : dims) {
      auto& dim = *tensor.mutable_shape()->add_dim();
      if (d > 0) dim.set_dim_value(d);
      if (d == 0) dim.set_dim_param("n");
    }
    return *this;
  }
  OnnxFile& output(const std::string& name) {
    graph().add_output()->set_name(name);
    return *this;
  }
  /// 0, 1, 2, ... divided by the number of elements.
  OnnxFile& floats(const std::string& name, const std::vector<int64_t>& dims) {
    int64_t elements = 1;
    for (int64_t d : dims) elements *= d;
    auto& t = tensor(name, 1, dims);
    for (int64_t i = 0; i < elements; ++i) t.add_float_data(static_cast<float>(i) / static_cast<float>(elements));
    return *this;
  }
  OnnxFile& integers(const std::string& name, const std::vector<int64_t>& values) {
    auto& t = tensor(name, 7, {static_cast<int64_t>(values.size())});
    for (int64_t v : values) t.add_int64_data(v);
    return *this;
  }
  onnx_format::TensorProto& tensor(const std::string& name, int type, const std::vector<int64_t>& dims) {
    auto& t = *graph().add_initializer();
    t.set_name(name);
    t.set_data_type(type);
    for (int64_t d : dims) t.add_dims(d);
    return t;
  }
  onnx_format::NodeProto& node(const std::string& type, const std::vector<std::string>& in, const std::string& out) {
    auto& n = *graph().add_node();
    n.set_op_type(type);
    for (const auto& i : in) n.add_input(i);
    n.add_output(out);
    return n;
  }
  static void set(onnx_format::NodeProto& node, const std::string& name, const std::vector<int64_t>& values) {
    auto& a = *node.add_attribute();
    a.set_name(name);
    for (int64_t v : values) a.add_ints(v);
  }

  std::string bytes() const { return proto_.SerializeAsString(); }

  /// A convolution with padding, a pool, and a dense layer over the flattened image, with channels first.
  static OnnxFile network(int64_t batch = 0) {
    OnnxFile f;
    f.input("image", {batch, 2, 6, 6}).floats("w", {3, 2, 3, 3}).floats("b", {3});
    set(f.node("Conv", {"image", "w", "b"}, "conv"), "pads", {1, 1, 1, 1});
    f.node("Relu", {"conv"}, "relu");
    auto& pool = f.node("MaxPool", {"relu"}, "pool");
    set(pool, "kernel_shape", {2, 2});
    set(pool, "strides", {2, 2});
    f.node("Flatten", {"pool"}, "flat");
    f.floats("dense", {27, 4});
    f.node("MatMul", {"flat", "dense"}, "scores");
    f.output("scores");
    return f;
  }

 private:
  onnx_format::ModelProto proto_;
};

}  // namespace narrow
