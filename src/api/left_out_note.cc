#include "api/left_out_note.h"

#include <fmt/format.h>

namespace narrow {

std::string left_out_note(const Totals& before, const Totals& after) {
  if (after.parameters == before.parameters) return {};
  return fmt::format(
      "channels that no output depends on are left out, and all outputs stay the same: {} instead of {} "
      "multiply-accumulates, {} instead of {} parameters",
      after.macs, before.macs, after.parameters, before.parameters);
}

}  // namespace narrow
