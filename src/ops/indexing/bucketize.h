// BUCKETIZE: for each number, how many boundaries are at most as large.
#pragma once

#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

struct BucketizeAttributes {
  std::vector<float> boundaries;  // in rising order
  static const AttributeType kType;
};

extern const OpDef kBucketize;

}  // namespace narrow
