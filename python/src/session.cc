// Sessions: a model made ready to run, sample after sample, in memory that NumPy sees.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <narrow/session.h>

#include "bind.h"
#include "handles.h"
#include "keywords.h"
#include "text.h"
#include "unlocked.h"

namespace nb = nanobind;

namespace narrow::python {
namespace {

/// Bytes of a session, as an array that keeps the session alive.
nb::object view(nb::handle session, std::span<const std::byte> bytes) {
  size_t const shape[] = {bytes.size()};
  auto* const data = reinterpret_cast<uint8_t*>(const_cast<std::byte*>(bytes.data()));
  return nb::cast(nb::ndarray<nb::numpy, uint8_t>(data, 1, shape, session), nb::rv_policy::reference);
}

}  // namespace

void bind_session(nb::module_& m) {
  nb::class_<Session>(m, "Session")
      .def_static("create",
                  [](const NativeModel& model, const nb::dict& options) {
                    Keywords keywords(options);
                    SessionOptions how;
                    keywords.choice<Profile>("profile", &how.profile);
                    keywords.text("signature", &how.signature);
                    keywords.finish();
                    return value(Session::create(model.value, how));
                  })
      .def_prop_ro("inputs", &Session::inputs)
      .def_prop_ro("outputs", &Session::outputs)
      .def("input", [](nb::handle self, size_t i) { return view(self, nb::cast<Session&>(self).input(i)); })
      .def("output", [](nb::handle self, size_t i) { return view(self, nb::cast<Session&>(self).output(i)); })
      .def("run",
           [](Session& self) {
             Status done = [&] {
               Unlocked const unlocked;
               return self.run(1);
             }();
             check(std::move(done));
           })
      .def("restart", &Session::restart);
}

}  // namespace narrow::python
