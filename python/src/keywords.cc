#include "keywords.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nb = nanobind;

namespace narrow::python {
namespace {

std::string shown(nb::handle value) {
  return nb::cast<std::string>(nb::repr(value));
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

/// A Python int, or a NumPy integer, that fits; nothing for anything else, True and False too.
std::optional<int64_t> whole(nb::handle value) {
  if (PyBool_Check(value.ptr()) || !PyIndex_Check(value.ptr())) return std::nullopt;
  auto const index = nb::steal(PyNumber_Index(value.ptr()));
  if (!index.is_valid()) throw nb::python_error();
  int overflow = 0;
  long long const out = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow) return std::nullopt;
  return out;
}

}  // namespace

std::optional<int64_t> byte_count(nb::handle value) {
  if (!nb::isinstance<nb::str>(value)) return whole(value);
  auto const text = nb::cast<std::string>(value);
  size_t const digits = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string const unit = text.substr(digits);
  int64_t const factor = unit.empty() ? 1 : unit == "k" || unit == "K" ? 1024 : unit == "M" ? 1024 * 1024 : 0;
  if (digits == 0 || digits > 12 || factor == 0) return std::nullopt;
  return std::stoll(text) * factor;
}

nb::object Keywords::object(const char* name) {
  nb::str const key(name);
  if (!given_.contains(key)) return {};
  nb::object out = given_[key];
  PyDict_DelItem(given_.ptr(), key.ptr());
  return out;
}

std::optional<size_t> Keywords::one_of(const char* name, const std::vector<std::string>& words) {
  nb::object const value = object(name);
  if (!value.is_valid()) return std::nullopt;
  if (nb::isinstance<nb::str>(value)) {
    auto const word = nb::cast<std::string>(value);
    for (size_t i = 0; i < words.size(); ++i)
      if (words[i] == word) return i;
  }
  refuse_value(name, shown(value), "choose " + joined(words));
}

std::vector<size_t> Keywords::some_of(const char* name, const std::vector<std::string>& words) {
  std::vector<size_t> out;
  for (const std::string& word : texts(name)) {
    size_t i = 0;
    while (i < words.size() && words[i] != word) ++i;
    if (i == words.size()) refuse_value(name, "'" + word + "'", "choose " + joined(words));
    out.push_back(i);
  }
  return out;
}

void Keywords::bits(const char* name, const std::vector<int>& values, const char* zero, std::optional<int>* target) {
  nb::object const value = object(name);
  if (!value.is_valid()) return;
  std::vector<std::string> words;
  auto const number = whole(value);
  for (int const v : values) {
    words.push_back(v == 0 ? zero : std::to_string(v));
    bool const same = v == 0 ? nb::isinstance<nb::str>(value) && nb::cast<std::string>(value) == zero : number == v;
    if (!same) continue;
    *target = v;
    return;
  }
  refuse_value(name, shown(value), "choose " + joined(words));
}

void Keywords::number(const char* name, const std::function<void(double)>& store) {
  nb::object const value = object(name);
  if (!value.is_valid()) return;
  double out = std::numeric_limits<double>::quiet_NaN();
  if (PyNumber_Check(value.ptr()) && !PyBool_Check(value.ptr())) {
    out = PyFloat_AsDouble(value.ptr());
    if (PyErr_Occurred()) {
      PyErr_Clear();
      out = std::numeric_limits<double>::quiet_NaN();
    }
  }
  if (!std::isfinite(out)) refuse_value(name, shown(value), "it takes a finite number, as in 0.5 or 1/255");
  store(out);
}

std::optional<int64_t> Keywords::count(const char* name, int64_t least, bool bytes) {
  nb::object const value = object(name);
  if (!value.is_valid()) return std::nullopt;
  auto const out = bytes ? byte_count(value) : whole(value);
  if (out && *out >= least) return out;
  refuse_value(name, shown(value),
               bytes ? "give bytes, as 65536, or with a unit: '64k', '1M'"
                     : "it takes a whole number of at least " + std::to_string(least));
}

void Keywords::text(const char* name, std::string* target) {
  nb::object const value = object(name);
  if (!value.is_valid()) return;
  nb::object text = value;
  if (PyObject_HasAttrString(value.ptr(), "__fspath__")) text = nb::steal(PyOS_FSPath(value.ptr()));
  if (!text.is_valid() || !nb::isinstance<nb::str>(text)) {
    PyErr_Clear();
    refuse_value(name, shown(value), "it takes text");
  }
  *target = nb::cast<std::string>(text);
  if (target->empty()) refuse_value(name, "''", "give a value, or leave it out");
}

std::vector<std::string> Keywords::texts(const char* name) {
  nb::object const value = object(name);
  if (!value.is_valid()) return {};
  if (nb::isinstance<nb::str>(value)) return {nb::cast<std::string>(value)};
  std::vector<std::string> out;
  if (nb::try_cast(value, out)) return out;
  refuse_value(name, shown(value), "it takes text, or a list of texts");
}

void Keywords::flag(const char* name, bool* target) {
  nb::object const value = object(name);
  if (!value.is_valid()) return;
  if (!PyBool_Check(value.ptr())) refuse_value(name, shown(value), "it takes True or False");
  *target = value.ptr() == Py_True;
}

void Keywords::threads(int* target) {
  constexpr int64_t kMost = 1024;
  nb::str const key("threads");
  nb::object const given = given_.contains(key) ? nb::object(given_[key]) : nb::object();
  if (auto const n = count("threads")) {
    if (*n > kMost) refuse_value("threads", shown(given), "it takes a whole number from 1 to 1024");
    *target = static_cast<int>(*n);
  }
}

void Keywords::finish() {
  for (auto const [key, value] : given_) {
    (void)value;
    auto const name = nb::cast<std::string>(nb::str(key));
    throw Failure{{ErrorKind::bad_option, "there is no option `" + name + "`", {}, {}, name}};
  }
}

}  // namespace narrow::python
