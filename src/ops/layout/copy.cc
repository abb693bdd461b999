#include "ops/layout/copy.h"

#include <cstring>

namespace narrow {

Result<Step> lower_copy(const OpView& op, const LowerContext&) {
  DType const dtype = op.output().dtype;
  if (op.input(0).dtype != dtype)
    return fail(ErrorKind::unsupported,
                std::string("data of ") + to_string(op.input(0).dtype) + " with a result of " + to_string(dtype));
  if (op.input(0).elements() != op.output().elements())
    return fail(ErrorKind::bad_file,
                "data of shape " + op.input(0).shape.text() + " with a result of shape " + op.output().shape.text());
  auto const bytes = storage_bytes(dtype, op.output().elements());
  if (!bytes) return fail(ErrorKind::unsupported, std::string("elements of type ") + to_string(dtype));
  auto const n = static_cast<size_t>(*bytes);
  return Step{.run =
                  [n](const StepArgs& a) {
                    if (n > 0) std::memcpy(a.out[0], a.in[0], n * static_cast<size_t>(a.batch));
                  },
              .batched = !op.input(0).constant,
              .kernel = "copy"};
}

}  // namespace narrow
