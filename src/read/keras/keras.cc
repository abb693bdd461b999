#include "read/keras/keras.h"

#include "read/keras/keras_file.h"
#include "read/keras/layers.h"

namespace narrow {
namespace {

Result<Model> build(const Result<KerasNetwork>& network, const std::string& source, size_t file_bytes,
                    const Limits& limits) {
  if (!network) return pass(network, source);
  auto model = keras::model_of(*network, limits);
  if (!model) return pass(std::move(model), source);
  model->source = source;
  model->file_bytes = static_cast<int64_t>(file_bytes);
  return model;
}

}  // namespace

Result<Model> read_keras_h5(SharedBytes file, std::string source, const LoadOptions&, const Limits& limits) {
  return build(parse_keras_h5(file, source, limits), source, file.size(), limits);
}

Result<Model> read_keras_zip(SharedBytes file, std::string source, const LoadOptions&, const Limits& limits) {
  return build(parse_keras_zip(file, source, limits), source, file.size(), limits);
}

}  // namespace narrow
