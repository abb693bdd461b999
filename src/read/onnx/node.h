// Node: one node of an ONNX graph as the functions that read ops see it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "onnx.pb.h"
#include "read/onnx/net.h"

namespace narrow::onnx {

/// How a node becomes narrow's ops: a row of the table of its family.
struct OpRow;

/// A node with its operands, which are there already. What a function reads of attributes is written down, so that an
/// attribute that no one has asked for is an error and not silently left out.
class Node {
 public:
  Node(const onnx_format::NodeProto& proto, const OpRow& of, int version, Net& graph, std::vector<Value> operands,
       std::vector<bool> wanted, std::string more = {})
      : net(graph),
        row(of),
        opset(version),
        proto_(proto),
        inputs_(std::move(operands)),
        wanted_(std::move(wanted)),
        results_(outputs()),
        more_(std::move(more)) {}

  /// The node as one of another type with these operands, whose results are called as this node's are, and more.
  Node as(const OpRow& of, int version, std::vector<Value> operands, std::string more) const {
    return {proto_, of, version, net, std::move(operands), wanted_, more_ + std::move(more)};
  }

  Net& net;
  const OpRow& row;
  const int opset;  // version of the node's operator set

  size_t inputs() const { return inputs_.size(); }
  size_t outputs() const { return static_cast<size_t>(proto_.output_size()); }
  bool has(size_t i) const { return i < inputs_.size() && inputs_[i].tensor != kNoTensor; }
  const Value& in(size_t i) const { return inputs_[i]; }
  /// The operand's shape in the order of the file.
  Shape shape(size_t i) const { return net.shape(in(i)); }
  const Tensor& tensor(size_t i) const { return net.at(in(i)); }
  /// Whether result i has a name that another node or an output of the graph reads.
  bool wants(size_t i) const { return i < wanted_.size() && wanted_[i]; }
  std::string name(size_t i = 0) const;

  bool has_attribute(const char* name);
  int64_t integer(const char* name, int64_t otherwise);
  float real(const char* name, float otherwise);
  std::string text(const char* name, const char* otherwise);
  std::vector<int64_t> integers(const char* name, std::vector<int64_t> otherwise = {});
  std::vector<float> reals(const char* name);
  std::vector<std::string> texts(const char* name);
  const onnx_format::TensorProto* constant(const char* name);
  const onnx_format::GraphProto* graph(const char* name);
  /// An attribute that changes nothing in what is computed here.
  void ignore(const char* name) { find(name); }
  /// All of them are read elsewhere.
  void ignore_all() {
    for (const auto& a : proto_.attribute()) read_.insert(a.name());
  }

  /// The integers of an operand that must be known; unsupported where it is computed.
  Result<std::vector<int64_t>> known(size_t i, const char* what) const;
  /// The values of an operand that must be a constant of floats, in the order of the file.
  Result<std::vector<float>> known_reals(size_t i, const char* what) const;
  /// From operand i where the operator set has it there, else from the attribute; `given` says whether there is any.
  Result<std::vector<int64_t>> from_either(size_t i, const char* attribute, bool& given);
  Result<int> axis(int64_t axis, int rank) const;

  /// Result i of the node.
  Status give(const Value& v, size_t i = 0);
  /// The same in the order of the file.
  Status give_plain(int tensor, size_t i = 0) { return give({tensor, plain(net.at(tensor).shape.rank())}, i); }
  Status give(Result<int> tensor, const Order& order);
  Status give_plain(Result<int> tensor);

  const std::vector<Value>& results() const { return results_; }
  /// An attribute that the function has not asked for; empty where there is none.
  std::string unread_attribute() const;

 private:
  const onnx_format::AttributeProto* find(const char* name);

  const onnx_format::NodeProto& proto_;
  std::vector<Value> inputs_;
  std::vector<bool> wanted_;
  std::vector<Value> results_;
  std::set<std::string> read_;
  std::string more_;  // behind names
};

struct OpRow {
  const char* type;
  Status (*read)(Node&);  // null: its attributes are graphs (control_flow.h)
  size_t min_inputs = 1;
  size_t max_inputs = 1;
  const char* as = nullptr;  // narrow's op, where one function reads several
  const char* domain = "";
};

inline constexpr size_t kAnyInputs = 1 << 20;

/// Operands in one order of dimensions, which is that of the first computed one with the most dimensions.
struct Aligned {
  std::vector<int> tensors;
  Order order;
};
/// The first `count` operands of a node, for an op that broadcasts them.
Result<Aligned> align(Node& n, size_t count);

/// What a node cannot be, in the words of the specification.
tl::unexpected<Error> not_here(const std::string& what);

}  // namespace narrow::onnx
