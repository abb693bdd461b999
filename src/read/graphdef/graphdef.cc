#include "read/graphdef/graphdef.h"

#include "read/graphdef/freeze.h"
#include "read/graphdef/network.h"

namespace narrow {
namespace {

using graphdef::Body;
using graphdef::Network;
using graphdef::Reading;

/// Whether the file is the .meta file of a checkpoint of TensorFlow 1.
bool is_meta_graph(const SharedBytes& file) {
  tf_format::MetaGraphDef meta;
  return file.size() <= size_t{0x7fffffff} && meta.ParseFromArray(file.data(), static_cast<int>(file.size())) &&
         meta.graph_def().node_size() > 0;
}

/// The graph of a file, whose bytes are let go.
Result<std::unique_ptr<tf_format::GraphDef>> parsed_graph(SharedBytes file, const Limits& limits) {
  auto graph = std::make_unique<tf_format::GraphDef>();
  if (file.size() > size_t{0x7fffffff} || !graph->ParseFromArray(file.data(), static_cast<int>(file.size()))) {
    if (is_meta_graph(file))
      return fail(ErrorKind::unsupported, "this is the graph of a checkpoint, whose variables are in other files", "",
                  graphdef::kMetaRemedy);
    return fail(ErrorKind::bad_file, "this is no GraphDef, or a damaged one");
  }
  if (graph->node_size() > limits.ops)
    return fail(ErrorKind::limit_exceeded, "the graph has " + std::to_string(graph->node_size()) + " nodes", "",
                how_to_raise("ops"));
  return graph;
}

/// Variables of a graph that was not frozen, of whose kind there is a checkpoint beside it.
bool holds_variables(const tf_format::GraphDef& graph) {
  for (const auto& node : graph.node())
    if (node.op() == "VariableV2" || node.op() == "Variable" || node.op() == "VarHandleOp") return true;
  return false;
}

Status check_frozen(const tf_format::GraphDef& graph) {
  if (!holds_variables(graph)) return {};
  return fail(ErrorKind::unsupported, "the graph holds variables, whose values are in a checkpoint", "",
              graphdef::kFreezeRemedy);
}

void add_functions(Reading& reading, const tf_format::GraphDef& graph) {
  for (const auto& function : graph.library().function())
    reading.function_defs.emplace(function.signature().name(), &function);
}

Result<Model> read_graph(SharedBytes file, const LoadOptions& options, const Limits& limits) {
  NARROW_TRY(auto const graph, parsed_graph(std::move(file), limits));
  NARROW_CHECK(check_frozen(*graph));
  graphdef::TensorContents contents;
  graphdef::take_contents(*graph, contents);
  NARROW_TRY(Body const body, Body::of_graph(*graph));
  Reading reading(options, limits);
  reading.contents = &contents;
  add_functions(reading, *graph);
  return read_network(reading, body, {"serving_default", {}, unread_results(body)});
}

Result<std::vector<FileOp>> list_graph(SharedBytes file, const Limits& limits) {
  NARROW_TRY(auto const graph, parsed_graph(std::move(file), limits));
  graphdef::TensorContents contents;
  graphdef::take_contents(*graph, contents);
  NARROW_TRY(Body const body, Body::of_graph(*graph));
  LoadOptions const options;
  Reading reading(options, limits);
  reading.contents = &contents;
  add_functions(reading, *graph);
  return list_network(reading, body, {"serving_default", {}, unread_results(body)});
}

}  // namespace

Result<Model> read_graph_def(SharedBytes file, std::string source, const LoadOptions& options, const Limits& limits) {
  auto const bytes = static_cast<int64_t>(file.size());
  auto model = read_graph(std::move(file), options, limits);
  if (!model) return pass(std::move(model), source);
  model->source = std::move(source);
  model->file_bytes = bytes;
  return model;
}

Result<std::vector<FileOp>> list_graph_def_ops(SharedBytes file, std::string source, const Limits& limits) {
  auto ops = list_graph(std::move(file), limits);
  return ops ? std::move(ops) : pass(std::move(ops), std::move(source));
}

}  // namespace narrow
