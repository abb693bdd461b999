// JsonWriter: JSON text written from the front to the back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>

namespace narrow {

/// Text on one line, of objects and arrays that are opened, filled and closed in order. There is nothing but the text
/// in memory, and where that runs out std::bad_alloc is thrown: values of nlohmann::json end the process then, because
/// taking apart an object or array needs memory too.
class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& begin_array() { return open('['); }
  /// Ends the object or array that was begun last.
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& end_array() { return close(']'); }
  /// What the next value is called, in an object.
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::nullptr_t) { return append("null"); }
  JsonWriter& value(bool flag) { return append(flag ? "true" : "false"); }
  /// The shortest digits that read back as the same number; null for NaN and infinities.
  JsonWriter& value(double number);
  /// Bytes that are not UTF-8 become U+FFFD.
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  template <class T>
  requires std::is_integral_v<T> JsonWriter& value(T number) { return append(std::to_string(number)); }
  /// null where there is none.
  template <class T>
  JsonWriter& value(const std::optional<T>& content) {
    return content ? value(*content) : value(nullptr);
  }
  template <std::ranges::range T>
  requires(!std::is_convertible_v<const T&, std::string_view>) JsonWriter& value(const T& list) {
    begin_array();
    for (const auto& item : list) value(item);
    return end_array();
  }

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  const std::string& text() const { return text_; }

 private:
  JsonWriter& append(std::string_view token);
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);

  std::string text_;
  bool after_value_ = false;  // a comma comes before the next one
};

}  // namespace narrow
