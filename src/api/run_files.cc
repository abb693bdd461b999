#include "api/run_files.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <filesystem>

#include "graph/real_values.h"

namespace narrow {
namespace {

/// A file is open for each tensor; the system's usual limit of 1024 is lower than what it allows on request.
void allow_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<Sink> Sink::create(Result<NewFile> place, const Tensor& tensor, int64_t samples, bool real) {
  if (!place) return pass(std::move(place), "tensor '" + tensor.name + "'");
  real = real && tensor.quantization.present() && !tensor.is_float();
  auto file = NpyFile::create(std::move(*place), real ? DType::float32 : tensor.dtype, samples, row_shape(tensor));
  if (!file) return pass(std::move(file), "tensor '" + tensor.name + "'");
  return Sink(std::move(*file), tensor, real);
}

Status Sink::write(const std::byte* values, int64_t first, int count) const {
  auto const elements = static_cast<size_t>(tensor_->elements()) * static_cast<size_t>(count);
  if (!real_) return file.write(first, {values, elements * element_bytes(tensor_->dtype)});
  std::vector<float> out(elements);
  real_values(*tensor_, values, out);
  return file.write(first, std::as_bytes(std::span(out)));
}

Result<OutputFiles> OutputFiles::create(const std::string& path, const Graph& graph, int64_t samples, bool real) {
  OutputFiles out(path);
  size_t const n = out.packed_ ? graph.outputs.size() : 1;
  for (size_t i = 0; i < n; ++i) {
    const Tensor& t = graph.tensor(graph.outputs[i]);
    auto place = NewFile::create(out.packed_ ? fmt::format("{}.{}", path, i) : path);
    NARROW_TRY(Sink sink, Sink::create(std::move(place), t, samples, real));
    out.sinks_.push_back(std::move(sink));
    out.names_.push_back(t.name);
  }
  return out;
}

Status OutputFiles::write(const Runner& runner, int64_t first, int count) const {
  for (size_t i = 0; i < sinks_.size(); ++i) NARROW_CHECK(sinks_[i].write(runner.output(i), first, count));
  return {};
}

Status OutputFiles::finish() {
  if (!packed_) return sinks_[0].file.finish();
  std::vector<NpyFile> arrays;
  for (Sink& s : sinks_) arrays.push_back(std::move(s.file));
  return write_npz(path_, names_, std::move(arrays));
}

Result<TensorFiles> TensorFiles::create(const std::string& folder, const Graph& graph, int64_t samples, bool real) {
  std::error_code error;
  auto const normal = (std::filesystem::path(folder) / "").lexically_normal().parent_path();
  auto const parent = normal.parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) return fail(ErrorKind::io, "cannot be made: " + error.message(), folder);
  allow_open_files();
  NARROW_TRY(NewFolder files, NewFolder::create(folder));
  TensorFiles out(std::move(files));
  out.sinks_.resize(graph.tensors.size());
  out.index_.begin_array();
  for (const Op& op : graph.ops)
    for (int t : op.outputs) {
      if (t == kNoTensor || graph.tensor(t).dtype == DType::resource) continue;
      const Tensor& tensor = graph.tensor(t);
      std::string const name = fmt::format("{:04}.npy", t);
      NARROW_TRY(Sink sink, Sink::create(out.folder_.file(name), tensor, samples, real));
      out.sinks_[static_cast<size_t>(t)].emplace(std::move(sink));
      out.index_.begin_object().member("file", name).member("tensor", t).member("name", tensor.name);
      out.index_.member("op", op.type).end_object();
    }
  return out;
}

Status TensorFiles::write(int tensor, const std::byte* values, int64_t first, int count) const {
  auto const& sink = sinks_[static_cast<size_t>(tensor)];
  return sink ? sink->write(values, first, count) : Status();
}

Status TensorFiles::finish() {
  for (auto& sink : sinks_)
    if (sink) NARROW_CHECK(sink->file.finish());
  std::string const text = index_.end_array().text() + "\n";
  NARROW_TRY(NewFile file, folder_.file("index.json"));
  NARROW_CHECK(file.append(std::as_bytes(std::span(text))));
  NARROW_CHECK(file.finish());
  return folder_.finish();
}

}  // namespace narrow
