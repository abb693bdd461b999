// supported_ops of the public interface.
#include "narrow/support.h"

#include "base/guarded.h"
#include "verify/runtime.h"
#include "verify/support.h"
#include "verify/verify.h"

namespace narrow {
namespace {

/// What runs an op at a width, narrow first.
std::vector<Runtime> runtimes_of(const OpDef& op, Width width) {
  std::vector<Runtime> out;
  if (narrow_has(op, width)) out.push_back(Runtime::narrow);
  for (Runtime const r : all<Runtime>()) {
    const RuntimeDef& def = *find_runtime(to_string(r));
    if (!def.rows.empty() && runtime_has(def, op, width)) out.push_back(r);
  }
  return out;
}

}  // namespace

Result<std::vector<OpSupport>> supported_ops() {
  return guarded([]() -> Result<std::vector<OpSupport>> {
    std::vector<OpSupport> out;
    for (const OpDef* op : all_ops()) {
      OpSupport row{op->name, {}};
      for (Width const w : all<Width>()) row.runtimes[static_cast<size_t>(w)] = runtimes_of(*op, w);
      out.push_back(std::move(row));
    }
    return out;
  });
}

}  // namespace narrow
