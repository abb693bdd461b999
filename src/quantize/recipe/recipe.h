// Recipe: rules that map an op's name, kind and operand role to settings. The last rule that matches wins, key by key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/arithmetic.h"
#include "narrow/types.h"
#include "ops/def/quant_rule.h"
#include "quantize/recipe/name_pattern.h"
#include "quantize/recipe/scheme.h"

namespace narrow {

/// What a rule sets. A key that is left empty keeps the value of earlier rules or of the command line.
struct Overrides {
  std::optional<bool> keep_float;
  std::optional<int> weights;      // bits: 4, 6, 8 or 16
  std::optional<int> min_weights;  // bits: likewise; weights get no fewer
  std::optional<int> activations;  // bits: 8 or 16
  std::optional<int> bias;         // bits: 8, 16, 32 or 64; kAutoBias
  std::optional<int> accumulator;  // bits: 32 or 64
  std::optional<RoundingRule> rounding;
  std::optional<bool> power_of_two;  // scales 2^-n, zero points 0
  std::optional<double> headroom;    // factor on ranges of 16-bit activations
  std::optional<Granularity> granularity;
  std::optional<std::string> range;  // a range method with its parameter: "percentile:99.9"
  std::optional<WeightRounding> weight_rounding;
};

/// A rule applies where all of its conditions hold.
struct Rule {
  std::optional<NamePattern> name;  // found in the name of the op's first output; empty: any name
  std::string op;                   // "CONV_2D"; empty: any op
  std::optional<Role> role;         // of the operand in question; empty: any role
  Overrides set;
  std::string source{};  // where it was given, for messages: "r.toml line 3"
};

/// The settings of one op, or of one of its operands, after all rules have been applied.
struct Settings {
  bool keep_float = false;
  int weights = 8;                   // bits, at least `min_weights`
  int min_weights = 4;               // bits
  int activations = 8;               // bits
  std::optional<int> bias{};         // bits; empty, as the two below: layer_widths chooses
  std::optional<int> accumulator{};  // bits
  std::optional<RoundingRule> rounding{};
  bool power_of_two = false;  // scales 2^-n, zero points 0
  double headroom = 1;        // factor, at least 1, that widens the ranges of 16-bit activations
  Granularity granularity = Granularity::channel;
  std::string range = "minmax";
  std::optional<WeightRounding> weight_rounding{};  // empty: as the chain of steps for the whole model says
};

/// The steps of the way to integers, the same for the whole model, in the place of what Quality::best would try.
struct Steps {
  std::string range = "minmax";      // a range method with its parameter
  double equalization = 0;           // exponent of channel scaling before ranges are known, from 0 to 1; 0: none
  bool means = false;                // global pools get a scale of their own
  std::optional<double> headroom{};  // factor, at least 1, on ranges of 16-bit activations; else the base settings'
  bool wide_outputs = false;         // the ops that compute the outputs do so with 16-bit activations
  WeightRounding weight_rounding = WeightRounding::gptq;
  std::string source{};  // where they were given, for messages
};

struct Recipe {
  Settings base{};
  std::vector<Rule> rules;
  std::optional<Steps> steps{};

  /// The settings for an operand with `role` of an op named `name` of kind `op`.
  Settings settings(const std::string& name, const std::string& op, Role role) const;

  /// The first rule that wants integers of weights to be chosen by samples; null where none does.
  const Rule* rounding_by_samples() const;
};

/// The recipe that a scheme stands for: its widths as base settings, and no rules.
Recipe recipe_of(const SchemeDef& scheme);

/// Appends the rules of a TOML file: a table [steps] with the fields of Steps as keys, and [[rule]] tables with the
/// conditions `name`, `op`, `role` and any of the keys `keep_float`, `weights`, `min_weights`, `activations`, `bias`,
/// `accumulator`, `rounding`, `scales`, `granularity`, `range`, `headroom`, `weight_rounding`. bad_option names the
/// line of an unknown key or of a value that is not allowed; io where it is no regular file.
Status read_rules(const std::string& path, Recipe& recipe);

/// The same of a text, which messages say is from `source`.
Status parse_rules(std::string_view text, const std::string& source, Recipe& recipe);

/// A rule that keeps ops float whose name `pattern` matches; bad_option where it is not a regular expression.
Result<Rule> keep_float_rule(const std::string& pattern);

}  // namespace narrow
