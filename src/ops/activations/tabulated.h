// ELU, EXP, GELU and LOG: functions of one element whose integers the runtimes look up in a table of the float
// function.
#pragma once

#include <functional>

#include "ops/activations/activations.h"
#include "ops/integer/tables.h"

namespace narrow {

/// Steps that look up int8, uint8 or, interpolated, int16 values.
Step table_step(const OpView& op, const Table8& table);
Step table_step(const OpView& op, const std::array<uint8_t, 256>& table);
Step table_step(const OpView& op, const Table16& table);

/// The step of an int8 op whose model says how results are rounded: `f` of each value, rounded once.
Step table_step(const OpView& op, const std::function<double(double)>& f, RoundingRule rule);

}  // namespace narrow
