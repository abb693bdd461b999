// Samples of one shard, in the place that they have in the whole data set.
#pragma once

#include <memory>

#include "graph/samples.h"
#include "narrow/data.h"

namespace narrow {

/// `held` as the whole data set of which it has the samples of one shard; others cannot be read. Errors: bad_option
/// where the shard of the source does not have as many samples as `held`.
Result<std::shared_ptr<const Samples>> whole_of(std::shared_ptr<const Samples> held, const DataSource& source);

}  // namespace narrow
