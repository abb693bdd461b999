// ELU, EXP, GELU and LOG: functions of one element whose integers the runtimes look up in a table of the float
// function.
#pragma once

#include "ops/def/op_def.h"
#include "ops/integer/tables.h"

namespace narrow {

struct GeluAttributes {
  bool approximate = false;  // by way of tanh
  static const AttributeType kType;
};

/// Steps that look up int8, uint8 or, interpolated, int16 values.
Step table_step(const OpView& op, const Table8& table);
Step table_step(const OpView& op, const std::array<uint8_t, 256>& table);
Step table_step(const OpView& op, const Table16& table);

extern const OpDef kElu;
extern const OpDef kExp;
extern const OpDef kGelu;
extern const OpDef kLog;

}  // namespace narrow
