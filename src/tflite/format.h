// The generated accessors of the .tflite format, under a short name.
#pragma once

#include "tflite/schema_generated.h"

namespace narrow {

namespace format = tflite_format;

}  // namespace narrow
