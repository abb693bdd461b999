// Keywords: the keyword arguments of a call, each brought into a field of a request. They have the names of the command
// line's options, with underscores.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>
#include <narrow/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "failure.h"
#include "text.h"

namespace narrow::python {

/// 65536, "64k" or "1M" in bytes; nothing for what is neither a whole number nor such a text.
std::optional<int64_t> byte_count(nanobind::handle value);

/// Every function throws Failure where the value is not of the keyword's kind, in the words of the command line.
class Keywords {
 public:
  explicit Keywords(nanobind::dict given) : given_(std::move(given)) {}

  /// One of the names of an enumeration.
  template <class E, class Target>
  void choice(const char* name, Target* target) {
    std::vector<std::string> words;
    for (E const e : all<E>()) words.emplace_back(to_string(e));
    if (auto const at = one_of(name, words)) *target = all<E>()[*at];
  }

  /// The index of the word that is given; nothing where the keyword is not.
  std::optional<size_t> one_of(const char* name, const std::vector<std::string>& words);
  /// The indices of words: a word or a list of them.
  std::vector<size_t> some_of(const char* name, const std::vector<std::string>& words);
  /// One of `values`; `zero`, if not empty, is the word for 0.
  void bits(const char* name, const std::vector<int>& values, const char* zero, std::optional<int>* target);
  void number(const char* name, const std::function<void(double)>& store);
  /// A whole number of at least `least`; of bytes, as `byte_count` has them, where `bytes`.
  std::optional<int64_t> count(const char* name, int64_t least = 1, bool bytes = false);
  void text(const char* name, std::string* target);
  std::vector<std::string> texts(const char* name);
  void flag(const char* name, bool* target);
  void threads(int* target);
  /// The value as it is; null where it is not given.
  nanobind::object object(const char* name);

  /// Refuses keywords that nothing has asked for.
  void finish();

 private:
  nanobind::dict given_;
};

}  // namespace narrow::python
