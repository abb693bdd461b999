#include "tflite/write.h"

#include <algorithm>

#include "tflite/arithmetic.h"
#include "tflite/passthrough.h"
#include "tflite/runtime_version.h"
#include "tflite/stateless.h"
#include "tflite/write_op.h"
#include "tflite/write_tensor.h"

namespace narrow {
namespace {

template <class T>
using Vector = flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<T>>>;

/// State of writing one file.
struct Writer {
  const Model& model;
  const std::string& stateless;  // text of its entry; empty: none
  Builder builder;
  BufferTable buffers{builder};
  OpCodeTable codes{builder};
  std::vector<std::vector<int>> positions{};  // per graph: a tensor's place in the file, -1 where it is left out

  flatbuffers::FlatBufferBuilder& fbb() { return builder.fbb(); }
};

/// Whether anything refers to each tensor.
std::vector<bool> used_tensors(const Model& model, size_t graph_index) {
  const Graph& graph = model.graphs[graph_index];
  std::vector<bool> used(graph.tensors.size(), false);
  auto mark = [&](int t) {
    if (t >= 0 && static_cast<size_t>(t) < used.size()) used[static_cast<size_t>(t)] = true;
  };
  auto mark_all = [&](const std::vector<int>& list) { std::for_each(list.begin(), list.end(), mark); };
  mark_all(graph.inputs);
  mark_all(graph.outputs);
  for (const Op& op : graph.ops) {
    mark_all(op.inputs);
    mark_all(op.outputs);
    mark_all(op.intermediates);
  }
  for (const Signature& s : model.signatures)
    if (s.graph == static_cast<int>(graph_index)) {
      for (const auto& [name, t] : s.inputs) mark(t);
      for (const auto& [name, t] : s.outputs) mark(t);
    }
  // Fields that are passed through may contain tensor indices, which cannot be changed: every tensor keeps its place.
  for (const Tensor& t : graph.tensors)
    if (auto const* passthrough = dynamic_cast<const PassthroughTensor*>(t.passthrough.get());
        passthrough && passthrough->names_tensors)
      used.assign(used.size(), true);
  return used;
}

std::vector<int> places(const std::vector<bool>& used) {
  std::vector<int> out(used.size(), -1);
  int next = 0;
  for (size_t t = 0; t < used.size(); ++t)
    if (used[t]) out[t] = next++;
  return out;
}

Result<flatbuffers::Offset<format::SubGraph>> write_graph(Writer& w, const Graph& graph,
                                                          const std::vector<int>& position) {
  std::vector<flatbuffers::Offset<format::Tensor>> tensors;
  for (size_t t = 0; t < graph.tensors.size(); ++t)
    if (position[t] >= 0) tensors.push_back(write_tensor(w.builder, w.buffers, graph.tensors[t]));
  std::vector<flatbuffers::Offset<format::Operator>> ops;
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    auto op = write_op(w.builder, w.codes, graph.ops[i], position);
    if (!op) return pass(std::move(op), op_label(graph, i));
    ops.push_back(*op);
  }
  auto const tensor_list = w.fbb().CreateVector(tensors);
  auto const op_list = w.fbb().CreateVector(ops);
  auto const inputs = write_indices(w.builder, graph.inputs, position);
  auto const outputs = write_indices(w.builder, graph.outputs, position);
  auto const* passthrough = dynamic_cast<const PassthroughGraph*>(graph.passthrough.get());
  return format::CreateSubGraph(w.fbb(), tensor_list, inputs, outputs, op_list, w.builder.text(graph.name),
                                passthrough ? passthrough->debug_metadata_index : -1);
}

Result<Vector<format::SubGraph>> write_graphs(Writer& w) {
  std::vector<flatbuffers::Offset<format::SubGraph>> out;
  for (size_t g = 0; g < w.model.graphs.size(); ++g) {
    w.positions.push_back(places(used_tensors(w.model, g)));
    auto graph = write_graph(w, w.model.graphs[g], w.positions.back());
    if (!graph) return pass(std::move(graph), "graph " + std::to_string(g));
    out.push_back(*graph);
  }
  return w.fbb().CreateVector(out);
}

Vector<format::TensorMap> write_names(Writer& w, const std::vector<std::pair<std::string, int>>& names,
                                      const std::vector<int>& position) {
  std::vector<flatbuffers::Offset<format::TensorMap>> out;
  for (const auto& [name, t] : names)
    out.push_back(format::CreateTensorMap(w.fbb(), w.builder.text(name),
                                          static_cast<uint32_t>(position[static_cast<size_t>(t)])));
  return w.fbb().CreateVector(out);
}

Vector<format::SignatureDef> write_signatures(Writer& w, const PassthroughModel* passthrough) {
  std::vector<flatbuffers::Offset<format::SignatureDef>> out;
  for (const Signature& s : w.model.signatures) {
    const std::vector<int>& position = w.positions[static_cast<size_t>(s.graph)];
    auto const inputs = write_names(w, s.inputs, position), outputs = write_names(w, s.outputs, position);
    auto const key = w.builder.text(s.key);
    auto const tag =
        passthrough ? passthrough->signature_tags.find(s.key) : std::map<std::string, std::string>::const_iterator();
    bool const tagged = passthrough && tag != passthrough->signature_tags.end();
    out.push_back(format::CreateSignatureDef(w.fbb(), inputs, outputs, key, tagged ? w.builder.text(tag->second) : 0,
                                             static_cast<uint32_t>(s.graph)));
  }
  return out.empty() ? Vector<format::SignatureDef>() : w.fbb().CreateVector(out);
}

/// The metadata of the model, including the runtime version.
Vector<format::Metadata> write_metadata(Writer& w, const Bytes& runtime_version) {
  std::vector<flatbuffers::Offset<format::Metadata>> out;
  auto add = [&](const std::string& name, std::span<const std::byte> bytes) {
    uint32_t const buffer = w.buffers.add(bytes);
    out.push_back(format::CreateMetadata(w.fbb(), w.builder.text(name), buffer));
  };
  bool noted = false;
  for (const auto& [name, data] : w.model.metadata) {
    bool const version = name == kRuntimeVersionName;
    noted = noted || version;
    add(name, version ? std::span<const std::byte>(runtime_version) : data.bytes());
  }
  if (!noted) add(kRuntimeVersionName, runtime_version);
  if (auto const text = arithmetic_text(w.model)) add(kArithmeticEntry, std::as_bytes(std::span(*text)));
  if (!w.stateless.empty()) add(kStatelessEntry, std::as_bytes(std::span(w.stateless)));
  return w.fbb().CreateVector(out);
}

flatbuffers::Offset<flatbuffers::Vector<int32_t>> write_metadata_list(Writer& w, const PassthroughModel* passthrough) {
  if (!passthrough || passthrough->metadata_buffers.empty()) return 0;
  std::vector<int32_t> out;
  for (const SharedBytes& b : passthrough->metadata_buffers)
    out.push_back(static_cast<int32_t>(w.buffers.add(b.bytes())));
  return w.fbb().CreateVector(out);
}

Vector<format::ExternalBufferGroup> write_groups(Writer& w, const format::ModelT& rest) {
  std::vector<flatbuffers::Offset<format::ExternalBufferGroup>> out;
  for (auto const& g : rest.external_buffer_groups) out.push_back(format::CreateExternalBufferGroup(w.fbb(), g.get()));
  return out.empty() ? Vector<format::ExternalBufferGroup>() : w.fbb().CreateVector(out);
}

Vector<format::ExternalBuffer> write_external(Writer& w, const format::ModelT& rest) {
  std::vector<flatbuffers::Offset<format::ExternalBuffer>> out;
  for (auto const& b : rest.external_buffers) out.push_back(format::CreateExternalBuffer(w.fbb(), b.get()));
  return out.empty() ? Vector<format::ExternalBuffer>() : w.fbb().CreateVector(out);
}

/// The bytes of the constants plus an upper bound of everything else, including alignment.
struct Size {
  size_t constants = 0;
  size_t rest = 4096;
  size_t all() const { return constants + rest; }
};

template <class Kept>
size_t kept_size(const std::shared_ptr<const Passthrough>& passthrough) {
  auto const* kept = dynamic_cast<const Kept*>(passthrough.get());
  return kept ? 2 * kept->table.size() : 0;
}

Size size_of(const Model& model) {
  constexpr size_t kTable = 256;  // more than any table of the format without its vectors, its vtable included
  Size out;
  std::map<const std::byte*, size_t> seen;  // constants that share their bytes share a buffer
  auto add = [&](const SharedBytes& b) {
    size_t& known = seen[b.data()];
    if (b.size() > known) out.constants += b.size() - known + kTable;
    known = std::max(known, b.size());
  };
  for (const Graph& g : model.graphs) {
    out.rest += kTable + g.name.size() + 4 * (g.inputs.size() + g.outputs.size());
    for (const Tensor& t : g.tensors) {
      add(t.data);
      out.rest += kTable + t.name.size() + 8 * t.shape.dims().size() + 12 * t.quantization.scales.size() +
                  kept_size<PassthroughTensor>(t.passthrough);
    }
    for (const Op& op : g.ops)
      out.rest += 3 * kTable + op.type.size() + 4 * (op.inputs.size() + op.outputs.size() + op.intermediates.size()) +
                  kept_size<PassthroughOp>(op.passthrough);
  }
  for (const Signature& s : model.signatures) {
    out.rest += 2 * kTable + s.key.size();
    for (const auto& [name, t] : s.inputs) out.rest += kTable + name.size();
    for (const auto& [name, t] : s.outputs) out.rest += kTable + name.size();
  }
  for (const auto& [name, data] : model.metadata) {
    add(data);
    out.rest += kTable + name.size();
  }
  out.rest += model.description.size() + kept_size<PassthroughModel>(model.passthrough);
  if (auto const* passthrough = dynamic_cast<const PassthroughModel*>(model.passthrough.get())) {
    for (const SharedBytes& b : passthrough->metadata_buffers) add(b);
    for (const auto& [key, tag] : passthrough->signature_tags) out.rest += kTable + tag.size();
  }
  return out;
}

/// Writes a model whose ops have all operands that the format demands.
Result<Bytes> write_whole(const Model& model, const std::string& stateless) {
  Size const size = size_of(model);
  if (size.all() >= FLATBUFFERS_MAX_BUFFER_SIZE)
    return fail(ErrorKind::limit_exceeded, "the .tflite file would have more than 2 GiB", model.source,
                "files with data behind the FlatBuffer are not written");
  Writer w{model, stateless, Builder(size.constants + size.rest / 4)};
  auto const* passthrough = dynamic_cast<const PassthroughModel*>(model.passthrough.get());
  format::ModelT const rest = passthrough ? passthrough->table.unpack() : format::ModelT();
  Bytes const version = runtime_version_bytes(min_runtime_version(model));
  NARROW_TRY(auto graphs, write_graphs(w));
  auto const signatures = write_signatures(w, passthrough);
  auto const metadata = write_metadata(w, version);
  auto const metadata_list = write_metadata_list(w, passthrough);
  auto const groups = write_groups(w, rest);
  auto const external = write_external(w, rest);
  auto const description = w.builder.text(model.description);
  auto const codes = w.codes.finish();
  auto const buffers = w.buffers.finish();
  return w.builder.finish(format::CreateModel(w.fbb(), kFormatVersion, codes, graphs, description, buffers,
                                              metadata_list, metadata, signatures, groups, external));
}

}  // namespace

Result<Bytes> write_tflite(const Model& model) {
  auto const completed = with_variables_for_states(model);
  return completed ? write_whole(completed->model, completed->stateless) : write_whole(model, {});
}

}  // namespace narrow
