// Compilation: a quantized model as C99. So far its constants, and the sizes and factors of each layer.
#pragma once

#include <narrow/export.h>
#include <narrow/model.h>
#include <narrow/result.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace narrow {

struct CompileRequest {
  std::string folder;  // made if it is not there; where it is, other files in it stay
  std::string name;    // what names in C begin with, a C identifier; made from the model file's where empty
  LayoutChoice layout;
  HeaderStyle style = HeaderStyle::array;
  bool headers_only = false;                  // constants without the code that runs them: all there is yet
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends with nothing written
};

struct CompileResult {
  std::vector<std::string> files;  // names in the folder
  std::string name;
  int64_t constants = 0;
  int64_t weight_bytes = 0;
  int64_t macs = 0;
};

/// All files appear, or none. Errors: bad_option (names the field), unsupported (float weights or float data beside
/// integer weights, which have no integer C: names the op), io, cancelled.
Result<CompileResult> compile(const Model& model, const CompileRequest& request);

}  // namespace narrow
