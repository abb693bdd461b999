#include "failure.h"

namespace nb = nanobind;

namespace narrow::python {

void refuse_value(const std::string& keyword, const std::string& given, const std::string& remedy) {
  throw Failure{{ErrorKind::bad_option, "`" + keyword + "` does not take " + given, {}, remedy, keyword}};
}

void translate_failures() {
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Failure& f) {
      nb::object const type = nb::module_::import_("narrow._error").attr("Error");
      nb::object const error =
          type(to_string(f.error.kind), f.error.what, f.error.where, f.error.remedy, f.error.field);
      PyErr_SetObject(type.ptr(), error.ptr());
    }
  });
}

}  // namespace narrow::python
