// C source as text: literals, lists, comments that no name can break out of.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/tensor.h"

namespace narrow {

/// Longest line of what is written.
inline constexpr size_t kColumns = 120;

/// The C99 type that holds values of `dtype`; least-width types, because exact-width ones do not exist where the
/// smallest unit has 16 bits. float16 goes by its bits. Only for types that have numbers.
const char* c_type(DType dtype);

/// The value at `at` as a constant of that type. What is not finite needs <math.h>.
std::string literal(DType dtype, const std::byte* at);
std::string literal(float value);

/// Values of `dtype`, with commas between them, in lines that each end in `line_end` and a newline.
std::string literal_list(DType dtype, std::span<const std::byte> values, const char* line_end);

/// A comment of sentences that have no end of a comment in them, each in lines of its own.
std::string comment(const std::vector<std::string>& sentences);

/// A name from a model in quotes, as it may stand in a comment: no control or foreign characters, no end or beginning
/// of a comment, no line splice; of a long one both ends.
std::string quoted(const std::string& name);

/// Text that may hold names from a model, as it may stand in a comment: what could end the comment, or is no printable
/// character, becomes '_'.
std::string in_comment(std::string_view text);

std::string upper(std::string text);  // in capitals
std::string lower(std::string text);

}  // namespace narrow
