// Placement: which ops of a model become integer, at which width, and why the others do not.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "quantize/plan/tied_tensors.h"
#include "quantize/types.h"

namespace narrow {

/// What quantization makes of an op.
enum class Placement : uint8_t {
  integer,     // computes with integers
  floating,    // stays float
  conversion,  // a QUANTIZE, DEQUANTIZE or FAKE_QUANT of the file, whose quantization parameters are kept
  tied,        // passes values on unchanged: its operands and results have the types of their tied groups
  untouched,   // carries no real values, or is integer already
};

/// The reason of ops that compute with integers in the given model.
inline constexpr const char* kAlreadyInteger = "already integer";

/// The placement of one op, with its reason.
struct Decision {
  Placement placement = Placement::floating;
  int bits = 0;              // width of its activations (8 or 16), where it is integer
  Settings settings;         // of the op's activations
  bool from_shapes = false;  // stays float, and needs no leave to: its values follow from shapes alone
  std::string reason;        // for reports: "int8 activations", "kept float as asked"
};

/// The decisions for all ops of a model, by graph and op, and the widths of its tied tensors.
struct Decisions {
  std::vector<int> entries;  // the graphs that callers enter; ranges of their tensors are known
  std::vector<bool> run;     // by graph: whether it is an entry or is run by one
  std::vector<std::vector<Decision>> ops;
  TiedTensors tied;

  const Decision& of(size_t graph, size_t op) const { return ops[graph][op]; }
};

/// Why ops cannot be integer although they were placed so, by graph and op. Only the rewritten model shows it, because
/// some kernels take some scales only.
using Refusals = std::map<OpRef, std::string>;

/// Decides the placement of each op; those in `refused` stay float. Where ops stay float (and may), ops that only move
/// values are placed by choose_float_partitions.
Decisions decide(const Model& model, const QuantizeOptions& options, const Refusals& refused = {});

/// Places ops that only move values, and tied groups, so that as few conversions as possible are needed between float
/// and integer; where both cost the same they are integer. `io` is the type that float inputs and outputs of the
/// entries will have.
void choose_float_partitions(const Model& model, DType io, Decisions& decisions);

/// unsupported, naming each op that stays float but for those that follow from shapes; success where there is none.
Status require_integer(const Model& model, const Decisions& decisions);

}  // namespace narrow
