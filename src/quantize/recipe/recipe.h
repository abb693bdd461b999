// Recipe: rules from (name, op, role) to settings; the last match wins, key by key.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "graph/arithmetic.h"
#include "ops/def/quant_rule.h"
#include "quantize/recipe/scheme.h"

namespace narrow {

enum class Granularity {
  channel,  // a scale for each output channel of a weight
  tensor,   // one scale for the whole weight
};

/// The width of biases that means: the narrowest whose error stays below a quarter of a step of the result.
inline constexpr int kAutoBias = 0;

/// What a rule sets; keys left empty keep what an earlier rule or the command line said.
struct Overrides {
  std::optional<bool> keep_float;
  std::optional<int> weights;      // bits: 8 or 16
  std::optional<int> activations;  // bits: 8 or 16
  std::optional<int> bias;         // bits: 8, 16, 32 or 64; kAutoBias
  std::optional<int> accumulator;  // bits: 32 or 64
  std::optional<RoundingRule> rounding;
  std::optional<bool> power_of_two;  // scales 2^-n, zero points 0
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
  int weights = 8;
  int activations = 8;
  std::optional<int> bias{};  // as the other widths ask for where empty, likewise the next two
  std::optional<int> accumulator{};
  std::optional<RoundingRule> rounding{};
  bool power_of_two = false;
  bool headroom = false;
  Granularity granularity = Granularity::channel;
  std::string range = "minmax";
};

/// How a layer computes, in full.
struct LayerWidths {
  int activations = 8;
  int weights = 8;
  int bias = 32;  // or kAutoBias
  Arithmetic arithmetic{};
  bool power_of_two = false;

  /// Whether TFLite's rules for these types are the same arithmetic, so that the file need not say it.
  bool is_tflite() const;
};

/// The widths of a layer with activations of `bits`, those left open by what the others ask for: biases of 8 (q7) or 16
/// bits in Qm.n, 16 with 16-bit weights, else TFLite's 32, or 64 with 16-bit activations; 64-bit sums with 16-bit
/// activations; one rounding with ties up in Qm.n and of 64-bit sums, else TFLite's two.
LayerWidths layer_widths(const Settings& settings, int bits);

/// Why widths do not go together, naming the two options; empty where they do.
std::string conflict(const LayerWidths& widths);

struct Recipe {
  Settings base{};
  std::vector<Rule> rules;

  /// The settings for an op named `name` of kind `op`, seen as operand of `role`.
  Settings settings(const std::string& name, const std::string& op, Role role) const;
};

/// A preset: the base settings of a scheme.
Recipe recipe_of(const Scheme& scheme);

/// Appends the rules of a TOML file: [[rule]] tables with `name`, `op`, `role` and any of `keep_float`,
/// `weights`, `activations`, `bias`, `accumulator`, `rounding`, `scales`, `granularity`, `range`. bad_option names the
/// line of an unknown key or a wrong value.
Status read_rules(const std::string& path, Recipe& recipe);

/// A rule that keeps float what `pattern` matches; bad_option where it is not a regular expression.
Result<Rule> keep_float_rule(const std::string& pattern);

}  // namespace narrow
