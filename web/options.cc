#include "options.h"

#include <functional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace narrow::web {
namespace {

using nlohmann::json;

// Each puts a value into a field; nlohmann::json throws json::exception where the value is of another kind.

template <class E>
Status put_choice(const json& value, auto& field) {
  auto const name = value.get<std::string>();
  if (auto const known = parse<E>(name)) {
    field = *known;
    return {};
  }
  std::string names;
  for (E const e : all<E>()) names += (names.empty() ? "" : ", ") + std::string(to_string(e));
  return refuse({}, "'" + name + "' is not one of " + names);
}

/// A number of bits; `word` (may be null) stands for 0.
Status put_bits(const json& value, const char* word, std::optional<int>& field) {
  if (word && value == word)
    field = 0;
  else
    field = value.get<int>();
  return {};
}

template <class Request>
struct Option {
  std::string_view name;
  Status (*put)(const json&, Request&);
};

Status put_io(const json& value, QuantizeRequest& r) {
  for (DType const type : {DType::float32, DType::int8, DType::uint8, DType::int16})
    if (value == to_string(type)) {
      r.io = type;
      return {};
    }
  return refuse({}, "it is one of float32, int8, uint8, int16");
}

Status put_range(const json& value, QuantizeRequest& r) {
  NARROW_TRY(r.range, parse_range_spec(value.get<std::string>()));
  return {};
}

template <class T>
Status put(const json& value, T& field) {
  if constexpr (std::is_same_v<T, std::vector<std::string>>)
    field.push_back(value.get<std::string>());
  else if constexpr (requires { typename T::value_type; } && !std::is_same_v<T, std::string>)
    field = value.get<typename T::value_type>();
  else
    field = value.get<T>();
  return {};
}

using Q = QuantizeRequest;
const Option<Q> kQuantize[] = {
    {"scheme", [](const json& v, Q& r) { return put_choice<Scheme>(v, r.scheme); }},
    {"quality", [](const json& v, Q& r) { return put_choice<Quality>(v, r.quality); }},
    {"granularity", [](const json& v, Q& r) { return put_choice<Granularity>(v, r.granularity); }},
    {"rounding", [](const json& v, Q& r) { return put_choice<RoundingRule>(v, r.rounding); }},
    {"scales", [](const json& v, Q& r) { return put_choice<Scales>(v, r.scales); }},
    {"weight-rounding", [](const json& v, Q& r) { return put_choice<WeightRounding>(v, r.weight_rounding); }},
    {"on-nan", [](const json& v, Q& r) { return put_choice<OnNan>(v, r.on_nan); }},
    {"weights", [](const json& v, Q& r) { return put_bits(v, nullptr, r.weights); }},
    {"activations", [](const json& v, Q& r) { return put_bits(v, "float", r.activations); }},
    {"bias", [](const json& v, Q& r) { return put_bits(v, "auto", r.bias); }},
    {"accumulator", [](const json& v, Q& r) { return put_bits(v, nullptr, r.accumulator); }},
    {"headroom", [](const json& v, Q& r) { return put(v, r.headroom); }},
    {"candidates", [](const json& v, Q& r) { return put(v, r.candidates); }},
    {"keep-float", [](const json& v, Q& r) { return put(v, r.keep_float); }},
    {"allow-float", [](const json& v, Q& r) { return put(v, r.allow_float); }},
    {"recipe", [](const json& v, Q& r) { return put(v, r.recipe); }},
    {"signature", [](const json& v, Q& r) { return put(v, r.signature); }},
    {"data", [](const json& v, Q& r) { return put(v, r.data.path); }},
    {"data-scale", [](const json& v, Q& r) { return put(v, r.data.scale); }},
    {"data-offset", [](const json& v, Q& r) { return put(v, r.data.offset); }},
    {"samples", [](const json& v, Q& r) { return put(v, r.data.samples); }},
    {"labels", [](const json& v, Q& r) { return put(v, r.labels.path); }},
    {"io", put_io},
    {"range", put_range},
};

using E = EvaluateRequest;
const Option<E> kEvaluate[] = {
    {"data", [](const json& v, E& r) { return put(v, r.data.path); }},
    {"data-scale", [](const json& v, E& r) { return put(v, r.data.scale); }},
    {"data-offset", [](const json& v, E& r) { return put(v, r.data.offset); }},
    {"samples", [](const json& v, E& r) { return put(v, r.data.samples); }},
    {"labels", [](const json& v, E& r) { return put(v, r.labels.path); }},
};

using C = CompileRequest;
const Option<C> kCompile[] = {
    {"target", [](const json& v, C& r) { return put_choice<Target>(v, r.target); }},
    {"optimize", [](const json& v, C& r) { return put_choice<Optimize>(v, r.optimize); }},
    {"name", [](const json& v, C& r) { return put(v, r.name); }},
    {"package",
     [](const json& v, C& r) -> Status {
       for (const json& name : v) {
         Package package{};
         NARROW_CHECK(put_choice<Package>(name, package));
         r.packages.push_back(package);
       }
       return {};
     }},
};

template <class Request>
Result<Request> request_of(const json& options, std::span<const Option<Request>> known) {
  Request request;
  for (const auto& item : options.items()) {
    const std::string& name = item.key();
    const json& value = item.value();
    auto const option = std::find_if(known.begin(), known.end(), [&](const auto& o) { return o.name == name; });
    if (option == known.end()) return refuse(name, "there is no such option", {}, name);
    try {
      if (auto put = option->put(value, request); !put) return pass(std::move(put), name);
    } catch (const json::exception&) {
      return refuse(name, "it cannot be " + value.dump(), {}, name);
    }
  }
  return request;
}

}  // namespace

Result<QuantizeRequest> quantize_request(const json& options) {
  return request_of<Q>(options, kQuantize);
}

Result<EvaluateRequest> evaluate_request(const json& options) {
  return request_of<E>(options, kEvaluate);
}

Result<CompileRequest> compile_request(const json& options) {
  return request_of<C>(options, kCompile);
}

}  // namespace narrow::web
