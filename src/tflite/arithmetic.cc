#include "tflite/arithmetic.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace narrow {
namespace {

using nlohmann::json;

constexpr int kArithmeticVersion = 1;
constexpr size_t kBytesPerOp = 256;  // allowed for the part of one op: generous, yet bounded by the size of the file

size_t most_bytes(const Model& model) {
  size_t ops = 0;
  for (const Graph& g : model.graphs) ops += g.ops.size();
  return kBytesPerOp * (ops + 4);
}

Status bad(const std::string& what) {
  return fail(ErrorKind::bad_file, "its metadata '" + std::string(kArithmeticEntry) + "': " + what);
}

std::optional<int> whole(const json& object, const char* key) {
  auto const at = object.find(key);
  if (at == object.end() || !at->is_number_integer()) return std::nullopt;
  auto const v = at->get<int64_t>();
  if (v < 0 || v > INT32_MAX) return std::nullopt;
  return static_cast<int>(v);
}

Status take_op(const json& said, Model& model) {
  if (!said.is_object()) return bad("an op is not an object");
  auto const graph = whole(said, "graph"), op = whole(said, "op"), accumulator = whole(said, "accumulator");
  auto const rounding = said.find("rounding");
  if (!graph || static_cast<size_t>(*graph) >= model.graphs.size()) return bad("an op is in a graph that is not there");
  auto& ops = model.graphs[static_cast<size_t>(*graph)].ops;
  if (!op || static_cast<size_t>(*op) >= ops.size()) return bad("it names an op that is not there");
  auto const rule = rounding != said.end() && rounding->is_string()
                        ? rounding_rule(rounding->get_ref<const std::string&>())
                        : std::nullopt;
  if (!rule) return bad("the rounding of op " + std::to_string(*op) + " is not one of double, half-up, truncate, ...");
  if (!accumulator || (*accumulator != 32 && *accumulator != 64))
    return bad("the accumulator of op " + std::to_string(*op) + " has neither 32 nor 64 bits");
  ops[static_cast<size_t>(*op)].arithmetic = Arithmetic{*rule, *accumulator};
  return {};
}

Status take(std::string_view text, Model& model) {
  if (text.size() > most_bytes(model)) return bad("it is too long for so few ops");
  json const all = json::parse(text, nullptr, false);
  if (!all.is_object()) return bad("it is not a JSON object");
  if (whole(all, "version") != kArithmeticVersion)
    return fail(
        ErrorKind::unsupported,
        "its metadata '" + std::string(kArithmeticEntry) + "' is not of version " + std::to_string(kArithmeticVersion),
        {}, "a newer narrow wrote it");
  auto const ops = all.find("ops");
  if (ops == all.end() || !ops->is_array()) return bad("it has no list 'ops'");
  for (const json& op : *ops) NARROW_CHECK(take_op(op, model));
  return {};
}

}  // namespace

Status take_arithmetic(Model& model) {
  auto const is_ours = [](const auto& entry) { return entry.first == kArithmeticEntry; };
  auto const at = std::find_if(model.metadata.begin(), model.metadata.end(), is_ours);
  if (at == model.metadata.end()) return {};
  SharedBytes const data = at->second;
  std::erase_if(model.metadata, is_ours);
  return take({reinterpret_cast<const char*>(data.data()), data.size()}, model);
}

std::optional<std::string> arithmetic_text(const Model& model) {
  auto ops = nlohmann::ordered_json::array();
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i)
      if (const auto& a = model.graphs[g].ops[i].arithmetic)
        ops.push_back(
            {{"graph", g}, {"op", i}, {"rounding", to_string(a->rounding)}, {"accumulator", a->accumulator_bits}});
  if (ops.empty()) return std::nullopt;
  return nlohmann::ordered_json{{"version", kArithmeticVersion}, {"ops", std::move(ops)}}.dump();
}

}  // namespace narrow
