// Limits: upper bounds on what a model or data file may ask for. They keep a damaged file from costing more than its
// size warrants.
#pragma once

#include <narrow/visibility.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace narrow {

struct Limits {
  int64_t file_bytes = int64_t{2} << 30;       // FlatBuffers offsets are 31 bits wide
  int64_t tensor_elements = int64_t{1} << 30;  // one tensor; also bounds every product of dimensions
  int64_t arena_bytes = int64_t{8} << 30;      // live activations of one worker
  int tensors = 1 << 20;
  int ops = 1 << 20;
  int graphs = 1 << 10;
  int rank = 8;
  int graph_runs = 1 << 18;  // times that one sample runs bodies, conditions and branches; one of more than 32 ops
                             // counts once more for every 32 further ops
  int graph_depth = 8;       // IF inside WHILE inside CALL ...
};

/// The limits of this process: those above, until set_limits.
NARROW_API const Limits& limits_in_force();

/// Sets them for the whole process, before it reads a file; not while other threads work.
NARROW_API void set_limits(const Limits& limits);

/// The limits that have a name, in alphabetical order: "arena-bytes", "file-bytes", ...
NARROW_API std::span<const char* const> limit_names();

/// Sets the limit of that name; false where there is none, or it cannot have that value.
NARROW_API bool set_limit(Limits& limits, std::string_view name, int64_t value);

}  // namespace narrow
