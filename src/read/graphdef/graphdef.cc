#include "read/graphdef/graphdef.h"

namespace narrow {

Result<Model> read_graph_def(SharedBytes, std::string source, const LoadOptions&, const Limits&) {
  return fail(ErrorKind::unsupported, "GraphDef (.pb) models cannot be read yet", source,
              "convert the model to .tflite");
}

Result<Model> read_saved_model(const std::string& folder, const LoadOptions&, const Limits&) {
  return fail(ErrorKind::unsupported, "SavedModel folders cannot be read yet", folder, "convert the model to .tflite");
}

}  // namespace narrow
