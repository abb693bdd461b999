// VAR_HANDLE, READ_VARIABLE and ASSIGN_VARIABLE: values that are kept under a name while a sample runs.
#pragma once

#include <string>

#include "ops/def/op_def.h"

namespace narrow {

struct VarHandleAttributes {
  std::string container;
  std::string shared_name;
  static const AttributeType kType;
};

extern const OpDef kVarHandle;
extern const OpDef kReadVariable;
extern const OpDef kAssignVariable;

}  // namespace narrow
