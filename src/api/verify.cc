// verify of the public interface.
#include "verify/verify.h"

#include "base/guarded.h"
#include "verify/runtime.h"

namespace narrow {

Result<std::vector<Finding>> verify(const Model& model, Runtime runtime) {
  return guarded([&]() -> Result<std::vector<Finding>> { return verify(model, *find_runtime(to_string(runtime))); });
}

const char* title(Runtime runtime) {
  return find_runtime(to_string(runtime))->title;
}

}  // namespace narrow
