#include <toml++/toml.h>

#include <array>
#include <span>

#include "base/file.h"
#include "quantize/recipe/recipe.h"

namespace narrow {
namespace {

std::string place(const toml::node& node, const std::string& path) {
  return path + " line " + std::to_string(node.source().begin.line);
}

tl::unexpected<Error> refuse(const toml::node& node, const std::string& path, std::string what, std::string remedy) {
  return fail(ErrorKind::bad_option, std::move(what), place(node, path), std::move(remedy));
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

Result<std::string> text(const toml::node& node, const std::string& path, std::string_view key) {
  if (auto const value = node.value<std::string>(); value) return *value;
  return refuse(node, path, "'" + std::string(key) + "' is not a string", "write it in quotes");
}

Result<double> number(const toml::node& node, const std::string& path, std::string_view key, double least, double most,
                      const char* remedy) {
  auto const value = node.value<double>();
  if (value && *value >= least && *value <= most) return *value;
  return refuse(node, path, "'" + std::string(key) + "' has a value that is not allowed", remedy);
}

Result<double> headroom(const toml::node& node, const std::string& path) {
  return number(node, path, "headroom", 1, kMostHeadroom, "give a factor from 1 to 16");
}

Result<bool> truth(const toml::node& node, const std::string& path, std::string_view key) {
  if (node.is_boolean()) return *node.value<bool>();
  return refuse(node, path, "'" + std::string(key) + "' is not true or false", "write " + std::string(key) + " = true");
}

Result<WeightRounding> weight_rounding(const toml::node& node, const std::string& path) {
  NARROW_TRY(size_t const i, word(node, path, "weight_rounding", std::array{"nearest", "descent", "gptq"}));
  return static_cast<WeightRounding>(i);
}

Result<Steps> read_steps(const toml::node& table, const std::string& path) {
  Steps out;
  out.source = "[steps] at " + place(table, path);
  for (auto&& [k, node] : *table.as_table()) {
    std::string_view const key = k.str();
    if (key == "range") {
      NARROW_TRY(out.range, text(node, path, key));
    } else if (key == "equalization") {
      NARROW_TRY(out.equalization, number(node, path, key, 0, 1, "give a number from 0 to 1"));
    } else if (key == "means") {
      NARROW_TRY(out.means, truth(node, path, key));
    } else if (key == "wide_outputs") {
      NARROW_TRY(out.wide_outputs, truth(node, path, key));
    } else if (key == "headroom") {
      NARROW_TRY(out.headroom, headroom(node, path));
    } else if (key == "weight_rounding") {
      NARROW_TRY(out.weight_rounding, weight_rounding(node, path));
    } else {
      return refuse(node, path, "unknown key '" + std::string(key) + "'",
                    "known keys: range, equalization, means, headroom, wide_outputs, weight_rounding");
    }
  }
  return out;
}

Status set_key(Rule& rule, const std::string& path, std::string_view key, const toml::node& node) {
  if (key == "name") {
    NARROW_TRY(std::string const pattern, text(node, path, key));
    NARROW_TRY(rule.name, NamePattern::compile(pattern, place(node, path)));
  } else if (key == "op") {
    NARROW_TRY(rule.op, text(node, path, key));
  } else if (key == "role") {
    NARROW_TRY(size_t const i, word(node, path, key, std::array{"activation", "weight", "bias"}));
    rule.role = std::array{Role::activation, Role::weight, Role::bias}[i];
  } else if (key == "keep_float") {
    NARROW_TRY(rule.set.keep_float, truth(node, path, key));
  } else if (key == "activations") {
    NARROW_TRY(rule.set.activations, bits(node, path, key, {8, 16}));
  } else if (key == "weights") {
    NARROW_TRY(rule.set.weights, bits(node, path, key, {4, 6, 8, 16}));
  } else if (key == "min_weights") {
    NARROW_TRY(rule.set.min_weights, bits(node, path, key, {4, 6, 8, 16}));
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
  } else if (key == "headroom") {
    NARROW_TRY(rule.set.headroom, headroom(node, path));
  } else if (key == "range") {
    NARROW_TRY(rule.set.range, text(node, path, key));
  } else if (key == "weight_rounding") {
    NARROW_TRY(rule.set.weight_rounding, weight_rounding(node, path));
  } else {
    return refuse(node, path, "unknown key '" + std::string(key) + "'",
                  "known keys: name, op, role, keep_float, weights, min_weights, activations, bias, accumulator, "
                  "rounding, scales, granularity, range, headroom, weight_rounding");
  }
  return {};
}

}  // namespace

Status read_rules(const std::string& path, Recipe& recipe) {
  NARROW_TRY(SharedBytes const bytes, read_file(path));
  return parse_rules({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path, recipe);
}

Status parse_rules(std::string_view text, const std::string& path, Recipe& recipe) {
  toml::table table;
  try {
    table = toml::parse(text, path);
  } catch (const toml::parse_error& e) {
    return fail(ErrorKind::bad_option, std::string(e.description()),
                path + " line " + std::to_string(e.source().begin.line), "a recipe is TOML: [[rule]] tables");
  }
  for (auto&& [key, node] : table) {
    if (key.str() == "steps" && node.is_table()) {
      NARROW_TRY(recipe.steps, read_steps(node, path));
      continue;
    }
    if (key.str() != "rule" || !node.is_array_of_tables())
      return refuse(node, path, "unknown key '" + std::string(key.str()) + "'",
                    "a recipe is made of [[rule]] tables, and may have [steps]");
    for (auto&& element : *node.as_array()) {
      Rule rule;
      rule.source = "the rule at " + place(element, path);
      for (auto&& [k, v] : *element.as_table()) NARROW_CHECK(set_key(rule, path, k.str(), v));
      recipe.rules.push_back(std::move(rule));
    }
  }
  return {};
}

}  // namespace narrow
