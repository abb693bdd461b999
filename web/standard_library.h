// What narrow uses of C++20's library and libc++ 13, that of emscripten 3.1.6, does not have; nothing with a later one.
// Each file of a build for the browser includes it first (cmake/web.cmake).
#pragma once

#include <limits.h>
#undef ARG_MAX  // a name of an op, too

#include <algorithm>

#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 15000

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>

namespace std {

template <class To, class From>
constexpr To bit_cast(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

/// By strtod, which in emscripten rounds correctly and knows no locale; like from_chars it takes neither blanks nor a
/// plus in front, nor hexadecimal digits.
template <class T>
requires is_floating_point_v<T> from_chars_result from_chars(const char* first, const char* last, T& value) {
  const char* digits = first != last && *first == '-' ? first + 1 : first;
  bool const hexadecimal = last - digits > 1 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
  if (digits == last || isspace(static_cast<unsigned char>(*digits)) || *digits == '+' || *digits == '-')
    return {first, errc::invalid_argument};
  string const text(first, hexadecimal ? digits + 1 : last);
  char* end = nullptr;
  errno = 0;
  T const read =
      is_same_v<T, float> ? static_cast<T>(strtof(text.c_str(), &end)) : static_cast<T>(strtod(text.c_str(), &end));
  const char* const stop = first + (end - text.c_str());
  if (stop == first) return {first, errc::invalid_argument};
  // Numbers that are small, but not too small, are an error of range for strtod alone.
  if (errno == ERANGE && (isinf(read) || read == 0)) return {stop, errc::result_out_of_range};
  value = read;
  return {stop, errc()};
}

/// The fewest digits that are read back as the same number, written as %g does.
inline to_chars_result to_chars(char* first, char* last, double value) {
  char text[32];
  int length = 0;
  for (int digits = 1; digits <= 17; ++digits) {
    length = snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, nullptr) == value) break;
  }
  if (last - first < length) return {last, errc::value_too_large};
  memcpy(first, text, static_cast<size_t>(length));
  return {first + length, errc()};
}

namespace ranges {

/// `less(project(a), project(b))` as a function of a and b.
template <class Less, class Project>
auto projected_order(Less& less, Project& project) {
  return
      [&](auto&& a, auto&& b) -> bool { return std::invoke(less, std::invoke(project, a), std::invoke(project, b)); };
}

template <range R, class Is, class Project = identity>
auto find_if(R&& r, Is is, Project project = {}) {
  return std::find_if(std::begin(r), std::end(r),
                      [&](auto&& v) -> bool { return std::invoke(is, std::invoke(project, v)); });
}
template <range R, class T, class Project = identity>
auto find(R&& r, const T& value, Project project = {}) {
  return std::find_if(std::begin(r), std::end(r), [&](auto&& v) -> bool { return std::invoke(project, v) == value; });
}
template <range R, class Is, class Project = identity>
bool any_of(R&& r, Is is, Project project = {}) {
  return std::any_of(std::begin(r), std::end(r),
                     [&](auto&& v) -> bool { return std::invoke(is, std::invoke(project, v)); });
}
template <range R, class Is, class Project = identity>
bool all_of(R&& r, Is is, Project project = {}) {
  return std::all_of(std::begin(r), std::end(r),
                     [&](auto&& v) -> bool { return std::invoke(is, std::invoke(project, v)); });
}
template <range R, class Is, class Project = identity>
bool none_of(R&& r, Is is, Project project = {}) {
  return !ranges::any_of(r, std::move(is), std::move(project));
}
template <range R, class T>
auto count(R&& r, const T& value) {
  return std::count(std::begin(r), std::end(r), value);
}
template <range R, class Is>
auto count_if(R&& r, Is is) {
  return std::count_if(std::begin(r), std::end(r), std::move(is));
}
template <range A, range B, class Same = std::equal_to<>, class First = identity, class Second = identity>
bool equal(const A& a, const B& b, Same same = {}, First first = {}, Second second = {}) {
  return std::equal(std::begin(a), std::end(a), std::begin(b), std::end(b), [&](auto&& x, auto&& y) -> bool {
    return std::invoke(same, std::invoke(first, x), std::invoke(second, y));
  });
}
template <range R, class Out, class Is>
auto copy_if(R&& r, Out out, Is is) {
  return std::copy_if(std::begin(r), std::end(r), std::move(out), std::move(is));
}
template <range R, class T>
void replace(R&& r, const T& from, const T& to) {
  std::replace(std::begin(r), std::end(r), from, to);
}
template <range R, class Is, class T>
void replace_if(R&& r, Is is, const T& to) {
  std::replace_if(std::begin(r), std::end(r), std::move(is), to);
}
template <range R, class Less = std::less<>, class Project = identity>
auto min_element(R&& r, Less less = {}, Project project = {}) {
  return std::min_element(std::begin(r), std::end(r), ranges::projected_order(less, project));
}
template <range R, class Less = std::less<>, class Project = identity>
auto max_element(R&& r, Less less = {}, Project project = {}) {
  return std::max_element(std::begin(r), std::end(r), ranges::projected_order(less, project));
}
template <range R>
auto minmax_element(R&& r) {
  return std::minmax_element(std::begin(r), std::end(r));
}
template <range R>
bool is_sorted(R&& r) {
  return std::is_sorted(std::begin(r), std::end(r));
}
template <range R, class Less = std::less<>, class Project = identity>
void sort(R&& r, Less less = {}, Project project = {}) {
  std::sort(std::begin(r), std::end(r), ranges::projected_order(less, project));
}
template <range R, class Less = std::less<>, class Project = identity>
void stable_sort(R&& r, Less less = {}, Project project = {}) {
  std::stable_sort(std::begin(r), std::end(r), ranges::projected_order(less, project));
}
template <range R, class Iterator>
void nth_element(R&& r, Iterator nth) {
  std::nth_element(std::begin(r), nth, std::end(r));
}

}  // namespace ranges
}  // namespace std

#endif
