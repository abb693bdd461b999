// Ranges given by hand: QuantizeRequest::act_max.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "search/range_groups.h"

namespace narrow {

/// For each tensor, its limit: that given for it, or the largest given for a tensor that shares its quantization
/// parameters. A name is a tensor's, or the part before its first ';' where only one tensor has that. bad_option names
/// what is not in the model, with names near it, and tensors whose quantization parameters no range makes.
Result<std::map<TensorRef, Limit>> place_by_hand(const Model& model, const std::vector<RangeGroup>& groups,
                                                 const std::vector<std::pair<std::string, double>>& given);

}  // namespace narrow
