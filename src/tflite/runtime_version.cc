#include "tflite/runtime_version.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "tflite/codec.h"

namespace narrow {
namespace {

constexpr size_t kEntryBytes = 16;

using Release = std::array<int, 3>;

/// "2.10.1"; parts that are missing or not numbers are 0.
Release parse(std::string_view text) {
  Release out{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int& part : out) {
    at = std::from_chars(at, end, part).ptr;
    if (at == end || *at != '.') break;
    ++at;
  }
  return out;
}

std::string text(const Release& r) {
  return std::to_string(r[0]) + "." + std::to_string(r[1]) + "." + std::to_string(r[2]);
}

/// The release that brought the op's version, or the last known version where the op's is newer.
Release release_of(const Op& op) {
  const Codec* codec = find_codec(std::string_view(op.type));
  if (!codec) return {};
  const char* found = "0";
  for (size_t i = 0; i < codec->releases.size() && static_cast<int>(i) < op.version; ++i)
    if (codec->releases[i]) found = codec->releases[i];
  return parse(found);
}

}  // namespace

std::string min_runtime_version(const Model& model) {
  Release least{1, 5, 0};
  for (const auto& [name, data] : model.metadata)
    if (name == kRuntimeVersionName)
      least = std::max(least, parse({reinterpret_cast<const char*>(data.data()), data.size()}));
  for (const Graph& graph : model.graphs)
    for (const Op& op : graph.ops) least = std::max(least, release_of(op));
  return text(least);
}

Bytes runtime_version_bytes(const std::string& version) {
  Bytes out(kEntryBytes);
  std::memcpy(out.data(), version.data(), std::min(version.size(), kEntryBytes - 1));
  return out;
}

}  // namespace narrow
