// convert of the public interface.
#include "narrow/convert.h"

#include "base/guarded.h"
#include "simplify/simplify.h"
#include "stream/keep_states.h"
#include "stream/stream.h"

namespace narrow {
namespace {

ModelPtr stored(Model model) {
  pack_weights(model);
  return std::make_shared<const Model>(std::move(model));
}

}  // namespace

Result<ModelPtr> convert(const Model& model) {
  return guarded([&]() -> Result<ModelPtr> {
    NARROW_TRY(Model simple, simplify(model));
    return stored(std::move(simple));
  });
}

Result<ModelPtr> convert_to_stateful(const Model& model, const std::vector<StatePair>& states) {
  return guarded([&]() -> Result<ModelPtr> {
    NARROW_TRY(Model simple, simplify(model));
    std::vector<StateNames> names;
    for (const StatePair& s : states) names.push_back({s.input, s.output});
    NARROW_TRY(Model made, keep_states(std::move(simple), names));
    return stored(std::move(made));
  });
}

Result<StreamResult> convert_to_stream(const Model& model, const StreamRequest& request) {
  return guarded([&]() -> Result<StreamResult> {
    NARROW_TRY(Model const simple, simplify(model));
    NARROW_TRY(Streamed made, stream(simple, {.axis = request.axis, .frames = request.frames}));
    return StreamResult{.model = stored(std::move(made.model)),
                        .frames = made.frames,
                        .window = made.window,
                        .first_run = made.first,
                        .offset = made.offset,
                        .late = made.late,
                        .state_bytes = made.state_bytes};
  });
}

}  // namespace narrow
