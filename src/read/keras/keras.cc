#include "read/keras/keras.h"

namespace narrow {

Result<Model> read_keras_h5(SharedBytes, std::string source, const LoadOptions&, const Limits&) {
  return fail(ErrorKind::unsupported, "HDF5 (Keras .h5) models cannot be read yet", source,
              "convert the model to .tflite");
}

Result<Model> read_keras_zip(SharedBytes, std::string source, const LoadOptions&, const Limits&) {
  return fail(ErrorKind::unsupported, "zip (.keras) models cannot be read yet", source, "convert the model to .tflite");
}

}  // namespace narrow
