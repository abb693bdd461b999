#include "tflite/custom_op.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "graph/attribute_type.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kPrefix = "narrow.";
constexpr const char* kVersionKey = "narrow_version";
constexpr size_t kMostBytes = size_t{1} << 16;  // of the options of one op: a small file stays small in memory
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// JSON has no infinities and no NaN: they are words.
Json real(float value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  return value;
}

std::optional<float> real(const Json& stored) {
  if (stored.is_number()) return stored.get<float>();
  if (stored == "nan") return std::numeric_limits<float>::quiet_NaN();
  if (stored == "infinity") return kInfinity;
  if (stored == "-infinity") return -kInfinity;
  return std::nullopt;
}

std::optional<int32_t> whole(const Json& stored) {
  if (!stored.is_number_integer()) return std::nullopt;
  auto const value = stored.get<int64_t>();
  if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max()) return std::nullopt;
  return static_cast<int32_t>(value);
}

struct Encoder {
  const AttributeField& field;

  Json operator()(bool value) const { return value; }
  Json operator()(int64_t value) const {
    const char* const word = field.word(value);
    return word ? Json(word) : Json(value);
  }
  Json operator()(float value) const { return real(value); }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const std::vector<int32_t>& values) const { return values; }
  Json operator()(const std::vector<float>& values) const {
    Json out = Json::array();
    for (float v : values) out.push_back(real(v));
    return out;
  }
};

/// Reads a value of the kind that the visited one has; nothing where another kind is stored.
struct Decoder {
  const AttributeField& field;
  const Json& stored;

  std::optional<FieldValue> operator()(bool) const {
    if (!stored.is_boolean()) return std::nullopt;
    return stored.get<bool>();
  }
  std::optional<FieldValue> operator()(int64_t) const {
    if (field.names.empty()) {
      auto const value = whole(stored);
      return value ? std::optional<FieldValue>(int64_t{*value}) : std::nullopt;
    }
    for (size_t i = 0; i < field.names.size(); ++i)
      if (stored == field.names[i]) return static_cast<int64_t>(i);
    return std::nullopt;
  }
  std::optional<FieldValue> operator()(float) const {
    auto const value = real(stored);
    return value ? std::optional<FieldValue>(*value) : std::nullopt;
  }
  std::optional<FieldValue> operator()(const std::string&) const {
    if (!stored.is_string()) return std::nullopt;
    return stored.get<std::string>();
  }
  std::optional<FieldValue> operator()(const std::vector<int32_t>&) const {
    return list<int32_t>([](const Json& v) { return whole(v); });
  }
  std::optional<FieldValue> operator()(const std::vector<float>&) const {
    return list<float>([](const Json& v) { return real(v); });
  }

  template <class T, class Read>
  std::optional<FieldValue> list(Read read) const {
    if (!stored.is_array()) return std::nullopt;
    std::vector<T> out;
    for (const Json& v : stored) {
      auto const value = read(v);
      if (!value) return std::nullopt;
      out.push_back(*value);
    }
    return out;
  }
};

/// The version of the encoding; 0 where the options are not in it at all.
int version_of(const Json& options) {
  if (!options.is_object() || !options.contains(kVersionKey)) return 0;
  return whole(options[kVersionKey]).value_or(0);
}

}  // namespace

std::string custom_op_name(const OpDef& def) {
  return std::string(kPrefix) + def.name;
}

std::optional<std::string_view> op_of_custom_name(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  return name.substr(kPrefix.size());
}

std::vector<uint8_t> encode_attributes(const Attributes& attributes) {
  Json options{{kVersionKey, kCustomOpVersion}};
  if (!attributes.empty())
    for (const AttributeField& field : attributes.type()->fields)
      options[field.name] = std::visit(Encoder{field}, field.get(attributes));
  std::string const text = options.dump(-1, ' ', false, Json::error_handler_t::replace);
  return {text.begin(), text.end()};
}

Result<Attributes> decode_attributes(std::span<const uint8_t> stored, const AttributeType* type) {
  if (stored.size() > kMostBytes)
    return fail(ErrorKind::limit_exceeded,
                "its options take more than the " + std::to_string(kMostBytes) + " bytes that are allowed");
  Json const options = Json::parse(stored.begin(), stored.end(), nullptr, false);
  int const version = version_of(options);
  if (version <= 0) return fail(ErrorKind::bad_file, "its options are not in narrow's encoding");
  if (version != kCustomOpVersion)
    return fail(ErrorKind::unsupported, "its options are in version " + std::to_string(version) +
                                            " of narrow's encoding; this narrow knows version " +
                                            std::to_string(kCustomOpVersion));
  Attributes out = type ? type->make() : Attributes();
  for (const auto& [key, value] : options.items()) {
    if (key == kVersionKey) continue;
    const AttributeField* const field = type ? type->field(key) : nullptr;
    if (!field) return fail(ErrorKind::unsupported, "its option '" + readable(key) + "' is not known");
    auto const decoded = std::visit(Decoder{*field, value}, field->get(out));
    if (!decoded)
      return fail(ErrorKind::bad_file, std::string("its option '") + field->name + "' holds another kind of value");
    field->set(out, *decoded);
  }
  return out;
}

}  // namespace narrow
