// SavedModel folders: a graph with its functions, signatures that name its inputs and outputs, and variables, whose
// values the graph's own restore operation assigns; and checkpoints of TensorFlow 1, whose .meta file is such a graph
// without signatures.
#include <algorithm>

#include "base/file.h"
#include "graph/same_graph.h"
#include "read/graphdef/bundle.h"
#include "read/graphdef/graphdef.h"
#include "read/graphdef/network.h"

namespace narrow {
namespace {

using graphdef::Body;
using graphdef::Bundle;
using graphdef::Network;
using graphdef::Reading;
using graphdef::Source;
using graphdef::Value;

constexpr const char* kMetaSuffix = ".meta";

struct Saved {
  std::shared_ptr<const graphdef::TensorContents> contents;
  std::shared_ptr<const tf_format::SavedModel> file;  // owns the rest
  const tf_format::MetaGraphDef* graph = nullptr;
  Body body;
  std::vector<Network> networks;  // one for each signature, the default one first
  std::string variables;          // path of their files without ".index"
  int64_t bytes = 0;
};

/// The graph for serving, or the only one.
const tf_format::MetaGraphDef* serving_graph(const tf_format::SavedModel& file) {
  for (const auto& graph : file.meta_graphs())
    for (const std::string& tag : graph.meta_info_def().tags())
      if (tag == "serve") return &graph;
  return file.meta_graphs_size() > 0 ? &file.meta_graphs(0) : nullptr;
}

std::vector<std::pair<std::string, std::string>> ends_of(
    const google::protobuf::Map<std::string, tf_format::TensorInfo>& infos) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [name, info] : infos) out.emplace_back(name, info.name());
  std::sort(out.begin(), out.end());
  return out;
}

/// Takes the graph of a file into `saved`.
Status hold(std::shared_ptr<tf_format::SavedModel> file, Saved& saved, const Limits& limits) {
  graphdef::TensorContents contents;
  for (auto& graph : *file->mutable_meta_graphs()) graphdef::take_contents(*graph.mutable_graph_def(), contents);
  saved.contents = std::make_shared<const graphdef::TensorContents>(std::move(contents));
  saved.graph = serving_graph(*file);
  saved.file = std::move(file);
  if (!saved.graph) return fail(ErrorKind::bad_file, "saved_model.pb holds no graph");
  if (saved.graph->graph_def().node_size() > limits.ops)
    return fail(ErrorKind::limit_exceeded, "the graph has too many nodes", "", how_to_raise("ops"));
  NARROW_TRY(saved.body, Body::of_graph(saved.graph->graph_def()));
  return {};
}

/// The graph in a .meta file, beside which the variables lie.
Result<Saved> open_checkpoint(const std::string& path, const Limits& limits) {
  NARROW_TRY(SharedBytes const bytes, read_file(path, limits.file_bytes));
  auto file = std::make_shared<tf_format::SavedModel>();
  if (bytes.size() > size_t{0x7fffffff} ||
      !file->add_meta_graphs()->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !file->meta_graphs(0).has_graph_def())
    return fail(ErrorKind::bad_file, "this is no graph of a checkpoint, or a damaged one");
  Saved saved;
  saved.bytes = static_cast<int64_t>(bytes.size());
  saved.variables = path.substr(0, path.size() - std::string_view(kMetaSuffix).size());
  NARROW_CHECK(hold(std::move(file), saved, limits));
  const std::string& restore = saved.graph->saver_def().restore_op_name();
  std::string const saver = restore.substr(0, restore.rfind('/') + 1);  // nodes that save and restore
  Network network{"serving_default", {}, {}};
  for (auto& result : graphdef::unread_results(saved.body))
    if (saver.empty() || !result.first.starts_with(saver)) network.outputs.push_back(std::move(result));
  saved.networks.push_back(std::move(network));
  return saved;
}

Result<Saved> open_saved(const std::string& folder, const Limits& limits) {
  NARROW_TRY(SharedBytes bytes, read_file(folder + "/saved_model.pb", limits.file_bytes));
  auto file = std::make_shared<tf_format::SavedModel>();
  if (bytes.size() > size_t{0x7fffffff} || !file->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(ErrorKind::bad_file, "saved_model.pb is no SavedModel, or a damaged one");
  Saved saved;
  saved.bytes = static_cast<int64_t>(bytes.size());
  saved.variables = folder + "/variables/variables";
  bytes = {};
  NARROW_CHECK(hold(std::move(file), saved, limits));
  for (const auto& [key, signature] : saved.graph->signature_def())
    if (!key.starts_with("__saved_model"))
      saved.networks.push_back({key, ends_of(signature.inputs()), ends_of(signature.outputs())});
  std::sort(saved.networks.begin(), saved.networks.end(), [](const Network& a, const Network& b) {
    bool const first = a.signature == "serving_default", other = b.signature == "serving_default";
    return first != other ? first : a.signature < b.signature;
  });
  if (saved.networks.empty())
    return fail(ErrorKind::unsupported, "the SavedModel has no signature, so that its inputs and outputs are not known",
                "", "save it with `signatures=`, or export a Keras model with `model.export`");
  return saved;
}

void prepare(Reading& reading, const Saved& saved) {
  reading.contents = saved.contents.get();
  for (const auto& function : saved.graph->graph_def().library().function())
    reading.function_defs.emplace(function.signature().name(), &function);
}

bool has_variables(const Saved& saved) {
  const auto& nodes = saved.graph->graph_def().node();
  return std::any_of(nodes.begin(), nodes.end(), [](const tf_format::NodeDef& node) {
    return node.op() == "VarHandleOp" || node.op() == "VariableV2" || node.op() == "Variable";
  });
}

/// The values of all variables, as the restore operation of the graph assigns them.
Result<std::map<std::string, Value>> variables_of(const Saved& saved, const LoadOptions& options, const Limits& limits,
                                                  int64_t& bytes) {
  const std::string& restore = saved.graph->saver_def().restore_op_name();
  auto index = read_file(saved.variables + ".index", limits.file_bytes);
  if (!index && has_variables(saved)) return pass(std::move(index), "the variables of the model");
  if (restore.empty() || !index) return std::map<std::string, Value>();  // a network of constants has none
  bytes += static_cast<int64_t>(index->size());
  auto bundle = Bundle::read(*index, saved.variables, limits);
  if (!bundle) return pass(std::move(bundle), saved.variables + ".index");
  Reading reading(options, limits);
  prepare(reading, saved);
  reading.restoring = true;
  reading.bundle = &*bundle;
  int const node = saved.body.find(restore);
  if (node < 0) return fail(ErrorKind::bad_file, "the restore operation '" + restore + "' is not there");
  // The name of the file, which restoring asks for, is known already.
  std::map<Source, Value> given;
  Source const name = saved.body.source(saved.graph->saver_def().filename_tensor_name());
  if (name.node >= 0) given.emplace(name, Value{});
  auto done = trace(reading, saved.body, {}, {{node, 0}}, given, true);
  if (!done) return pass(std::move(done), "restoring variables");
  for (const auto& [key, entry] : bundle->entries()) bytes += std::max<int64_t>(entry.size(), 0);
  return std::move(reading.variables);
}

Result<Model> read_saved(const Result<Saved>& opened, const LoadOptions& options, const Limits& limits) {
  if (!opened) return tl::unexpected<Error>(opened.error());
  const Saved& saved = *opened;
  int64_t bytes = saved.bytes;
  NARROW_TRY(auto const variables, variables_of(saved, options, limits, bytes));
  Model out;
  std::vector<std::string> notes;
  for (const Network& network : saved.networks) {
    Reading reading(options, limits);
    prepare(reading, saved);
    reading.variables = variables;
    auto model = read_network(reading, saved.body, network);
    if (!model && out.graphs.empty()) return pass(std::move(model), "signature '" + network.signature + "'");
    if (!model) {
      notes.push_back("signature '" + network.signature + "' is left out: " + model.error().what);
      continue;
    }
    if (out.graphs.empty()) {
      out = std::move(*model);
      continue;
    }
    Signature signature = std::move(model->signatures.front());
    // Keras exports one function under two keys; that is one graph, which needs calibrating once.
    auto const same = std::find_if(out.graphs.begin(), out.graphs.end(), [&](const Graph& earlier) {
      return same_but_for_names(earlier, model->graphs.front());
    });
    signature.graph = static_cast<int>(same - out.graphs.begin());
    if (same == out.graphs.end()) out.graphs.push_back(std::move(model->graphs.front()));
    out.signatures.push_back(std::move(signature));
  }
  out.notes.insert(out.notes.end(), notes.begin(), notes.end());
  out.file_bytes = bytes;
  return out;
}

Result<std::vector<FileOp>> list_saved(const Result<Saved>& opened, const Limits& limits) {
  if (!opened) return tl::unexpected<Error>(opened.error());
  const Saved& saved = *opened;
  LoadOptions const options;
  Reading reading(options, limits);
  prepare(reading, saved);
  return list_network(reading, saved.body, saved.networks.front());
}

}  // namespace

Result<Model> read_saved_model(const std::string& folder, const LoadOptions& options, const Limits& limits) {
  auto model = read_saved(open_saved(folder, limits), options, limits);
  if (!model) return pass(std::move(model), folder);
  model->source = folder;
  return model;
}

Result<std::vector<FileOp>> list_saved_model_ops(const std::string& folder, const Limits& limits) {
  auto ops = list_saved(open_saved(folder, limits), limits);
  return ops ? std::move(ops) : pass(std::move(ops), folder);
}

bool is_checkpoint(const std::string& path) {
  return path.ends_with(kMetaSuffix);
}

Result<Model> read_checkpoint(const std::string& path, const LoadOptions& options, const Limits& limits) {
  auto model = read_saved(open_checkpoint(path, limits), options, limits);
  if (!model) return pass(std::move(model), path);
  model->source = path;
  return model;
}

Result<std::vector<FileOp>> list_checkpoint_ops(const std::string& path, const Limits& limits) {
  auto ops = list_saved(open_checkpoint(path, limits), limits);
  return ops ? std::move(ops) : pass(std::move(ops), path);
}

}  // namespace narrow
