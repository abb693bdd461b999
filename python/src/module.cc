// narrow._native: the library's functions on plain objects. The package around it is what users see.
#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>
#include <narrow/limits.h>
#include <narrow/types.h>
#include <narrow/version.h>

#include "bind.h"
#include "failure.h"
#include "text.h"
#include "unlocked.h"

namespace nb = nanobind;

namespace narrow::python {
namespace {

template <class E>
std::vector<std::string> names() {
  std::vector<std::string> out;
  for (E const e : all<E>()) out.emplace_back(to_string(e));
  return out;
}

}  // namespace

NB_MODULE(_native, m) {
  translate_failures();
  watch_exit(m);
  nb::set_leak_warnings(false);  // what a daemon thread or a kept traceback holds at the end is no leak
  m.attr("version") = version();
  m.attr("schemes") = names<Scheme>();
  m.def("set_limits", [](const nb::dict& given) {
    Limits limits = limits_in_force();
    for (auto const [name, number] : given) {
      auto const text = nb::cast<std::string>(name);
      int64_t value = 0;
      if (nb::try_cast(number, value) && set_limit(limits, text, value)) continue;
      std::string known;
      for (const char* const one : limit_names()) known += (known.empty() ? "" : ", ") + std::string(one);
      refuse_value("limit", "'" + text + "=" + nb::cast<std::string>(nb::str(number)) + "'",
                   "it takes NAME=N with N above 0, NAME one of: " + known);
    }
    set_limits(limits);
  });
  bind_models(m);
  bind_jobs(m);
  bind_reports(m);
  bind_session(m);
}

}  // namespace narrow::python
