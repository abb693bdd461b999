#include "verify/forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace narrow {
namespace {

struct TypeName {
  std::string_view text;
  DType type;
};

constexpr std::array kTypeNames{
    TypeName{"f32", DType::float32},  TypeName{"f16", DType::float16},   TypeName{"bf16", DType::bfloat16},
    TypeName{"f64", DType::float64},  TypeName{"i2", DType::int2},       TypeName{"i4", DType::int4},
    TypeName{"u4", DType::uint4},     TypeName{"i8", DType::int8},       TypeName{"u8", DType::uint8},
    TypeName{"i16", DType::int16},    TypeName{"u16", DType::uint16},    TypeName{"i32", DType::int32},
    TypeName{"u32", DType::uint32},   TypeName{"i64", DType::int64},     TypeName{"u64", DType::uint64},
    TypeName{"bool", DType::boolean}, TypeName{"str", DType::string},    TypeName{"res", DType::resource},
    TypeName{"var", DType::variant},  TypeName{"c64", DType::complex64}, TypeName{"c128", DType::complex128},
};

constexpr TypeSet bit(DType type) {
  return TypeSet{1} << static_cast<int>(type);
}

constexpr TypeSet kAny = ~(bit(DType::resource) | bit(DType::variant));

/// The words of `text` between any of `separators`, without empty ones.
std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    size_t const at = std::min(text.find_first_of(separators), text.size());
    if (at > 0) words.push_back(text.substr(0, at));
    text.remove_prefix(std::min(at + 1, text.size()));
  }
  return words;
}

/// A type or a set of them joined by '|'; 0 where it is none.
TypeSet parse_types(std::string_view word, TypeSet same) {
  TypeSet types = 0;
  for (std::string_view const part : split(word, "|")) {
    auto const* at = std::find_if(kTypeNames.begin(), kTypeNames.end(), [&](auto& n) { return n.text == part; });
    TypeSet const one = part == "T" ? same : part == "any" ? kAny : at == kTypeNames.end() ? 0 : bit(at->type);
    if (one == 0) return 0;
    types |= one;
  }
  return types;
}

std::optional<std::vector<TypePlace>> parse_places(std::string_view text, TypeSet same) {
  std::vector<TypePlace> places;
  for (std::string_view word : split(text, " ")) {
    TypePlace place;
    place.optional = word.ends_with('?');
    place.many = word.ends_with('*');
    if (place.optional || place.many) word.remove_suffix(1);
    place.types = parse_types(word, same);
    if (place.types == 0) return std::nullopt;
    places.push_back(place);
  }
  return places;
}

/// One form for each type that T may be; false where the text is not in the notation.
bool parse_form(std::string_view text, std::vector<TypeForm>& forms) {
  size_t const colon = text.find(':');
  std::vector<TypeSet> same{0};
  if (colon != std::string_view::npos) {
    same.clear();
    for (std::string_view const word : split(text.substr(0, colon), " ")) same.push_back(parse_types(word, 0));
    text.remove_prefix(colon + 1);
  }
  size_t const arrow = text.find("->");
  if (arrow == std::string_view::npos) return false;
  for (TypeSet const t : same) {
    auto operands = parse_places(text.substr(0, arrow), t);
    auto results = parse_places(text.substr(arrow + 2), t);
    if (!operands || !results) return false;
    forms.push_back({std::move(*operands), std::move(*results)});
  }
  return true;
}

/// The place of tensor i of a list; null past its end.
const TypePlace* place_of(const std::vector<TypePlace>& places, size_t i) {
  if (i < places.size()) return &places[i];
  return !places.empty() && places.back().many ? &places.back() : nullptr;
}

/// Counts what does not fit, and says the first of it.
struct Comparison {
  int misfits = 0;
  std::string what;
  void add(std::string text) {
    if (misfits++ == 0) what = std::move(text);
  }
};

void compare(const std::vector<TypePlace>& places, const Graph& graph, std::vector<int> tensors, const char* word,
             Comparison& out) {
  while (!tensors.empty() && tensors.back() == kNoTensor) tensors.pop_back();
  for (size_t i = 0; i < std::max(places.size(), tensors.size()); ++i) {
    const TypePlace* place = place_of(places, i);
    bool const present = i < tensors.size() && tensors[i] != kNoTensor;
    if (!place) {
      out.add(fmt::format("{} {} is one more than the kernel has", word, i));
    } else if (!present) {
      if (!place->optional && !place->many) out.add(fmt::format("{} {} is left out, which the kernel needs", word, i));
    } else if (DType const type = graph.tensor(tensors[i]).dtype; !holds(place->types, type)) {
      out.add(
          fmt::format("{} {} is {}, where the kernel takes {}", word, i, to_string(type), type_words(place->types)));
    }
  }
}

std::string listed(const Graph& graph, const std::vector<int>& tensors) {
  std::string out;
  for (int const t : tensors)
    if (t != kNoTensor) out += (out.empty() ? "" : ", ") + std::string(to_string(graph.tensor(t).dtype));
  return out.empty() ? "nothing" : out;
}

}  // namespace

std::optional<std::vector<TypeForm>> parse_forms(std::string_view text) {
  std::vector<TypeForm> forms;
  for (std::string_view const form : split(text, ";"))
    if (!parse_form(form, forms)) return std::nullopt;
  return forms;
}

std::string type_words(TypeSet types) {
  if (types == kAny) return "any type";
  std::vector<std::string> names;
  for (const TypeName& n : kTypeNames)
    if (holds(types, n.type)) names.emplace_back(to_string(n.type));
  std::string out = names.empty() ? "nothing" : names.front();
  for (size_t i = 1; i < names.size(); ++i) out += (i + 1 == names.size() ? " or " : ", ") + names[i];
  return out;
}

std::string form_words(std::string_view text) {
  std::string out, word;
  auto const flush = [&] {
    auto const* at = std::find_if(kTypeNames.begin(), kTypeNames.end(), [&](auto& n) { return n.text == word; });
    out += at == kTypeNames.end() ? word : to_string(at->type);
    word.clear();
  };
  for (char const c : text) {
    bool const letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == 'T';
    if (!letter) flush();
    (letter ? word : out) += c;
  }
  flush();
  return out;
}

std::optional<std::string> misfit(const std::vector<TypeForm>& forms, const OpView& op) {
  Comparison nearest;
  for (const TypeForm& form : forms) {
    Comparison c;
    compare(form.operands, op.graph, op.op.inputs, "operand", c);
    compare(form.results, op.graph, op.op.outputs, "result", c);
    if (c.misfits == 0) return std::nullopt;
    if (nearest.misfits == 0 || c.misfits < nearest.misfits) nearest = std::move(c);
  }
  if (nearest.misfits == 1) return nearest.what;
  return fmt::format("no kernel for {} -> {}", listed(op.graph, op.op.inputs), listed(op.graph, op.op.outputs));
}

bool holds(TypeSet types, DType type) {
  return (types & bit(type)) != 0;
}

}  // namespace narrow
