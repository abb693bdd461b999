#include "read/keras/keras.h"

#include "read/keras/layers.h"
#include "read/keras/network.h"

namespace narrow {
namespace {

Result<Model> read_with(Result<KerasNetwork> (*parse)(const SharedBytes&, const Limits&), const SharedBytes& file,
                        std::string source, const Limits& limits) {
  auto const network = parse(file, limits);
  if (!network) return pass(network, std::move(source));
  auto model = keras::model_of(*network, limits);
  if (!model) return pass(std::move(model), std::move(source));
  model->source = std::move(source);
  model->file_bytes = static_cast<int64_t>(file.size());
  return model;
}

}  // namespace

Result<Model> read_keras_h5(SharedBytes file, std::string source, const LoadOptions&, const Limits& limits) {
  return read_with(keras::network_of_h5, file, std::move(source), limits);
}

Result<Model> read_keras_zip(SharedBytes file, std::string source, const LoadOptions&, const Limits& limits) {
  return read_with(keras::network_of_zip, file, std::move(source), limits);
}

}  // namespace narrow
