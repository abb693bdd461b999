#include "tflite/runtime_version.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "tflite/spelling.h"

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

/// The release of the op's version; of the last one known where the version is newer.
Release release_of(const Op& op) {
  const Spelling* spelling = find_spelling(std::string_view(op.type));
  if (!spelling) return {};
  const char* found = "0";
  for (size_t i = 0; i < spelling->releases.size() && static_cast<int>(i) < op.version; ++i)
    if (spelling->releases[i]) found = spelling->releases[i];
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
