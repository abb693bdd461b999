// verify of the public interface.
#include "verify/verify.h"

#include "base/guarded.h"
#include "simplify/plain_forms.h"
#include "verify/runtime.h"

namespace narrow {

Result<std::vector<Finding>> verify(const Model& model, Runtime runtime) {
  return guarded([&]() -> Result<std::vector<Finding>> {
    const RuntimeDef& def = *find_runtime(to_string(runtime));
    if (runtime != Runtime::narrow) return verify(model, def);
    NARROW_TRY(PlainModel const plain, in_plain_forms(model));
    return verify(plain.model, def);
  });
}

const char* title(Runtime runtime) {
  return find_runtime(to_string(runtime))->title;
}

}  // namespace narrow
