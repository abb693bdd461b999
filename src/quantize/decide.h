// Which ops become integer, at which width, and why the others do not.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "quantize/links.h"
#include "quantize/quantize.h"

namespace narrow {

/// What becomes of an op.
enum class Fate : uint8_t {
  integer,    // computes with integers
  real,       // stays float
  border,     // QUANTIZE, DEQUANTIZE or FAKE_QUANT of the file, whose grid is kept
  link,       // hands values on as they are: operands and results have the forms of their links
  untouched,  // carries no real values, or is integer already
};

struct Decision {
  Fate fate = Fate::real;
  int bits = 0;       // of its activations, where integer
  Settings settings;  // of the op's activations
  std::string reason;
};

/// Decisions by graph and op, and the form of what is handed on.
struct Decisions {
  std::vector<int> entries;  // graphs that callers enter, of whose values ranges are known
  std::vector<bool> run;     // by graph: they are among those, or run by them
  std::vector<std::vector<Decision>> ops;
  Links links;

  const Decision& of(size_t graph, size_t op) const { return ops[graph][op]; }
};

/// Why ops cannot be what a decision was, by graph and op: what only rewriting shows, as kernels take some scales only.
using Refusals = std::map<OpRef, std::string>;

/// One decision for each op; those refused stay float. Where some ops stay float (and may), ops that only move values
/// between them stay so too, such that conversions between float and integer are as few as they can be.
Decisions decide(const Model& model, const QuantizeOptions& options, const Refusals& refused = {});

/// Makes float what `decide` says of ops that move values: minimal conversions, integers where it makes no difference.
/// `io`: the type that float inputs and outputs of the entries will have.
void settle_islands(const Model& model, DType io, Decisions& decisions);

/// An error that names each op that stays float; nothing where all are integer.
Status require_integer(const Model& model, const Decisions& decisions);

}  // namespace narrow
