#include "tflite/read.h"

#include <algorithm>

#include "tflite/arithmetic.h"
#include "tflite/bidirectional.h"
#include "tflite/foreign_op.h"
#include "tflite/passthrough.h"
#include "tflite/read_op.h"
#include "tflite/read_tensor.h"
#include "tflite/stateless.h"
#include "tflite/zero_scales.h"

namespace narrow {
namespace {

constexpr unsigned kMaxTables = 8'000'000;  // five an op, and Limits::ops of them

/// State of reading one file: its tables, and what has been read from them so far.
struct Reader {
  const SharedBytes& file;
  const format::Model& stored;
  const Limits& limits;
  Meter meter;
  Buffers buffers;
  std::vector<OpCode> codes;
  int64_t tensors = 0;
  int64_t ops = 0;
};

template <class T>
size_t length(const flatbuffers::Vector<T>* v) {
  return v ? v->size() : 0;
}

Result<std::string> text(const flatbuffers::String* stored, Meter& meter) {
  if (!stored) return std::string();
  NARROW_CHECK(meter.take(stored->size()));
  return stored->str();
}

Status count(int64_t& so_far, size_t more, int limit, const char* what) {
  so_far += static_cast<int64_t>(more);
  if (so_far <= limit) return {};
  return fail(ErrorKind::limit_exceeded, "the model has more than " + std::to_string(limit) + " " + what, {},
              how_to_raise(what));
}

/// Files do not state which tensors without data are constants. Those that no op computes are.
void mark_empty_constants(Graph& graph) {
  std::vector<bool> written(graph.tensors.size(), false);
  auto mark = [&](const std::vector<int>& list) {
    for (int t : list)
      if (t >= 0 && static_cast<size_t>(t) < written.size()) written[static_cast<size_t>(t)] = true;
  };
  mark(graph.inputs);
  for (const Op& op : graph.ops) mark(op.outputs);
  for (size_t t = 0; t < graph.tensors.size(); ++t) {
    Tensor& tensor = graph.tensors[t];
    if (!written[t] && !tensor.variable && tensor.elements() == 0) tensor.constant = true;
  }
}

Status read_tensors(Reader& in, const format::SubGraph& stored, Graph& graph) {
  NARROW_CHECK(count(in.tensors, length(stored.tensors()), in.limits.tensors, "tensors"));
  if (!stored.tensors()) return {};
  graph.tensors.reserve(stored.tensors()->size());
  for (const format::Tensor* t : *stored.tensors()) {
    auto tensor = read_tensor(*t, in.buffers, in.meter, in.limits);
    if (!tensor) return pass(std::move(tensor), "tensor " + std::to_string(graph.tensors.size()));
    graph.tensors.push_back(std::move(*tensor));
  }
  return {};
}

Status read_ops(Reader& in, const format::SubGraph& stored, Graph& graph) {
  NARROW_CHECK(count(in.ops, length(stored.operators()), in.limits.ops, "ops"));
  if (!stored.operators()) return {};
  graph.ops.reserve(stored.operators()->size());
  for (const format::Operator* o : *stored.operators()) {
    auto op = read_op(*o, in.codes, in.file, in.meter);
    if (!op) return pass(std::move(op), "op " + std::to_string(graph.ops.size()));
    graph.ops.push_back(std::move(*op));
  }
  return {};
}

Result<Graph> read_graph(Reader& in, const format::SubGraph& stored) {
  Graph graph;
  NARROW_TRY(graph.name, text(stored.name(), in.meter));
  NARROW_CHECK(read_tensors(in, stored, graph));
  NARROW_CHECK(read_ops(in, stored, graph));
  NARROW_CHECK(read_foreign_ops(graph, in.meter));
  NARROW_CHECK(read_bidirectional_ops(graph, in.meter));
  NARROW_TRY(graph.inputs, read_indices(stored.inputs(), in.meter));
  NARROW_TRY(graph.outputs, read_indices(stored.outputs(), in.meter));
  mark_empty_constants(graph);
  give_zeros_a_scale(graph);
  if (stored.debug_metadata_index() != -1) {
    auto passthrough = std::make_shared<PassthroughGraph>();
    passthrough->debug_metadata_index = stored.debug_metadata_index();
    graph.passthrough = std::move(passthrough);
  }
  return graph;
}

Status read_graphs(Reader& in, Model& model) {
  if (length(in.stored.subgraphs()) == 0) return fail(ErrorKind::bad_file, "the file holds no graph");
  int64_t graphs = 0;
  NARROW_CHECK(count(graphs, in.stored.subgraphs()->size(), in.limits.graphs, "graphs"));
  for (const format::SubGraph* stored : *in.stored.subgraphs()) {
    auto graph = read_graph(in, *stored);
    if (!graph) return pass(std::move(graph), "graph " + std::to_string(model.graphs.size()));
    model.graphs.push_back(std::move(*graph));
  }
  return {};
}

using TensorMaps = flatbuffers::Vector<flatbuffers::Offset<format::TensorMap>>;

Result<std::vector<std::pair<std::string, int>>> read_names(const TensorMaps* stored, Meter& meter) {
  std::vector<std::pair<std::string, int>> out;
  if (!stored) return out;
  for (const format::TensorMap* map : *stored) {
    NARROW_CHECK(meter.take(sizeof(out[0])));
    NARROW_TRY(std::string name, text(map->name(), meter));
    out.emplace_back(std::move(name), index_of(map->tensor_index()));
  }
  return out;
}

Status read_signatures(Reader& in, Model& model, PassthroughModel& passthrough) {
  if (!in.stored.signature_defs()) return {};
  for (const format::SignatureDef* stored : *in.stored.signature_defs()) {
    NARROW_CHECK(in.meter.take(sizeof(Signature)));
    Signature s;
    NARROW_TRY(s.key, text(stored->signature_key(), in.meter));
    s.graph = index_of(stored->subgraph_index());
    NARROW_TRY(s.inputs, read_names(stored->inputs(), in.meter));
    NARROW_TRY(s.outputs, read_names(stored->outputs(), in.meter));
    NARROW_TRY(std::string tag, text(stored->deprecated_tag(), in.meter));
    if (!tag.empty()) passthrough.signature_tags[s.key] = std::move(tag);
    model.signatures.push_back(std::move(s));
  }
  return {};
}

Status read_metadata(Reader& in, Model& model, PassthroughModel& passthrough) {
  if (auto const* list = in.stored.metadata())
    for (const format::Metadata* stored : *list) {
      NARROW_CHECK(in.meter.take(sizeof(model.metadata[0])));
      NARROW_TRY(std::string name, text(stored->name(), in.meter));
      auto data = in.buffers.at(stored->buffer(), 1, in.meter);
      if (!data) return pass(std::move(data), "metadata '" + readable(name) + "'");
      model.metadata.emplace_back(std::move(name), std::move(*data));
    }
  if (auto const* list = in.stored.metadata_buffer())
    for (int32_t buffer : *list) {
      NARROW_CHECK(in.meter.take(sizeof(SharedBytes)));
      auto data = in.buffers.at(static_cast<uint32_t>(buffer), 1, in.meter);
      if (!data) return pass(std::move(data), "list of metadata buffers");
      passthrough.metadata_buffers.push_back(std::move(*data));
    }
  return {};
}

Result<std::shared_ptr<PassthroughModel>> read_external(Reader& in) {
  format::ModelT kept;
  if (auto const* groups = in.stored.external_buffer_groups())
    for (const format::ExternalBufferGroup* group : *groups) {
      NARROW_CHECK(in.meter.take(sizeof(*group) + (group->name() ? group->name()->size() : 0)));
      kept.external_buffer_groups.emplace_back(group->UnPack());
    }
  if (auto const* buffers = in.stored.external_buffers())
    for (const format::ExternalBuffer* buffer : *buffers) {
      NARROW_CHECK(
          in.meter.take(sizeof(format::ExternalBufferT) + (buffer->packing() ? buffer->packing()->size() : 0)));
      kept.external_buffers.emplace_back(buffer->UnPack());
    }
  return std::make_shared<PassthroughModel>(kept);
}

Result<Model> read_model_table(Reader& in) {
  Model model;
  NARROW_TRY(in.codes, read_op_codes(in.stored, in.meter));
  NARROW_TRY(in.buffers, Buffers::read(in.file, in.stored));
  NARROW_CHECK(read_graphs(in, model));
  NARROW_TRY(auto passthrough, read_external(in));
  NARROW_CHECK(read_signatures(in, model, *passthrough));
  NARROW_CHECK(read_metadata(in, model, *passthrough));
  NARROW_CHECK(take_arithmetic(model));
  NARROW_CHECK(take_stateless(model));
  NARROW_TRY(model.description, text(in.stored.description(), in.meter));
  model.passthrough = std::move(passthrough);
  return model;
}

/// Verifies that every offset in the file leads to a table or vector of the expected type inside the file.
Status verify_structure(const SharedBytes& file, const Limits& limits) {
  // The verifier asserts its own bound instead of returning an error.
  auto const most = std::min<uint64_t>(static_cast<uint64_t>(limits.file_bytes), FLATBUFFERS_MAX_BUFFER_SIZE);
  if (file.size() >= most)
    return fail(ErrorKind::limit_exceeded, "the file has " + std::to_string(file.size()) + " bytes; at most " +
                                               std::to_string(most - 1) + " can be read");
  if (!is_tflite(file.bytes())) return fail(ErrorKind::bad_file, "this is not a .tflite file");
  flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t*>(file.data()), file.size(), 64, kMaxTables);
  if (format::VerifyModelBuffer(verifier)) return {};
  return fail(ErrorKind::bad_file, "the file is damaged: its tables point outside of it", {},
              "the file may be cut off; copy or download it again");
}

Result<Model> read_file_bytes(const SharedBytes& file, const Limits& limits) {
  NARROW_CHECK(verify_structure(file, limits));
  const format::Model& stored = *format::GetModel(file.data());
  if (stored.version() != kFormatVersion)
    return fail(ErrorKind::unsupported, "the file is of schema version " + std::to_string(stored.version()) +
                                            "; version " + std::to_string(kFormatVersion) + " can be read");
  Reader in{file, stored, limits, Meter(file.size()), {}, {}};
  return read_model_table(in);
}

}  // namespace

bool is_tflite(std::span<const std::byte> bytes) {
  constexpr size_t kOffset = 4;
  const char* identifier = format::ModelIdentifier();
  return bytes.size() >= kOffset + 4 && std::memcmp(bytes.data() + kOffset, identifier, 4) == 0;
}

Result<Model> read_tflite(SharedBytes file, std::string source, const Limits& limits) {
  // Alignment inside the file is relative to its start.
  if (reinterpret_cast<uintptr_t>(file.data()) % alignof(std::max_align_t) != 0)
    file = SharedBytes::copy_of(file.bytes());
  auto model = read_file_bytes(file, limits);
  if (!model) return pass(std::move(model), source);
  model->source = std::move(source);
  model->file_bytes = static_cast<int64_t>(file.size());
  return model;
}

}  // namespace narrow
