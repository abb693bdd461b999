#include "ops/layout/copy.h"

#include "ops/layout/move.h"

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
  return call_step(copy_call(operand(0), result(), op.output().elements(), *bytes));
}

}  // namespace narrow
