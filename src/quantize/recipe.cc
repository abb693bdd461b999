#include "quantize/recipe.h"

#include <toml++/toml.h>

#include <array>

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
                    std::initializer_list<const char*> allowed) {
  auto const text = node.value<std::string>();
  std::string list;
  for (size_t i = 0; i < allowed.size(); ++i) {
    if (text && *text == allowed.begin()[i]) return i;
    list += (i ? ", " : "") + std::string(allowed.begin()[i]);
  }
  return refuse(node, path, "'" + std::string(key) + "' has a value that is not allowed", "use one of: " + list);
}

Result<int> bits(const toml::node& node, const std::string& path, std::string_view key, int low, int high) {
  auto const v = node.value<int64_t>();
  if (v && (*v == low || *v == high)) return static_cast<int>(*v);
  return refuse(node, path,
                "'" + std::string(key) + "' is neither " + std::to_string(low) + " nor " + std::to_string(high),
                "give the width in bits");
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
    NARROW_TRY(size_t const i, word(node, path, key, {"activation", "weight", "bias"}));
    rule.role = std::array{Role::activation, Role::weight, Role::bias}[i];
  } else if (key == "keep_float") {
    if (!node.is_boolean()) return refuse(node, path, "'keep_float' is not true or false", "write keep_float = true");
    rule.set.keep_float = node.value<bool>();
  } else if (key == "activations") {
    NARROW_TRY(rule.set.activations, bits(node, path, key, 8, 16));
  } else if (key == "bias") {
    NARROW_TRY(rule.set.bias, bits(node, path, key, 32, 64));
  } else if (key == "granularity") {
    NARROW_TRY(size_t const i, word(node, path, key, {"channel", "tensor"}));
    rule.set.granularity = i == 0 ? Granularity::channel : Granularity::tensor;
  } else if (key == "range") {
    rule.set.range = node.value<std::string>().value_or("");
  } else {
    return refuse(node, path, "unknown key '" + std::string(key) + "'",
                  "known keys: name, op, role, keep_float, activations, bias, granularity, range");
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
    take(s.activations, rule.set.activations);
    take(s.bias, rule.set.bias);
    take(s.granularity, rule.set.granularity);
    take(s.range, rule.set.range);
  }
  return s;
}

Recipe recipe_of(const Scheme& scheme) {
  Recipe r;
  r.base.activations = scheme.activation_bits;
  r.base.bias = scheme.bias_bits;
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
