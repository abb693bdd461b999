// Samples and labels from Python, as requests take them.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <narrow/data.h>

#include <vector>

#include "keywords.h"
#include "work.h"

namespace narrow::python {

/// Element types of arrays, as the buffer protocol and DLPack have them; nothing for others.
std::optional<DType> dtype_of(nanobind::dlpack::dtype dtype);

/// NumPy's type of that name; throws Failure for types it does not have.
nanobind::object numpy_dtype(DType dtype);

/// Samples, and what keeps them in memory. Made with the GIL, and let go with it.
struct Source {
  DataSource data;
  std::vector<nanobind::ndarray<nanobind::ro, nanobind::c_contig, nanobind::device::cpu>> arrays;
  nanobind::object read;
};

/// What `narrow._data` makes of the data that a user gives: {"path": text}, {"arrays": [(name, array)]}, with "held": a
/// dictionary of the fields of HeldShard where they are a shard, or
/// {"samples": n, "dtypes": [names], "fingerprint": n, "read": f} where f(first, count, input) gives an array. None: no
/// samples. Exceptions of `read` end `work` and go on from there. Takes the keywords data_scale, data_offset,
/// data_is_quantized, samples and sequence.
Source source_of(nanobind::handle data, Keywords& keywords, Work& work);

/// What tells apart arrays [(name, array)] of the whole of a data set. Throws Failure.
uint64_t fingerprint_of(const nanobind::list& arrays);

/// None, a path, or an array of numbers [samples], or one-hot rows, which `narrow._data` has made int64 [samples].
Labels labels_of(nanobind::handle labels);

}  // namespace narrow::python
