// A request's samples, as the stages take them.
#pragma once

#include <memory>

#include "graph/samples.h"
#include "narrow/data.h"
#include "narrow/model.h"
#include "narrow/types.h"

namespace narrow {

/// The samples of a source for the inputs of a graph of `model`. Errors: bad_option where not exactly one kind of
/// source is given, and those of reading it; among these bad_data for values that are not finite, unless they are to be
/// skipped by who looks at them.
Result<std::shared_ptr<const Samples>> open_data(const Model& model, const DataSource& source, int graph = 0,
                                                 OnNan on_nan = OnNan::stop);

/// The same as real values: inputs with a scale get float32, NaN and infinities too.
Result<std::shared_ptr<const Samples>> open_real_data(const Model& model, const DataSource& source, int graph);

/// How many samples of `all` to use: those that the source asks for. bad_option where there are fewer.
Result<int64_t> sample_count(const DataSource& source, int64_t all);
Result<int64_t> sample_count(const DataSource& source, const Samples& all);

/// The samples of a sequence that the source says, or 0. bad_option where it says that of a model that keeps no state.
Result<int64_t> sequence_samples(const DataSource& source, bool keeps_state);

/// The labels of a request; none where it has none. Errors: bad_option, io, bad_file, bad_data; among these that there
/// is neither one for each sample of `all`, nor for each of the first `used`.
Result<std::vector<int64_t>> open_labels(const Labels& labels, const Samples& all, int64_t used);

/// How many threads a request for `threads` means: as many where above 0, else one for each processor; at most 1024.
int thread_count(int threads);

}  // namespace narrow
