// run of the public interface.
#include "narrow/run.h"

#include "api/data.h"
#include "api/data_warnings.h"
#include "api/given.h"
#include "api/run_files.h"
#include "api/sized_for_data.h"
#include "api/tensor_info.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "emit/npy/npy_file.h"
#include "graph/entry.h"
#include "graph/real_values.h"
#include "ops/control/state.h"
#include "program/run_samples.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

bool becomes_real(const Tensor& t, const RunRequest& request) {
  return request.dequantize && t.quantization.present() && !t.is_float();
}

std::vector<TensorInfo> outputs_of(const Graph& graph, const RunRequest& request) {
  std::vector<TensorInfo> out = infos_of(graph, graph.outputs);
  for (size_t i = 0; i < out.size(); ++i) {
    const Tensor& t = graph.tensor(graph.outputs[i]);
    out[i].run_shape = row_shape(t);
    if (becomes_real(t, request)) out[i].dtype = DType::float32;
  }
  return out;
}

Status hand_over(const Runner& runner, int64_t first, int count, const RunRequest& request) {
  const Graph& graph = runner.program().graph();
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    const Tensor& t = graph.tensor(graph.outputs[i]);
    if (becomes_real(t, request)) {
      std::vector<float> real(static_cast<size_t>(t.elements()) * static_cast<size_t>(count));
      real_values(t, runner.output(i), real);
      NARROW_CHECK(request.receive({i, first, count, std::as_bytes(std::span(real))}));
      continue;
    }
    auto const bytes = static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
    NARROW_CHECK(request.receive({i, first, count, {runner.output(i), bytes * static_cast<size_t>(count)}}));
  }
  return {};
}

Result<RunResult> carry_out(const ModelPtr& given, const RunRequest& request) {
  if (!request.output.empty() && !request.output.ends_with(".npy") && !request.output.ends_with(".npz"))
    return refuse("output", "`output` does not take '" + request.output + "'", "its name ends in .npy or .npz");
  NARROW_TRY(int const entry, entry_graph(*given, request.signature));
  NARROW_TRY(ModelPtr const sized, sized_for(given, request.data, entry));
  NARROW_TRY(Model folded, fold_constants(*sized));
  auto const model = std::make_shared<const Model>(std::move(folded));
  const Graph& graph = model->graphs[static_cast<size_t>(entry)];
  NARROW_TRY(auto const data, open_data(*model, request.data, entry));
  RunOptions how{.profile = find_profile(to_string(request.profile)),
                 .entry = entry,
                 .threads = thread_count(request.threads),
                 .progress = request.progress};
  NARROW_TRY(how.samples, sample_count(request.data, *data));
  NARROW_TRY(how.sequence, sequence_samples(request.data, keeps_state(*model, entry)));
  std::optional<OutputFiles> outputs;
  if (!request.output.empty()) {
    NARROW_TRY(outputs, OutputFiles::create(request.output, graph, how.samples, request.dequantize));
  }
  std::optional<TensorFiles> tensors;
  if (!request.tensors_folder.empty()) {
    NARROW_TRY(tensors, TensorFiles::create(request.tensors_folder, graph, how.samples, request.dequantize));
  }
  RunVisitor visitor;
  visitor.batch = [&](const Runner& runner, int64_t first, int count) -> Status {
    if (request.receive) NARROW_CHECK(hand_over(runner, first, count, request));
    return outputs ? outputs->write(runner, first, count) : Status();
  };
  if (tensors)
    visitor.tensor = [&](TensorRef t, const std::byte* values, int64_t first, int count) {
      return t.graph == entry ? tensors->write(t.tensor, values, first, count) : Status();
    };
  NARROW_CHECK(run_samples(model, *data, how, visitor));
  if (tensors) NARROW_CHECK(tensors->finish());
  if (outputs) NARROW_CHECK(outputs->finish());
  RunResult out{how.samples, outputs_of(graph, request)};
  NARROW_TRY(out.warnings, data_warnings(*model, entry, request.data));
  return out;
}

}  // namespace

Result<RunResult> run(const ModelPtr& model, const RunRequest& request) {
  CancelScope const scope(request.cancel);
  return guarded([&]() -> Result<RunResult> {
    NARROW_CHECK(check_given(model));
    return carry_out(model, request);
  });
}

}  // namespace narrow
