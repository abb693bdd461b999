#include "read/onnx/onnx.h"

namespace narrow {

Result<Model> read_onnx(SharedBytes, std::string source, const LoadOptions&, const Limits&) {
  return fail(ErrorKind::unsupported, "ONNX models cannot be read yet", source, "convert the model to .tflite");
}

}  // namespace narrow
