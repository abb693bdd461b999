// convert of the public interface.
#include "narrow/convert.h"

#include "base/guarded.h"
#include "simplify/simplify.h"

namespace narrow {

Result<ModelPtr> convert(const Model& model) {
  return guarded([&]() -> Result<ModelPtr> {
    NARROW_TRY(Model simple, simplify(model));
    return std::make_shared<const Model>(std::move(simple));
  });
}

}  // namespace narrow
