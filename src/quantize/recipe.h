// Recipe: rules from (name, op, role) to settings; the last match wins, key by key.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "ops/quant_rule.h"
#include "quantize/scheme.h"

namespace narrow {

enum class Granularity {
  channel,  // a scale for each output channel of a weight
  tensor,   // one scale for the whole weight
};

/// What a rule sets; keys left empty keep what an earlier rule or the command line said.
struct Overrides {
  std::optional<bool> keep_float;
  std::optional<int> activations;  // bits: 8 or 16
  std::optional<int> bias;         // bits: 32 or 64
  std::optional<Granularity> granularity;
  std::optional<std::string> range;  // a range method, "percentile:99.9"
};

/// Applies where all of the parts given match.
struct Rule {
  std::string name;          // searched in the name of the op's first output; empty matches all
  std::regex name_pattern;   // `name` compiled (ECMAScript)
  std::string op;            // "CONV_2D"; empty matches all
  std::optional<Role> role;  // matches only operands of that role
  Overrides set;
};

/// What holds for one op (or one operand of it) once all rules have been applied.
struct Settings {
  bool keep_float = false;
  int activations = 8;
  int bias = 32;
  Granularity granularity = Granularity::channel;
  std::string range = "minmax";
};

struct Recipe {
  Settings base;
  std::vector<Rule> rules;

  /// The settings for an op named `name` of kind `op`, seen as operand of `role`.
  Settings settings(const std::string& name, const std::string& op, Role role) const;
};

/// A preset: the base settings of a scheme.
Recipe recipe_of(const Scheme& scheme);

/// Appends the rules of a TOML file: [[rule]] tables with `name`, `op`, `role` and any of `keep_float`,
/// `activations`, `bias`, `granularity`, `range`. bad_option names the line of an unknown key or a wrong value.
Status read_rules(const std::string& path, Recipe& recipe);

/// A rule that keeps float what `pattern` matches; bad_option where it is not a regular expression.
Result<Rule> keep_float_rule(const std::string& pattern);

}  // namespace narrow
