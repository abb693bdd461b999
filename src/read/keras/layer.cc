#include "read/keras/layer.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "graph/attribute_type.h"
#include "ops/build/free_signature.h"
#include "ops/build/permuted.h"
#include "ops/conversions/conversions.h"
#include "ops/layout/layout.h"
#include "read/keras/activation.h"

namespace narrow::keras {
namespace {

constexpr int kLargestSetting = 1 << 30;

std::optional<int> integer_in(const nlohmann::json& value) {
  if (value.is_number_integer()) {
    auto const v = value.get<int64_t>();
    if (v >= -kLargestSetting && v <= kLargestSetting) return static_cast<int>(v);
  } else if (value.is_number_float()) {
    auto const v = value.get<double>();
    if (v == std::floor(v) && std::abs(v) <= kLargestSetting) return static_cast<int>(v);
  }
  return {};
}

tl::unexpected<Error> ill(const char* name, const char* what) {
  return fail(ErrorKind::bad_file, "the setting '" + std::string(name) + "' is not " + what);
}

}  // namespace

std::string label(const KerasLayer& layer) {
  return "layer '" + layer.name + "' (" + layer.class_name + ")";
}

const nlohmann::json* Layer::setting(const char* name) const {
  if (!file_.config.is_object()) return nullptr;
  auto const at = file_.config.find(name);
  return at == file_.config.end() || at->is_null() ? nullptr : &*at;
}
Result<int> Layer::integer(const char* name, int otherwise) const {
  const auto* const s = setting(name);
  if (!s) return otherwise;
  auto const v = integer_in(*s);
  if (!v) return ill(name, "an integer of a usable size");
  return *v;
}
Result<float> Layer::real(const char* name, float otherwise) const {
  const auto* const s = setting(name);
  if (!s) return otherwise;
  // Keras stores some numbers as NumPy scalars.
  const auto* const v =
      s->is_object() && s->contains("config") && s->at("config").is_object() && s->at("config").contains("value")
          ? &s->at("config").at("value")
          : s;
  if (!v->is_number() || !std::isfinite(v->get<float>())) return ill(name, "a number");
  return v->get<float>();
}
Result<bool> Layer::flag(const char* name, bool otherwise) const {
  const auto* const s = setting(name);
  if (!s) return otherwise;
  if (*s == 0 || *s == 1) return *s == 1;  // as some programs write it
  if (!s->is_boolean()) return ill(name, "true or false");
  return s->get<bool>();
}
Result<std::string> Layer::text(const char* name, const char* otherwise) const {
  const auto* const s = setting(name);
  if (!s) return std::string(otherwise);
  if (!s->is_string()) return ill(name, "a word");
  return s->get<std::string>();
}
Result<std::vector<int>> Layer::integers(const char* name) const {
  const auto* const s = setting(name);
  std::vector<int> out;
  if (!s) return out;
  auto const list = s->is_array() ? *s : nlohmann::json::array({*s});
  if (list.size() > 16) return ill(name, "a short list");
  for (const auto& item : list) {
    auto const v = integer_in(item);
    if (!v) return ill(name, "a list of integers");
    out.push_back(*v);
  }
  return out;
}
Result<std::vector<int>> Layer::per_dimension(const char* name, int otherwise, int least) const {
  NARROW_TRY(std::vector<int> out, integers(name));
  auto const count = static_cast<size_t>(rule_.spatial);
  if (out.empty()) out.assign(count, otherwise);
  if (out.size() == 1) out.assign(count, out[0]);
  if (out.size() != count)
    return fail(ErrorKind::bad_file, "the setting '" + std::string(name) + "' has " + std::to_string(out.size()) +
                                         " numbers instead of " + std::to_string(count));
  for (int const v : out)
    if (v < least || v > 1 << 20)
      return fail(ErrorKind::bad_file, "the setting '" + std::string(name) + "' has the number " + std::to_string(v));
  return out;
}
Result<std::vector<std::pair<int, int>>> Layer::around(const char* name, int otherwise) const {
  const auto* const s = setting(name);
  auto const count = static_cast<size_t>(rule_.spatial);
  std::vector<std::pair<int, int>> out;
  auto take = [&](const nlohmann::json& before, const nlohmann::json& after) {
    auto const a = integer_in(before), b = integer_in(after);
    if (!a || !b || *a < 0 || *b < 0 || *a > 1 << 20 || *b > 1 << 20) return false;
    out.emplace_back(*a, *b);
    return true;
  };
  auto take_item = [&](const nlohmann::json& item) {
    return item.is_array() ? item.size() == 2 && take(item[0], item[1]) : take(item, item);
  };
  bool fits = true;
  if (!s) {
    out.assign(count, {otherwise, otherwise});
  } else if (!s->is_array()) {
    for (size_t i = 0; i < count; ++i) fits = fits && take(*s, *s);
  } else if (count == 1 && s->size() == 2) {
    fits = take((*s)[0], (*s)[1]);
  } else {
    for (const auto& item : *s) fits = fits && out.size() < count && take_item(item);
  }
  if (!fits || out.size() != count) return ill(name, "a count of elements before and after each dimension");
  return out;
}
tl::unexpected<Error> Layer::refused(const char* name, const std::string& remedy) const {
  const auto* const s = setting(name);
  std::string value = s ? s->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) : "null";
  if (value.size() > 60) value = value.substr(0, 57) + "...";
  return fail(ErrorKind::unsupported, "narrow has no form of the setting " + std::string(name) + "=" + value, "",
              remedy);
}
Status Layer::refuse_if_set(const char* name) const {
  NARROW_TRY(bool const set, flag(name, false));
  if (set) return refused(name);
  return {};
}

Result<int> Layer::input() const {
  if (inputs_.size() == 1) return inputs_[0];
  return fail(ErrorKind::bad_file,
              "the layer is called with " + std::to_string(inputs_.size()) + " inputs instead of 1");
}
Result<int> Layer::input_of_rank(int rank) const {
  NARROW_TRY(int const x, input());
  if (shape(x).rank() != rank)
    return fail(ErrorKind::bad_file,
                "its data has the shape " + shape(x).text() + " instead of " + std::to_string(rank) + " dimensions");
  return x;
}
bool Layer::is_free(int tensor, int axis) const {
  const auto& signature = reading_.builder.graph().tensor(tensor).shape_signature;
  return static_cast<size_t>(axis) < signature.size() && signature[static_cast<size_t>(axis)] == -1;
}
bool Layer::is_free_inside(int tensor) const {
  for (int axis = 1; axis < shape(tensor).rank(); ++axis)
    if (is_free(tensor, axis)) return true;
  return false;
}

Status Layer::has_weights(size_t count) const {
  if (file_.weights.size() == count) return {};
  return fail(ErrorKind::bad_file, "the file has " + std::to_string(file_.weights.size()) +
                                       " arrays of weights for it; its settings need " + std::to_string(count));
}
Result<const KerasArray*> Layer::weight(size_t i, const std::vector<int32_t>& shape) const {
  if (i >= file_.weights.size()) return fail(ErrorKind::bad_file, "the file has too few arrays of weights for it");
  const KerasArray& array = file_.weights[i];
  bool fits = array.shape.rank() == static_cast<int>(shape.size()) &&
              array.values.size() == static_cast<size_t>(array.shape.elements());
  for (int d = 0; fits && d < array.shape.rank(); ++d) {
    auto const at = static_cast<size_t>(d);
    fits = array.shape[d] >= 1 && (shape[at] == -1 || shape[at] == array.shape[d]);
  }
  if (fits) return &array;
  std::string wanted;
  for (int32_t const d : shape) wanted += (wanted.empty() ? "" : ", ") + (d == -1 ? "any" : std::to_string(d));
  return fail(ErrorKind::bad_file,
              "its weights '" + array.name + "' have the shape " + array.shape.text() + " instead of [" + wanted + "]");
}

Result<int> Layer::place(const KerasArray& array, const std::vector<int>& order, const Shape& shape) {
  std::vector<int> form = order;
  form.insert(form.end(), shape.dims().begin(), shape.dims().end());
  auto const [at, is_new] = reading_.placed.try_emplace({&array, std::move(form)}, kNoTensor);
  if (!is_new) return at->second;
  auto const ranged = reading_.weight_ranges.find(&array);
  const FakeQuantRange* const range = ranged == reading_.weight_ranges.end() ? nullptr : &ranged->second;
  std::vector<float> on_grid;
  if (range && range->per_channel()) {
    NARROW_TRY(on_grid, rounded_to_range(array.values, *range));
  }
  auto const values = std::as_bytes(std::span<const float>(on_grid.empty() ? array.values : on_grid));
  SharedBytes const data =
      order.empty() ? SharedBytes::copy_of(values) : permuted(values, sizeof(float), array.shape, order);
  int placed = builder().tensor(
      {.shape = shape, .name = reading_.names.take(name_ + "/" + (array.name.empty() ? "weights" : array.name))});
  builder().at(placed).constant = true;
  builder().at(placed).data = data;
  if (range) {
    NARROW_TRY(placed, add_range(builder(), placed, *range,
                                 {range->per_channel() ? reading_.names.take(name_ + "/stored") : "",
                                  reading_.names.take(name_ + "/rounded")}));
  }
  at->second = placed;
  return placed;
}
int Layer::constant(const char* part, const Shape& shape, const std::vector<float>& values) {
  return builder().constant({.shape = shape, .name = reading_.names.take(name_ + "/" + part)}, values);
}
int Layer::indices(const char* part, const Shape& shape, const std::vector<int32_t>& values) {
  return builder().constant({.dtype = DType::int32, .shape = shape, .name = reading_.names.take(name_ + "/" + part)},
                            values);
}

Result<int> Layer::add(const OpDef& def, Attributes attributes, std::vector<int> inputs, std::optional<DType> dtype) {
  DType const type = dtype ? *dtype : builder().at(inputs.at(0)).dtype;
  std::string part = def.name;
  std::transform(part.begin(), part.end(), part.begin(), [](unsigned char c) { return std::tolower(c); });
  if (attributes.empty() && def.attributes) attributes = def.attributes->make();
  NARROW_TRY(int const out, builder().infer_op(def, std::move(attributes), std::move(inputs),
                                               {.dtype = type, .name = reading_.names.take(name_ + "/" + part)}));
  mark_free_dimensions(builder().graph(), builder().graph().ops.size() - 1);
  return out;
}
Result<int> Layer::reshaped(int x, std::vector<int32_t> dims) {
  if (shape(x).rank() == 0) return fail(ErrorKind::bad_file, "its data is a single number without samples");
  int64_t const samples = std::max(1, shape(x)[0]);
  bool const open = std::find(dims.begin(), dims.end(), -1) != dims.end();
  bool const free = is_free(x, 0);
  if (is_free_inside(x) && (free || !open))
    return fail(ErrorKind::unsupported, "its data has other free dimensions than that of samples", "",
                "`shape` gives them a size");
  int64_t known = 1;
  for (int32_t const d : dims)
    if (d > 0) known = std::min(known * d, int64_t{1} << 31);
  if (open && !is_free_inside(x))
    for (int32_t& d : dims)
      if (d == -1) d = static_cast<int32_t>(shape(x).elements() / samples / known);
  dims.insert(dims.begin(), free ? -1 : shape(x)[0]);
  return add(kReshape, ReshapeAttributes{std::move(dims)}, {x});
}
bool Layer::channels_first() const {
  const auto* const format = setting("data_format");
  return format && *format == "channels_first";
}
Result<int> Layer::to_channels_last(int x, int axis) {
  auto const known = reading_.channels_last.find(x);
  if (axis == 1 && known != reading_.channels_last.end()) return known->second;
  int const rank = shape(x).rank();
  if (axis >= rank - 1) return x;
  std::vector<int32_t> order;
  for (int d = 0; d < rank; ++d)
    if (d != axis) order.push_back(d);
  order.push_back(axis);
  NARROW_TRY(int const out, transposed(x, order));
  if (axis != 1) return out;
  reading_.channels_last.emplace(x, out);
  reading_.layout.to_last.insert(out);
  return out;
}
Result<int> Layer::to_channels_first(int x, int axis) {
  int const rank = shape(x).rank();
  if (axis >= rank - 1) return x;
  std::vector<int32_t> order;
  for (int d = 0; d < rank - 1; ++d) {
    if (d == axis) order.push_back(rank - 1);
    order.push_back(d);
  }
  NARROW_TRY(int const out, transposed(x, order));
  if (axis != 1) return out;
  reading_.channels_last.emplace(out, x);
  reading_.layout.to_first.insert(out);
  return out;
}
Result<int> Layer::transposed(int x, const std::vector<int32_t>& order) {
  if (std::is_sorted(order.begin(), order.end())) return x;
  return add(kTranspose, {}, {x, indices("order", order)});
}
Result<int> Layer::widened(int x) {
  return add(kExpandDims, {}, {x, indices("axis", Shape(), {1})});
}
Result<int> Layer::narrowed(int x) {
  return add(kSqueeze, SqueezeAttributes{{1}}, {x});
}
Result<int> Layer::rounded(int x, const FakeQuantRange& range) {
  return add(kFakeQuant, attributes_of(range, 0), {x});
}
Result<int> Layer::activated(int x, const char* name) {
  auto const at = reading_.activation_ranges.find(&file_);
  ActivationRanges const ranges = at == reading_.activation_ranges.end() ? ActivationRanges{} : at->second;
  if (ranges.before) {
    NARROW_TRY(x, rounded(x, *ranges.before));
  }
  if (const auto* const s = setting(name)) {
    NARROW_TRY(x, add_activation(*this, x, *s));
  }
  return ranges.after ? rounded(x, *ranges.after) : Result<int>(x);
}

}  // namespace narrow::keras
