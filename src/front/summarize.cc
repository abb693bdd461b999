// load, save and summarize of the public interface.
#include "base/file.h"
#include "base/guarded.h"
#include "narrow/narrow.h"
#include "ops/def/totals.h"
#include "read/read.h"
#include "tflite/write.h"

namespace narrow {
namespace {

std::vector<TensorSummary> summaries(const Graph& graph, const std::vector<int>& tensors) {
  std::vector<TensorSummary> out;
  for (int i : tensors) {
    const Tensor& t = graph.tensor(i);
    out.push_back({t.name, file_shape(t), to_string(t.dtype), t.quantization.scales, t.quantization.zero_points});
  }
  return out;
}

}  // namespace

Result<ModelPtr> load(const std::string& path) {
  return guarded([&]() -> Result<ModelPtr> {
    NARROW_TRY(Model model, read_model(path));
    return std::make_shared<const Model>(std::move(model));
  });
}

Result<int64_t> save(const Model& model, const std::string& path) {
  return guarded([&]() -> Result<int64_t> {
    NARROW_TRY(Bytes const bytes, write_tflite(model));
    NARROW_CHECK(write_file_atomically(path, bytes));
    return static_cast<int64_t>(bytes.size());
  });
}

Result<ModelSummary> summarize(const Model& model) {
  return guarded([&]() -> Result<ModelSummary> {
    Totals const sum = totals(model);
    const Graph& graph = model.main();
    return ModelSummary{.inputs = summaries(graph, graph.inputs),
                        .outputs = summaries(graph, graph.outputs),
                        .ops = sum.ops,
                        .macs = sum.macs,
                        .parameters = sum.parameters,
                        .bytes = model.file_bytes};
  });
}

}  // namespace narrow
