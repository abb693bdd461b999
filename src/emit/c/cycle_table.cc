#include "emit/c/cycle_table.h"

namespace narrow {

// Instructions are measured on emulated chips with GCC 12 at -O2 over the four networks of MLPerf Tiny (bench/mcu);
// docs/emulated_chips.md has the measurements beside the model. Cycles are those of memory that answers in one cycle:
//
// - Cortex-M0: Technical Reference Manual DDI 0432, table of instruction cycle counts, with the multiplier of one
// cycle.
// - Cortex-M0+: DDI 0484, likewise.
// - Cortex-M3: DDI 0337, table of instruction cycle counts. MLA 2, SMULL and SMLAL 3 to 7, LDR 2 and 1 where it follows
//   another access, STR 1 behind the write buffer, a taken branch 1 and 1 to 3 for the pipeline.
// - Cortex-M4: DDI 0439, likewise, with products of one cycle.
// - Cortex-M7 (DDI 0489), M33 (100230) and M55 (101051): their manuals have no such table. M33: as M4, but that no load
//   waits and the pipeline takes one cycle to fill. M7: between one and two instructions a cycle, as it issues two that
//   do not depend on each other, of which one may be a product. M55: as M33; a vector takes two cycles, of which one
//   overlaps with a neighbour of another kind half of the time.
// - riscv32: a core in the manner of lowRISC's Ibex with the multiplier of one cycle.
const CoreCost kCoreCosts[8] = {
    // instructions: product, scattered, result, element; cycles: alu, multiply, long, load, next, store, jump, vectors
    {"cortex-m0", {7, 17, 120, 24}, {1, 1, 1, 2, 2, 2, 3}, true, false, false, {5.5, 9.5, 57, 100}},
    {"cortex-m0plus", {7, 17, 120, 24}, {1, 1, 1, 2, 2, 2, 2}, true, false, false, {5.5, 9.5, 57, 100}},
    {"cortex-m3", {3.3, 8, 55, 14}, {1, 2, 5, 2, 1, 1, 3}},
    {"cortex-m4", {3.3, 8, 55, 14}, {1, 1, 1, 2, 1, 1, 3}, false, true},
    {"cortex-m7", {3.3, 8, 55, 14}, {0.5, 0.8, 1, 0.6, 0.6, 0.6, 1}, false, true},
    {"cortex-m33", {3.3, 8, 55, 14}, {1, 1, 1, 1, 1, 1, 2}, false, true},
    {"cortex-m55", {3.7, 8.5, 57, 14}, {1, 1, 1, 1, 1, 1, 2, 1.5, 1}, false, true, true},
    {"riscv32", {4.8, 11, 80, 18}, {1, 1, 2, 2, 2, 2, 2}, false, false, false, {3.05, 4.2, 18, 50}},
};

// Counted over the networks that docs/kernels.md names, from the functions of the kernels and their innermost loops.
const LoopMixes kLoopMixes = {
    .plain = {.product = {22, 30, 0, 31, 12, 4, 8},
              .scattered = {39, 12, 0, 24, 20, 11, 3},
              .result = {60, 3, 2, 14, 11, 6, 8},
              .element = {75, 1, 4, 12, 9, 1, 2}},
    .small = {.product = {62, 14, 0, 19, 1, 2, 4},
              .scattered = {58, 7, 0, 15, 13, 8, 2},
              .result = {72, 7, 0, 8, 9, 8, 7},
              .element = {76, 1, 0, 12, 0, 0, 11}},
    .dual = {.product = {14, 65, 0, 19, 27, 0, 3},
             .scattered = {39, 22, 0, 13, 14, 12, 3},
             .result = {57, 5, 0, 8, 19, 17, 4},
             .element = {61, 9, 0, 18, 6, 3, 4}},
    .wide = {.product = {3, 71, 0, 24, 35, 0, 3},
             .scattered = {39, 22, 0, 13, 14, 12, 3},
             .result = {57, 5, 0, 8, 19, 17, 4},
             .element = {61, 9, 0, 18, 6, 3, 4}},
    .vectors = {.product = {10, 0, 0, 0, 0, 0, 0, 40, 50},
                .scattered = {30, 0, 0, 3, 9, 5, 4, 35, 31},
                .result = {34, 0, 0, 7, 16, 6, 3, 27, 28},
                .element = {9, 0, 0, 0, 0, 0, 1, 78, 12}},
};

}  // namespace narrow
