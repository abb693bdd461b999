#include "emit/c/certificate.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/json_writer.h"
#include "nw_requantize.h"
#include "rows/layers.h"

namespace narrow {
namespace {

constexpr int kBits32 = 32, kBits64 = 64;

IntegerRange range_of_bits(int bits) {
  int64_t const top = std::numeric_limits<int64_t>::max() >> (kBits64 - bits);
  return {-top - 1, top};
}

bool contains(const IntegerRange& outer, const IntegerRange& inner) {
  return outer.least <= inner.least && inner.greatest <= outer.greatest;
}

/// From an accumulator to a result: floor((acc * 2^left * multiplier + rounding) / 2^right), a number of 32 bits.
struct Scaling {
  bool twice = false;  // acc * 2^left is kept in 32 bits, and what comes of the division is rounded again
  int left = 0;
  int64_t multiplier = 0;
  int64_t rounding = 0;
  int right = 0;
  bool saturates = false;  // the division is rounded by a rule, which adds 0 or 1, and the result limited to 32 bits
};

Scaling scaling_of(const LayerKey& key, RoundingRule rule, int32_t multiplier, int shift) {
  constexpr int kMultiplierBits = 31, kReducedBits = 15;
  Scaling s;
  s.saturates = key.rounding == Rounding::by_rule && rule != RoundingRule::twice;
  s.twice = !s.saturates && key.rounding != Rounding::single && key.rounding != Rounding::wide;
  bool const wide = key.sum_bits == kBits64;
  s.left = s.twice ? std::max(shift, 0) : 0;
  s.multiplier = wide ? nw_reduce_multiplier(multiplier) : multiplier;
  s.right = (wide ? kReducedBits : kMultiplierBits) - (s.twice ? 0 : shift);
  s.rounding = s.saturates ? 0 : int64_t{1} << (s.right - 1);
  return s;
}

class CallCertifier {
 public:
  CallCertifier(const CProgram& program, const CGraph& graph, const CStep& step, const CCall& call)
      : program_(program), graph_(graph), step_(step), call_(call), params_(program.params[call.params]) {}

  Result<CertifiedCall> certify() {
    const LayerKey& key = *layer_key(*call_.kernel);
    CertifiedCall out{params_.name,
                      call_.kernel->name,
                      range_of_bits(key.activation_bits),
                      params_.call.number("input_zero_point"),
                      {},
                      {}};
    std::vector<IntegerRange> numbers = reached_sums(params_.call, weights(key), out.input);
    NARROW_CHECK(add("sum", key.sum_bits, numbers, out));

    out.bias = biases(numbers.size());
    for (size_t c = 0; c < numbers.size(); ++c)
      numbers[c] = {numbers[c].least + out.bias[c], numbers[c].greatest + out.bias[c]};
    NARROW_CHECK(add("accumulator", key.sum_bits, numbers, out));

    std::vector<Scaling> const scalings = all_scalings(key, numbers.size());
    bool const twice = scalings[0].twice, saturates = scalings[0].saturates;
    for (size_t c = 0; c < numbers.size(); ++c)
      numbers[c] = {numbers[c].least * (int64_t{1} << scalings[c].left),
                    numbers[c].greatest * (int64_t{1} << scalings[c].left)};
    NARROW_CHECK(add("shifted", twice ? kBits32 : key.sum_bits, numbers, out));

    for (size_t c = 0; c < numbers.size(); ++c)
      numbers[c] = {numbers[c].least * scalings[c].multiplier,
                    numbers[c].greatest * scalings[c].multiplier + scalings[c].rounding};
    NARROW_CHECK(add("product", kBits64, numbers, out));

    for (size_t c = 0; c < numbers.size(); ++c)
      numbers[c] = {(numbers[c].least + scalings[c].rounding) >> scalings[c].right,
                    (numbers[c].greatest >> scalings[c].right) + (saturates ? 1 : 0)};
    NARROW_CHECK(add("scaled", saturates ? kBits64 : kBits32, numbers, out));
    return out;
  }

 private:
  Status add(const char* name, int bits, const std::vector<IntegerRange>& channels, CertifiedCall& out) const {
    for (size_t c = 0; c < channels.size(); ++c)
      if (!contains(range_of_bits(bits), channels[c]))
        return fail(ErrorKind::unsupported,
                    fmt::format("there is no `certificate`: '{}' of channel {} reaches from {} to {}, beyond {} bits",
                                name, c, channels[c].least, channels[c].greatest, bits),
                    op_label(program_.graph_of(graph_), step_.op) + ", " + program_.model->source,
                    "it wraps there as in the runtimes; quantize the float model anew with a wider range of the op's "
                    "result, or compile without `certificate`");
    out.numbers.push_back({name, bits, channels});
    return {};
  }

  std::vector<int64_t> integers(const CPointer& p) const {
    std::vector<int64_t> out;
    if (p.source != CPointer::Source::array) return out;
    const CArray& a = program_.arrays[p.index];
    ElementType const type = element_type(a.dtype);
    size_t const size = element_size(type);
    for (size_t at = static_cast<size_t>(p.offset) * size; at < a.bytes.size(); at += size)
      out.push_back(integer_at(type, a.bytes.data() + at));
    return out;
  }

  std::vector<int64_t> weights(const LayerKey& key) const {
    std::vector<int64_t> const stored = integers(call_.pointers[1]);
    if (key.weight_bits != 4) return stored;
    std::vector<int64_t> out;
    for (int64_t const pair : stored)
      for (int const shift : {0, 4}) out.push_back(((pair >> shift & 15) ^ 8) - 8);
    return out;
  }

  std::vector<int64_t> biases(size_t channels) const {
    std::vector<int64_t> out = integers(call_.pointers[2]);
    out.resize(channels, 0);
    auto const shifts = params_.call.pointed_values<uint8_t>("bias.shift");
    for (size_t c = 0; c < shifts.size(); ++c) out[c] *= int64_t{1} << shifts[c];
    return out;
  }

  std::vector<Scaling> all_scalings(const LayerKey& key, size_t channels) const {
    auto const multipliers = params_.call.pointed_values<int32_t>("output.multiplier");
    auto const shifts = params_.call.pointed_values<int8_t>("output.shift");
    auto const step = static_cast<size_t>(params_.call.number("output.channel_step"));
    auto const rule = static_cast<RoundingRule>(params_.call.number("output.rounding"));
    std::vector<Scaling> out;
    for (size_t c = 0; c < channels; ++c) out.push_back(scaling_of(key, rule, multipliers[c * step], shifts[c * step]));
    return out;
  }

  const CProgram& program_;
  const CGraph& graph_;
  const CStep& step_;
  const CCall& call_;
  const CParams& params_;
};

void write_ends(JsonWriter& json, const char* name, const std::vector<IntegerRange>& channels,
                int64_t IntegerRange::*end) {
  json.key(name).begin_array();
  for (const IntegerRange& r : channels) json.value(r.*end);
  json.end_array();
}

void write(JsonWriter& json, const CertifiedNumber& n) {
  json.begin_object().member("bits", n.bits).member("spare_bits", spare_bits(n));
  write_ends(json, "least", n.channels, &IntegerRange::least);
  write_ends(json, "greatest", n.channels, &IntegerRange::greatest);
  json.end_object();
}

std::string call_json(const CertifiedCall& c) {
  JsonWriter json;
  json.begin_object().member("parameters", c.params).member("kernel", c.kernel);
  json.member("input", std::vector{c.input.least, c.input.greatest}).member("input_zero_point", c.input_zero_point);
  json.member("bias", c.bias);
  for (const CertifiedNumber& n : c.numbers) write(json.key(n.name), n);
  json.member("fits", true).end_object();
  return json.text();
}

}  // namespace

Result<Certificate> certificate(const CProgram& program) {
  Certificate out{program.name, {}};
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      for (const CCall& c : s.calls) {
        if (!layer_key(*c.kernel)) continue;
        NARROW_TRY(CertifiedCall certified, CallCertifier(program, g, s, c).certify());
        out.calls.push_back(std::move(certified));
      }
  return out;
}

int spare_bits(const CertifiedNumber& number) {
  IntegerRange const type = range_of_bits(number.bits);
  int spare = number.bits - 1;
  for (const IntegerRange& r : number.channels)
    while (spare > 0 && !contains({type.least >> spare, type.greatest >> spare}, r)) --spare;
  return spare;
}

int spare_bits(const Certificate& certificate, const char* name) {
  int least = kBits64;
  for (const CertifiedCall& c : certificate.calls)
    for (const CertifiedNumber& n : c.numbers)
      if (std::string_view(n.name) == name) least = std::min(least, spare_bits(n));
  return least;
}

std::string to_json(const Certificate& certificate) {
  JsonWriter head;
  head.value(certificate.name);
  std::string out = "{\"certificate\":1,\"name\":" + head.text() + ",\"calls\":[";
  for (size_t i = 0; i < certificate.calls.size(); ++i) out += (i ? ",\n" : "\n") + call_json(certificate.calls[i]);
  return out + "\n]}\n";
}

}  // namespace narrow
