#include "graph/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/digest.h"
#include "base/printable.h"
#include "graph/attribute_type.h"

namespace narrow {
namespace {

/// What a FieldValue holds, by its index.
constexpr std::array<const char*, std::variant_size_v<FieldValue>> kKinds{
    "a truth value", "an integer", "a number", "a text", "a list of integers", "a list of numbers"};

/// The bits that a real number is compared and hashed by. NaN equals itself. 0 and -0 are one value: they act the same
/// in every op, and FlatBuffers leaves out a field that compares equal to its default, so that -0 is read back as 0.
uint32_t bits(float value) {
  return value == 0 ? 0 : std::bit_cast<uint32_t>(value);
}

bool same_reals(std::span<const float> a, std::span<const float> b) {
  return std::ranges::equal(a, b, {}, bits, bits);
}

bool same(const FieldValue& a, const FieldValue& b) {
  auto const *x = std::get_if<float>(&a), *y = std::get_if<float>(&b);
  if (x && y) return same_reals({x, 1}, {y, 1});
  auto const *xs = std::get_if<std::vector<float>>(&a), *ys = std::get_if<std::vector<float>>(&b);
  return xs && ys ? same_reals(*xs, *ys) : a == b;
}

void add(Digest& digest, bool value) {
  digest.add(static_cast<uint64_t>(value));
}
void add(Digest& digest, int64_t value) {
  digest.add(static_cast<uint64_t>(value));
}
void add(Digest& digest, float value) {
  digest.add(static_cast<uint64_t>(bits(value)));
}
void add(Digest& digest, const std::string& text) {
  digest.add(std::string_view(text));
}
void add(Digest& digest, const std::vector<int32_t>& values) {
  digest.add(std::as_bytes(std::span(values)));
}
void add(Digest& digest, const std::vector<float>& values) {
  digest.add(values.size());
  for (float const v : values) add(digest, v);
}

std::string text(bool value) {
  return value ? "true" : "false";
}
std::string text(int64_t value) {
  return std::to_string(value);
}
std::string text(float value) {
  return fmt::format("{}", value);
}
std::string text(const std::string& value) {
  return "'" + printable(value) + "'";
}
template <class T>
std::string text(const std::vector<T>& values) {
  return fmt::format("[{}]", fmt::join(values, ", "));
}

}  // namespace

bool Attributes::operator==(const Attributes& other) const {
  if (type_ != other.type_) return false;
  return value_ == other.value_ ||
         std::ranges::all_of(type_->fields, [&](const AttributeField& f) { return same(f.get(*this), f.get(other)); });
}

const char* AttributeField::word(const FieldValue& value) const {
  auto const* const number = std::get_if<int64_t>(&value);
  return number && *number >= 0 && static_cast<uint64_t>(*number) < names.size() ? names[static_cast<size_t>(*number)]
                                                                                 : nullptr;
}

const AttributeField* AttributeType::field(std::string_view field_name) const {
  auto const found =
      std::ranges::find(fields, field_name, [](const AttributeField& f) { return std::string_view(f.name); });
  return found == fields.end() ? nullptr : &*found;
}

std::string print(const AttributeField& field, const FieldValue& value) {
  if (const char* const word = field.word(value)) return word;
  return std::visit([](const auto& v) { return text(v); }, value);
}

std::string print(const Attributes& attributes) {
  std::string out;
  if (attributes.empty()) return out;
  for (const AttributeField& f : attributes.type()->fields)
    out += fmt::format("{}{}={}", out.empty() ? "" : ", ", f.name, print(f, f.get(attributes)));
  return out;
}

Status set_field(Attributes& attributes, std::string_view name, const FieldValue& value) {
  const AttributeField* const field = attributes.empty() ? nullptr : attributes.type()->field(name);
  if (!field) return fail(ErrorKind::bad_option, fmt::format("the op has no attribute '{}'", name));
  size_t const kind = field->get(attributes).index();
  if (kind != value.index())
    return fail(ErrorKind::bad_option,
                fmt::format("attribute '{}' is {}, not {}", name, kKinds[kind], kKinds[value.index()]));
  if (!field->names.empty() && !field->word(value))
    return fail(ErrorKind::bad_option, fmt::format("attribute '{}' has no value {}", name, print(*field, value)));
  field->set(attributes, value);
  return {};
}

uint64_t hash(const Attributes& attributes) {
  Digest digest;
  if (attributes.empty()) return digest.value();
  digest.add(std::string_view(attributes.type()->name));
  for (const AttributeField& f : attributes.type()->fields)
    std::visit([&](const auto& v) { add(digest, v); }, f.get(attributes));
  return digest.value();
}

}  // namespace narrow
