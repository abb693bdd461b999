// Compilation: a quantized model as C99. A project that runs it on a chip, or headers with its constants.
#pragma once

#include <narrow/data.h>
#include <narrow/export.h>
#include <narrow/model.h>
#include <narrow/result.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace narrow {

struct CompileRequest {
  std::string folder;         // made if it is not there; where it is, other files in it stay
  std::string name;           // what names in C begin with, a C identifier; made from the model file's where empty
  std::string signature;      // whose graph to compile; the first graph where empty
  DataSource golden;          // samples of the self-test; one from a fixed seed where none are given
  bool headers_only = false;  // constants, and sizes and factors of each op, without the code that runs them; then
  LayoutChoice layout;        // only: how weights lie,
  HeaderStyle style = HeaderStyle::array;
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends with nothing written
};

/// What became of one op of a project.
struct CompiledStep {
  std::string name;    // as in the C source
  std::string op;      // "CONV_2D"
  std::string kernel;  // the functions that it calls; empty where nothing is left to do
  int64_t macs = 0;
  std::string reason;  // where its result lies, if that is worth a word
};

/// A value in the arena.
struct PlannedBuffer {
  std::string tensor;
  int64_t offset = 0;
  int64_t bytes = 0;
  int first = 0;  // the op that computes it, -1 for inputs; indices in the model
  int last = 0;   // the last op that reads it, the number of ops for outputs
  int graph = 0;  // of the model
};

struct CompileResult {
  std::vector<std::string> files;  // names in the folder
  std::string name;
  int64_t constants = 0;     // how many arrays
  int64_t weight_bytes = 0;  // of all of them
  int64_t macs = 0;
  std::optional<int64_t> arena_bytes;  // inputs and outputs included; none with headers_only, likewise the next two
  std::vector<CompiledStep> steps;
  std::vector<PlannedBuffer> plan;  // by rising offsets
  int64_t golden_samples = 0;
  std::vector<std::string> warnings;
};

/// All files appear, or none. Errors: bad_option (names the field), unsupported (what has no form in integer C: names
/// the op), io, cancelled, and those of reading and running the samples.
Result<CompileResult> compile(const ModelPtr& model, const CompileRequest& request);

}  // namespace narrow
