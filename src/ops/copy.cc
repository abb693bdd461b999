#include "ops/copy.h"

#include <cstring>

namespace narrow {

Result<Step> lower_copy(const OpView& op, const LowerContext&) {
  auto const bytes = storage_bytes(op.output().dtype, op.output().elements());
  if (!bytes)
    return fail(ErrorKind::unsupported, std::string("elements of type ") + to_string(op.output().dtype));
  auto const n = static_cast<size_t>(*bytes);
  return Step{.run = [n](const StepArgs& a) { std::memcpy(a.out[0], a.in[0], n * static_cast<size_t>(a.batch)); },
              .batched = !op.input(0).constant,
              .kernel = "copy"};
}

}  // namespace narrow
