// The data of the cycle model: what instructions take on a core, and which ones the loops of kernels consist of.
#pragma once

namespace narrow {

/// A number for each class of instructions. Loads and stores count words or smaller elements: one of two words is two.
struct ByClass {
  double alu;            // arithmetic, shifts, moves, comparisons, branches that are not taken
  double multiply;       // products of 32 bits, or two products of 16, with what is added to them
  double long_multiply;  // products of 64 bits
  double load;           // that follows no access to memory
  double next_load;      // that follows one
  double store;
  double jump;  // taken branches, calls and returns
  double vector = 0;
  double vector_load = 0;  // and stores; a gathering one counts four
};

/// How many instructions of each class there are among 100: of products whose data lie one behind the other, of those
/// in depthwise layers, of what each result of a layer takes besides, and of elements of other ops.
struct LoopMix {
  ByClass product, scattered, result, element;
};

/// Kinds of kernels. Plain ones are C for any processor, on `small` ones such as the Cortex-M0 with fewer registers and
/// instructions; dual ones make two products at a time, wide ones read their weights in 16 bits besides.
struct LoopMixes {
  LoopMix plain, small, dual, wide, vectors;
};
extern const LoopMixes kLoopMixes;

/// Instructions that loops take on average.
struct LoopCost {
  double mac;            // of a product whose data lie one behind the other
  double scattered_mac;  // of a product in a depthwise layer
  double result;         // of a result of a layer, beside its products
  double element;        // of an element elsewhere
};

/// A processor core: instructions that compiled kernels take on average, and its cycles.
struct CoreCost {
  const char* name;  // "cortex-m4"
  LoopCost plain;
  ByClass cycles;                          // of an instruction or an access, from memory without wait states
  bool small = false;                      // see LoopMixes
  bool dual = false;                       // it has what dual kernels need: the DSP extension
  bool vectors = false;                    // likewise of those with vectors: Helium
  LoopCost blocked = {2.02, 3.0, 16, 35};  // of kernels that keep several rows and channels in registers
};
extern const CoreCost kCoreCosts[8];

}  // namespace narrow
