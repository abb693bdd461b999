#include "cli/option_names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace narrow {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

/// Fields whose options have other names, or a field with a value that an option without one stands for.
constexpr std::array kRenamed{
    Named{"folder", "-o"},
    Named{"output", "-o"},
    Named{"packages", "--package"},
    Named{"tensors_folder", "--per-op"},
    Named{"histograms=true", "without --minmax-only"},
    Named{"axis", "--stream"},
    Named{"frames", "--stream"},
    Named{"state", "--state"},
    Named{"data.scale", "--data-scale"},
    Named{"data.offset", "--data-offset"},
    Named{"data.is_quantized", "--data-is-quantized"},
};

/// Fields whose options have their names, with dashes.
constexpr auto kSame = std::to_array<std::string_view>({
    "cc",          "accumulator",  "batch",       "certificate",
    "golden",      "shape",        "act_max",     "activations",
    "allow_float", "bias",         "data",        "explain",
    "flash",       "format",       "granularity", "io",
    "keep_float",  "headers_only", "inputs",      "keep_layout",
    "labels",      "layout",       "limit",       "name",
    "on_nan",      "optimize",     "outputs",     "packed",
    "per_op",      "per_sample",   "profile",     "ram",
    "range",       "recipe",       "reference",   "resume",
    "rounding",    "samples",      "scales",      "scheme",
    "sequence",    "shard",        "signature",   "statistics",
    "style",       "target",       "threads",     "weights",
    "headroom",    "quality",      "candidates",  "weight_rounding",
    "max_drop",    "macs",         "test",        "place",
    "keep_loops",
});

/// Functions, and the commands that call them.
constexpr std::array kCalls{
    Named{"calibrate", "calibrate"},     Named{"compile", "compile"}, Named{"convert", "convert"},
    Named{"export_constants", "export"}, Named{"inspect", "inspect"}, Named{"merge", "merge"},
    Named{"quantize", "quantize"},       Named{"run", "run"},         Named{"verify", "verify"},
};

bool contains(const auto& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

const Named* find(const auto& list, std::string_view word) {
  auto const at = std::find_if(list.begin(), list.end(), [&](const Named& n) { return n.first == word; });
  return at == list.end() ? nullptr : &*at;
}

/// "io=int16" as "--io int16"; empty where there is no such field.
std::string option(std::string_view field) {
  if (const Named* renamed = find(kRenamed, field)) return std::string(renamed->second);
  size_t const equals = std::min(field.find('='), field.size());
  std::string_view const name = field.substr(0, equals);
  std::string out;
  if (const Named* renamed = find(kRenamed, name)) {
    out = renamed->second;
  } else if (contains(kSame, name)) {
    out = "--" + std::string(name);
    std::replace(out.begin(), out.end(), '_', '-');
  } else {
    return "";
  }
  return equals < field.size() ? out + " " + std::string(field.substr(equals + 1)) : out;
}

/// "quantize(scheme=int8)" as "`narrow quantize --scheme int8`"; empty where there is no such call.
std::string call(std::string_view text) {
  size_t const open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return "";
  const Named* const command = find(kCalls, text.substr(0, open));
  if (!command) return "";
  std::string out = "`narrow " + std::string(command->second);
  std::string_view rest = text.substr(open + 1, text.size() - open - 2);
  while (!rest.empty()) {
    size_t const comma = std::min(rest.find(", "), rest.size());
    std::string const one = option(rest.substr(0, comma));
    if (one.empty()) return "";
    out += " " + one;
    rest.remove_prefix(std::min(comma + 2, rest.size()));
  }
  return out + "`";
}

}  // namespace

std::string in_options(const std::string& text) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    size_t const open = text.find('`', at);
    size_t const close = open == std::string::npos ? open : text.find('`', open + 1);
    if (close == std::string::npos) break;
    std::string_view const inside = std::string_view(text).substr(open + 1, close - open - 1);
    std::string typed = option(inside);
    if (typed.empty()) typed = call(inside);
    if (typed.empty()) typed = text.substr(open, close + 1 - open);
    out += text.substr(at, open - at) + typed;
    at = close + 1;
  }
  return out + text.substr(at);
}

Error in_options(Error error) {
  error.what = in_options(error.what);
  error.where = in_options(error.where);
  error.remedy = in_options(error.remedy);
  return error;
}

}  // namespace narrow
