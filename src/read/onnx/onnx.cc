#include "read/onnx/onnx.h"

#include <algorithm>

#include "base/printable.h"
#include "onnx.pb.h"
#include "read/onnx/free_batch.h"
#include "read/onnx/graph_reader.h"
#include "read/onnx/inline_functions.h"
#include "read/onnx/op_table.h"

namespace narrow {
namespace {

using onnx::FreeSizes;
using onnx::Reading;
using onnx_format::ModelProto;

constexpr int kOldestOpset = 6;
constexpr int kNewestOpset = 28;

Status parse_onnx(SharedBytes file, const std::string& source, const Limits& limits, ModelProto& proto) {
  if (file.size() > static_cast<size_t>(std::numeric_limits<int>::max()))
    return fail(ErrorKind::limit_exceeded, "the file has more than 2^31 - 1 bytes", source);
  if (!proto.ParseFromArray(file.data(), static_cast<int>(file.size())))
    return fail(ErrorKind::bad_file, "the file is damaged or cut off: it is not a whole ONNX model", source);
  if (!proto.has_graph()) return fail(ErrorKind::bad_file, "the ONNX model has no graph", source);
  if (proto.graph().node_size() > limits.ops)
    return fail(ErrorKind::limit_exceeded, "the graph has more than " + std::to_string(limits.ops) + " nodes", source,
                how_to_raise("ops"));
  return {};
}

Status check_versions(const ModelProto& proto) {
  int const opset = onnx::opset_of(proto, "");
  if (opset < kOldestOpset || opset > kNewestOpset)
    return fail(ErrorKind::unsupported,
                "operator set " + std::to_string(opset) + " cannot be read; " + std::to_string(kOldestOpset) + " to " +
                    std::to_string(kNewestOpset) + " can",
                {}, "convert the model with onnx.version_converter");
  return {};
}

/// The first input of which the file leaves more than the batch free and the options say nothing, or nothing.
std::string partly_free_input(const ModelProto& proto, const LoadOptions& options) {
  for (const auto& input : proto.graph().input()) {
    auto const given = [&](const InputShape& s) { return s.input == input.name(); };
    if (std::any_of(options.shape.begin(), options.shape.end(), given)) continue;
    const auto& dims = input.type().tensor_type().shape().dim();
    for (int d = 1; d < dims.size(); ++d)
      if (!dims[d].has_dim_value() || dims[d].dim_value() <= 0) return readable(input.name());
  }
  return {};
}

/// Sizes beside 1 for free heights and widths, which may be too small for windows.
constexpr int32_t kSizes[] = {32, 128, 512};

Result<Model> read_with_free_dimensions(const ModelProto& proto, onnx::Weights& weights, const LoadOptions& options) {
  Result<Reading> first = onnx::read_graph(proto, weights, options, {});
  int32_t other = 1;
  if (!first && first.error().kind != ErrorKind::limit_exceeded && !partly_free_input(proto, {}).empty())
    for (int32_t size : kSizes) {
      auto again = onnx::read_graph(proto, weights, options, {.other = size});
      if (!again || !again->free.other) continue;
      first = std::move(again);
      other = size;
      break;
    }
  if (!first && first.error().remedy.empty() && first.error().kind == ErrorKind::bad_file)
    if (std::string const input = partly_free_input(proto, options); !input.empty())
      first.error().remedy = "`shape` gives the sizes that the file leaves free of input '" + input + "'";
  if (!first) return pass(std::move(first));
  Model model = std::move(first->model);
  onnx::FreeDimensions const free = first->free;
  if (!free.batch && !free.other) return model;
  for (int32_t more : {1, 0}) {
    if (more == 0 && !free.batch) break;
    FreeSizes const sizes{.batch = 2, .other = other + more};
    auto const second = onnx::read_graph(proto, weights, options, sizes);
    if (second && onnx::free_where_different(model, second->model)) return model;
    if (!free.other) break;
  }
  model.notes.emplace_back("free dimensions of the file are fixed: shapes of the graph do not follow from them");
  return model;
}

/// The nodes of a graph, each followed by those of its bodies.
void list_nodes(const onnx_format::GraphProto& graph, std::vector<FileOp>& out) {
  for (const auto& node : graph.node()) {
    std::string const type = (node.domain().empty() ? "" : node.domain() + ".") + node.op_type();
    bool const known = onnx::find_row(node.domain(), node.op_type()) != nullptr;
    out.push_back({node.name().empty() && node.output_size() > 0 ? node.output(0) : node.name(), type,
                   known ? "" : "no form in narrow"});
    for (const auto& a : node.attribute())
      if (a.has_g()) list_nodes(a.g(), out);
  }
}

}  // namespace

Result<Model> read_onnx(SharedBytes file, std::string source, const LoadOptions& options, const Limits& limits) {
  ModelProto proto;
  NARROW_CHECK(parse_onnx(file, source, limits, proto));
  auto const bytes = static_cast<int64_t>(file.size());
  file = {};
  if (auto ok = check_versions(proto); !ok) return pass(std::move(ok), source);
  if (auto ok = onnx::inline_functions(proto, limits); !ok) return pass(std::move(ok), source);
  onnx::Weights weights(proto);
  auto model = read_with_free_dimensions(proto, weights, options);
  if (!model) return pass(std::move(model), source);
  model->source = std::move(source);
  model->file_bytes = bytes;
  return model;
}

Result<std::vector<FileOp>> list_onnx_ops(SharedBytes file, std::string source, const Limits& limits) {
  ModelProto proto;
  NARROW_CHECK(parse_onnx(std::move(file), source, limits, proto));
  NARROW_CHECK(onnx::inline_functions(proto, limits));
  std::vector<FileOp> out;
  list_nodes(proto.graph(), out);
  return out;
}

}  // namespace narrow
