#include "read/keras/keras.h"

#include "read/keras/build_model.h"
#include "read/keras/keras_file.h"

namespace narrow {
namespace {

Result<Model> build(const Result<KerasNetwork>& network, const std::string& source, size_t file_bytes,
                    const LoadOptions& options, const Limits& limits) {
  if (!network) return tl::unexpected<Error>(network.error());
  auto model = build_model(*network, source, options, limits);
  if (model) model->file_bytes = static_cast<int64_t>(file_bytes);
  return model;
}

Result<std::vector<FileOp>> list(const Result<KerasNetwork>& network) {
  if (!network) return tl::unexpected<Error>(network.error());
  return list_layers(*network);
}

}  // namespace

Result<Model> read_keras_h5(SharedBytes file, std::string source, const LoadOptions& options, const Limits& limits) {
  size_t const size = file.size();
  return build(parse_keras_h5(std::move(file), source, limits), source, size, options, limits);
}

Result<Model> read_keras_zip(SharedBytes file, std::string source, const LoadOptions& options, const Limits& limits) {
  size_t const size = file.size();
  return build(parse_keras_zip(std::move(file), source, limits), source, size, options, limits);
}

Result<std::vector<FileOp>> list_keras_h5_layers(SharedBytes file, std::string source, const Limits& limits) {
  return list(parse_keras_h5(std::move(file), source, limits));
}

Result<std::vector<FileOp>> list_keras_zip_layers(SharedBytes file, std::string source, const Limits& limits) {
  return list(parse_keras_zip(std::move(file), source, limits));
}

}  // namespace narrow
