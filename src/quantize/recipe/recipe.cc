#include "quantize/recipe/recipe.h"

#include <toml++/toml.h>

#include <array>
#include <span>

namespace narrow {
namespace {

template <class T>
void take(T& to, const std::optional<T>& from) {
  if (from) to = *from;
}

tl::unexpected<Error> refuse(const toml::node& node, const std::string& path, std::string what, std::string remedy) {
  return fail(ErrorKind::bad_option, std::move(what), path + " line " + std::to_string(node.source().begin.line),
              std::move(remedy));
}

/// The index of a string among the words allowed for `key`.
Result<size_t> word(const toml::node& node, const std::string& path, std::string_view key,
                    std::span<const char* const> allowed) {
  auto const text = node.value<std::string>();
  std::string list;
  for (size_t i = 0; i < allowed.size(); ++i) {
    if (text && *text == allowed[i]) return i;
    list += (i ? ", " : "") + std::string(allowed[i]);
  }
  return refuse(node, path, "'" + std::string(key) + "' has a value that is not allowed", "use one of: " + list);
}

Result<int> bits(const toml::node& node, const std::string& path, std::string_view key,
                 std::initializer_list<int> allowed) {
  auto const v = node.value<int64_t>();
  std::string list;
  for (int width : allowed) {
    if (v == width) return width;
    list += (list.empty() ? "" : ", ") + std::to_string(width);
  }
  return refuse(node, path, "'" + std::string(key) + "' has a value that is not allowed",
                "give the width in bits, one of: " + list);
}

Result<std::regex> pattern_of(const std::string& text, const std::string& where) {
  try {
    return std::regex(text);
  } catch (const std::regex_error&) {
    return fail(ErrorKind::bad_option, "'" + text + "' is not a regular expression", where,
                "names are matched by ECMAScript regular expressions");
  }
}

Status set_key(Rule& rule, const std::string& path, std::string_view key, const toml::node& node) {
  if (key == "name") {
    rule.name = node.value<std::string>().value_or("");
    NARROW_TRY(rule.name_pattern, pattern_of(rule.name, path));
  } else if (key == "op") {
    rule.op = node.value<std::string>().value_or("");
  } else if (key == "role") {
    NARROW_TRY(size_t const i, word(node, path, key, std::array{"activation", "weight", "bias"}));
    rule.role = std::array{Role::activation, Role::weight, Role::bias}[i];
  } else if (key == "keep_float") {
    if (!node.is_boolean()) return refuse(node, path, "'keep_float' is not true or false", "write keep_float = true");
    rule.set.keep_float = node.value<bool>();
  } else if (key == "activations") {
    NARROW_TRY(rule.set.activations, bits(node, path, key, {8, 16}));
  } else if (key == "weights") {
    NARROW_TRY(rule.set.weights, bits(node, path, key, {8, 16}));
  } else if (key == "bias") {
    if (node.value<std::string>() == "auto") {
      rule.set.bias = kAutoBias;
    } else {
      NARROW_TRY(rule.set.bias, bits(node, path, key, {8, 16, 32, 64}));
    }
  } else if (key == "accumulator") {
    NARROW_TRY(rule.set.accumulator, bits(node, path, key, {32, 64}));
  } else if (key == "rounding") {
    NARROW_TRY(size_t const i, word(node, path, key, kRoundingNames));
    rule.set.rounding = static_cast<RoundingRule>(i);
  } else if (key == "scales") {
    NARROW_TRY(size_t const i, word(node, path, key, std::array{"any", "pow2"}));
    rule.set.power_of_two = i == 1;
  } else if (key == "granularity") {
    NARROW_TRY(size_t const i, word(node, path, key, std::array{"channel", "tensor"}));
    rule.set.granularity = i == 0 ? Granularity::channel : Granularity::tensor;
  } else if (key == "range") {
    rule.set.range = node.value<std::string>().value_or("");
  } else {
    return refuse(node, path, "unknown key '" + std::string(key) + "'",
                  "known keys: name, op, role, keep_float, weights, activations, bias, accumulator, rounding, scales, "
                  "granularity, range");
  }
  return {};
}

}  // namespace

Settings Recipe::settings(const std::string& name, const std::string& op, Role role) const {
  Settings s = base;
  for (const Rule& rule : rules) {
    if (!rule.op.empty() && rule.op != op) continue;
    if (rule.role && *rule.role != role) continue;
    if (!rule.name.empty() && !std::regex_search(name, rule.name_pattern)) continue;
    take(s.keep_float, rule.set.keep_float);
    take(s.weights, rule.set.weights);
    take(s.activations, rule.set.activations);
    if (rule.set.bias) s.bias = rule.set.bias;
    if (rule.set.accumulator) s.accumulator = rule.set.accumulator;
    if (rule.set.rounding) s.rounding = rule.set.rounding;
    take(s.power_of_two, rule.set.power_of_two);
    take(s.granularity, rule.set.granularity);
    take(s.range, rule.set.range);
  }
  return s;
}

LayerWidths layer_widths(const Settings& s, int bits) {
  LayerWidths w{.activations = bits, .weights = s.weights, .power_of_two = s.power_of_two};
  int const narrow_bias = s.power_of_two && bits == 8 && s.weights == 8 ? 8 : 16;
  int const tflite_bias = bits == 16 ? 64 : 32;
  w.bias = s.bias.value_or(s.power_of_two || s.weights == 16 ? narrow_bias : tflite_bias);
  bool const short_sums = bits == 8 || (!s.power_of_two && s.weights == 8 && s.bias == 32);
  w.arithmetic.accumulator_bits = s.accumulator.value_or(short_sums ? 32 : 64);
  bool const twice = !s.power_of_two && w.arithmetic.accumulator_bits == 32;
  w.arithmetic.rounding = s.rounding.value_or(twice ? RoundingRule::twice : RoundingRule::half_up);
  return w;
}

bool LayerWidths::is_tflite() const {
  if (weights != 8 || power_of_two) return false;
  if (activations == 8 || bias == 32) return bias == 32 && arithmetic == Arithmetic{RoundingRule::twice, 32};
  return bias == 64 && arithmetic == Arithmetic{RoundingRule::half_up, 64};
}

std::string conflict(const LayerWidths& w) {
  if (w.arithmetic.accumulator_bits == 64 && w.arithmetic.rounding == RoundingRule::twice)
    return "--rounding double is of 32-bit sums; it does not go with --accumulator 64";
  if (w.arithmetic.accumulator_bits == 64 && w.activations == 8)
    return "--accumulator 64 does not go with --activations 8, whose sums fit 32 bits";
  if (w.bias == 64 && w.arithmetic.accumulator_bits == 32)
    return "--bias 64 does not go with --accumulator 32, which is that of 8-bit activations";
  if (w.power_of_two && w.arithmetic.rounding == RoundingRule::twice)
    return "--rounding double does not go with --scales pow2, whose shifts round once";
  return {};
}

Recipe recipe_of(const Scheme& scheme) {
  Recipe r;
  r.base.weights = scheme.weight_bits;
  r.base.activations = scheme.activation_bits;
  r.base.power_of_two = scheme.power_of_two;
  r.base.headroom = scheme.headroom;
  if (scheme.power_of_two) r.base.granularity = Granularity::tensor;
  return r;
}

Status read_rules(const std::string& path, Recipe& recipe) {
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& e) {
    return fail(ErrorKind::bad_option, std::string(e.description()),
                path + " line " + std::to_string(e.source().begin.line), "a recipe is TOML: [[rule]] tables");
  }
  for (auto&& [key, node] : table) {
    if (key.str() != "rule" || !node.is_array_of_tables())
      return refuse(node, path, "unknown key '" + std::string(key.str()) + "'", "a recipe is made of [[rule]] tables");
    for (auto&& element : *node.as_array()) {
      Rule rule;
      for (auto&& [k, v] : *element.as_table()) NARROW_CHECK(set_key(rule, path, k.str(), v));
      recipe.rules.push_back(std::move(rule));
    }
  }
  return {};
}

Result<Rule> keep_float_rule(const std::string& pattern) {
  Rule rule;
  rule.name = pattern;
  NARROW_TRY(rule.name_pattern, pattern_of(pattern, "--keep-float"));
  rule.set.keep_float = true;
  return rule;
}

}  // namespace narrow
