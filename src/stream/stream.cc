#include "stream/stream.h"

#include <numeric>

#include "ops/control/state.h"
#include "stream/stream_maker.h"

namespace narrow {
namespace {

constexpr int kMostTries = 64;  // each multiplies the frames of a run by a stride

Status check_model(const Model& model) {
  if (keeps_state(model, 0)) return fail(ErrorKind::unsupported, "it keeps state already: it takes frames as it is");
  if (model.graphs.size() != 1)
    return fail(ErrorKind::unsupported, "it has " + std::to_string(model.graphs.size()) +
                                            " graphs; a network of one graph can take its frames one by one");
  if (model.main().inputs.size() != 1)
    return fail(ErrorKind::unsupported,
                "it has " + std::to_string(model.main().inputs.size()) + " inputs; one is needed, of frames");
  return {};
}

Result<int> axis_of(const Model& model, int axis) {
  const Tensor& x = model.main().tensor(model.main().inputs[0]);
  int const rank = x.shape.rank(), at = axis < 0 ? axis + rank : axis;
  if (at >= 0 && at < rank) return at;
  return fail(ErrorKind::bad_option,
              "the input has shape " + x.shape.text() + ", in which " + std::to_string(axis) + " is no axis", "`axis`");
}

}  // namespace

Result<Streamed> stream(const Model& model, const StreamOptions& options) {
  NARROW_CHECK(check_model(model));
  NARROW_TRY(int const axis, axis_of(model, options.axis));
  int32_t const window = model.main().tensor(model.main().inputs[0]).shape[axis];
  if (options.frames < 0 || options.frames > window)
    return fail(ErrorKind::bad_option,
                "a run takes 1 to " + std::to_string(window) + " frames, not " + std::to_string(options.frames),
                "`frames`");
  int32_t least = 1;
  for (int i = 0; i < kMostTries && least <= window; ++i) {
    StreamMaker maker(model, axis, least);
    auto made = maker.run();
    if (least % maker.least_frames() != 0) {
      least = std::lcm(least, maker.least_frames());
      continue;
    }
    if (!made || options.frames == 0 || options.frames == least) return made;
    if (options.frames % least == 0) return StreamMaker(model, axis, static_cast<int32_t>(options.frames)).run();
    return fail(ErrorKind::bad_option,
                "its strides take a multiple of " + std::to_string(least) + " frames a run, not " +
                    std::to_string(options.frames),
                "`frames`");
  }
  return fail(ErrorKind::unsupported, "its strides take more frames at a time than the window has");
}

}  // namespace narrow
