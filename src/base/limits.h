// Upper bounds on what a file may ask for. They keep a lying file from costing more than its size warrants.
#pragma once

#include <cstdint>

namespace narrow {

struct Limits {
  int64_t file_bytes = int64_t{2} << 30;       // FlatBuffers offsets are 31 bits wide
  int64_t tensor_elements = int64_t{1} << 30;  // one tensor; also bounds every product of dimensions
  int64_t arena_bytes = int64_t{8} << 30;      // live activations of one worker
  int tensors = 1 << 20;
  int ops = 1 << 20;
  int graphs = 1 << 10;
  int rank = 8;
  int graph_runs = 1 << 18;  // times that one sample runs bodies, conditions and branches
  int graph_depth = 8;       // IF inside WHILE inside CALL ...
};

/// The bounds in force where the caller has not given any.
inline constexpr Limits kLimits{};

}  // namespace narrow
