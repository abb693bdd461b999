#include <algorithm>

#include "ops/check/validate_rules.h"

namespace narrow {
namespace {

enum class Source : uint8_t { none, given, computed };  // given: an input, a constant, a variable

Status in_range(const Graph& graph, int tensor, int least, const char* what) {
  if (tensor >= least && tensor < static_cast<int>(graph.tensors.size())) return {};
  return fail(ErrorKind::bad_file, std::string(what) + " is tensor " + std::to_string(tensor) + "; the graph has " +
                                       std::to_string(graph.tensors.size()));
}

Status validate_inputs(const Graph& graph, std::vector<Source>& sources) {
  for (size_t t = 0; t < graph.tensors.size(); ++t)
    if (graph.tensors[t].constant || graph.tensors[t].variable) sources[t] = Source::given;
  std::vector<bool> listed(graph.tensors.size(), false);
  for (int t : graph.inputs) {
    NARROW_CHECK(in_range(graph, t, 0, "an input"));
    if (graph.tensor(t).constant) return fail(ErrorKind::bad_file, "an input is a constant", tensor_label(graph, t));
    if (listed[static_cast<size_t>(t)])
      return fail(ErrorKind::bad_file, "an input is listed twice", tensor_label(graph, t));
    listed[static_cast<size_t>(t)] = true;
    sources[static_cast<size_t>(t)] = Source::given;
  }
  return {};
}

/// Operands must have a value by now. `readers` notes the last op that read each tensor.
Status validate_reads(const Graph& graph, size_t op_index, const std::vector<Source>& sources,
                      std::vector<size_t>& readers) {
  const Op& op = graph.ops[op_index];
  for (int t : op.inputs) {
    NARROW_CHECK(in_range(graph, t, kNoTensor, "an operand"));
    if (t == kNoTensor) continue;
    if (sources[static_cast<size_t>(t)] == Source::none)
      return fail(ErrorKind::bad_file, "an operand has no value when the op runs", tensor_label(graph, t));
    readers[static_cast<size_t>(t)] = op_index;
  }
  for (int t : op.intermediates) NARROW_CHECK(in_range(graph, t, kNoTensor, "an intermediate"));
  return {};
}

Status validate_writes(const Graph& graph, size_t op_index, const std::vector<size_t>& readers,
                       std::vector<Source>& sources) {
  for (int t : graph.ops[op_index].outputs) {
    NARROW_CHECK(in_range(graph, t, kNoTensor, "a result"));
    if (t == kNoTensor) continue;
    if (readers[static_cast<size_t>(t)] == op_index)
      return fail(ErrorKind::bad_file, "a result is an operand of the same op", tensor_label(graph, t));
    Source& source = sources[static_cast<size_t>(t)];
    if (source == Source::computed)
      return fail(ErrorKind::bad_file, "a result is also that of another op", tensor_label(graph, t));
    if (source == Source::given)
      return fail(ErrorKind::bad_file, "a result is a constant, a variable or an input of the graph",
                  tensor_label(graph, t));
    source = Source::computed;
  }
  return {};
}

}  // namespace

Status validate_flow(const Graph& graph) {
  std::vector<Source> sources(graph.tensors.size(), Source::none);
  NARROW_CHECK(validate_inputs(graph, sources));
  std::vector<size_t> readers(graph.tensors.size(), graph.ops.size());
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    auto ok = validate_reads(graph, i, sources, readers);
    if (ok) ok = validate_writes(graph, i, readers, sources);
    if (!ok) return pass(std::move(ok), op_label(graph, i));
  }
  for (int t : graph.outputs) {
    NARROW_CHECK(in_range(graph, t, 0, "an output"));
    if (sources[static_cast<size_t>(t)] == Source::none)
      return fail(ErrorKind::bad_file, "an output is never computed", tensor_label(graph, t));
  }
  return {};
}

}  // namespace narrow
