// Compilation: a quantized model as C99. A project that runs it on a chip, or headers with its constants.
#pragma once

#include <narrow/data.h>
#include <narrow/export.h>
#include <narrow/model.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace narrow {

/// The chip that a project is for, and the core that costs are shown of. With Optimize::speed, cortex_m4, m7, m33 and
/// m55 get kernels with the instructions that these have; c28x counts sizes and offsets in its smallest addressable
/// unit, of 16 bits. Results are the same for all.
enum class Target : uint8_t {
  portable,
  cortex_m0,
  cortex_m3,
  cortex_m4,
  cortex_m7,
  cortex_m33,
  cortex_m55,
  riscv32,
  c28x,
};

/// The name of a target, as the command line spells it: "cortex-m4".
NARROW_API const char* to_string(Target value);
template <>
NARROW_API std::span<const Target> all<Target>();

/// What a project has to be good at.
enum class Optimize : uint8_t {
  speed,
  size,  // portable kernels alone
  ram,   // likewise, and the first layers are computed in patches of rows, again and again where patches meet, if that
         // takes less memory
};

NARROW_API const char* to_string(Optimize value);
template <>
NARROW_API std::span<const Optimize> all<Optimize>();

/// Where a project is to go: what other tools take it for.
enum class Package : uint8_t { cmake, make, arduino, platformio, zephyr, esp_idf, cmsis_pack };

/// "esp-idf"
NARROW_API const char* to_string(Package value);
template <>
NARROW_API std::span<const Package> all<Package>();

/// Memory that constants may be put into, as RAM that is faster than flash. In C it is an attribute of theirs,
/// NETWORK_IN_NAME, which is that of all constants until it is defined.
struct ConstantPool {
  std::string name;        // a C identifier: "DTCM"
  int64_t bytes = 0;       // at most
  std::string ops = ".*";  // a regular expression of RE2 that names of steps match whose constants may go there
};

struct CompileRequest {
  std::string folder;             // made if it is not there; where it is, other files in it stay
  std::string name;               // what names in C begin with, a C identifier; made from the model file's where empty
  std::string signature;          // whose graph to compile; the first graph where empty
  DataSource golden;              // samples of the self-test; one from a fixed seed where none are given
  std::string certificate;        // a .json file, in the folder or elsewhere, for what every sum of products can reach,
                                  // with the proof that nothing overflows; none where empty, nor with headers_only
  std::vector<Package> packages;  // adds the files that these want; those of cmake and make are always there
  Target target = Target::portable;
  Optimize optimize = Optimize::speed;
  std::optional<int64_t> flash;  // bytes that code and constants may take, and
  std::optional<int64_t> ram;    // arena, state and stack; where they take more, nothing is written
  /// A C compiler, found in PATH or a path, and flags of it, split at spaces: "arm-none-eabi-gcc -mcpu=cortex-m4
  /// -mthumb". It compiles the network before anything is written, and what it makes is measured: code, constants and
  /// stack. Without -mcpu and -march among them it gets those of the target; -Os for Optimize::size, else -O2, stand in
  /// front. Empty: these figures are modelled.
  std::string cc;
  std::vector<ConstantPool> place;  // each takes the constants that are used most for each of their bytes
  bool headers_only = false;  // constants, and sizes and factors of each op, without the code that runs them; then
  LayoutChoice layout;        // only: how weights lie,
  HeaderStyle style = HeaderStyle::array;
  bool packed = false;                        // ExportRequest::packed
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends with nothing written
};

/// What became of one op of a project.
struct CompiledStep {
  std::string name;    // as in the C source
  std::string op;      // "CONV_2D"
  std::string kernel;  // the functions that it calls; empty where nothing is left to do
  int64_t macs = 0;
  std::string reason;        // where its result lies and why its kernel is portable, if that is worth a word
  int64_t instructions = 0;  // of one inference, modelled for the target's core, a Cortex-M4 where it has none
  std::vector<std::pair<std::string, int64_t>> cycles;  // modelled, by core that can run the project
  std::string tensor = {};                              // the op's first output, by its name in the model
  int64_t constant_bytes = 0;                           // that no step before it reads
  int64_t ram_bytes = 0;                                // of the arena that hold values while it runs
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

/// What a compiler made of one source file.
struct MeasuredSource {
  std::string source;  // "kernels/pool.c"
  int64_t bytes = 0;   // of machine code
};

/// What a certificate says in short.
struct CertifiedBounds {
  int64_t calls = 0;     // how many calls of layer kernels it bounds
  int64_t channels = 0;  // how many of their output channels
  int spare_bits = 0;    // 2^spare_bits times the greatest accumulator would still fit its type
};

/// What has become of a pool.
struct PlacedPool {
  std::string name;
  int64_t bytes = 0, limit = 0;
  std::vector<std::string> constants;  // names of arrays in C
};

struct CompileResult {
  std::vector<std::string> files;  // names in the folder
  std::string name;
  int64_t constants = 0;     // how many arrays
  int64_t weight_bytes = 0;  // of all of them
  int64_t macs = 0;
  std::optional<int64_t> arena_bytes;  // inputs and outputs included; none with headers_only, likewise the next two
  std::optional<int64_t> flash_bytes;  // constants, parameters and code
  std::optional<int64_t> code_bytes;   // modelled, of a Cortex-M4; where `cc` is given, measured, of all functions of
                                       // the sources, of which a linker may leave out those that are not called
  std::optional<int64_t> stack_bytes;  // likewise; measured: estimated from frames, docs/compile.md says how
  std::string measured_by;             // the first line that the compiler says of its version; empty: modelled
  std::vector<MeasuredSource> code;    // by source, where a compiler has measured
  int64_t state_bytes = 0;             // of what a program keeps between runs
  std::vector<CompiledStep> steps;
  std::vector<PlannedBuffer> plan;  // by rising offsets
  std::vector<PlacedPool> pools;    // as requested
  int64_t golden_samples = 0;
  std::optional<CertifiedBounds> certified;  // where a certificate was asked for
  std::vector<std::string> warnings;
  std::vector<std::string> notes;        // of what takes less, and what that costs
  std::vector<std::string> over_budget;  // what does not fit, and what would: then nothing is written
};

/// All files appear, or none. Errors: bad_option (names the field), unsupported (what has no form in integer C, or with
/// a certificate can overflow: names the op), io, cancelled, and those of reading and running the samples.
NARROW_API Result<CompileResult> compile(const ModelPtr& model, const CompileRequest& request);

}  // namespace narrow
