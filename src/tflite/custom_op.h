// Custom ops of narrow: how the .tflite format holds an op that it has no operator code for. The op is stored as a
// custom op named "narrow.NAME". Its custom options are a JSON object: `narrow_version`, the version of this encoding,
// and each field of the attributes by its name; enumerations are the words of their values. Fields that a file lacks
// have their defaults, so that fields can be added.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/attributes.h"

namespace narrow {

struct OpDef;

/// The version of the encoding that `encode_attributes` writes.
inline constexpr int kCustomOpVersion = 1;

/// "narrow.SOFTPLUS": the name in files of an op that the format has no code for.
std::string custom_op_name(const OpDef& def);

/// The name of the op that a custom op of that name stands for: "SOFTPLUS" of "narrow.SOFTPLUS"; nothing for the custom
/// ops of others.
std::optional<std::string_view> op_of_custom_name(std::string_view name);

/// The custom options that hold these attributes: the same bytes for equal attributes. Text that is not UTF-8 is not
/// kept as it is.
std::vector<uint8_t> encode_attributes(const Attributes& attributes);

/// The attributes that custom options hold, of the struct that `type` describes (null: the op has none). bad_file where
/// they are damaged or hold a value that a field does not take; unsupported where a later version of narrow wrote them,
/// or they hold a field that this one does not know; limit_exceeded for more than 64 KiB.
Result<Attributes> decode_attributes(std::span<const uint8_t> stored, const AttributeType* type);

}  // namespace narrow
