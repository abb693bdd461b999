// merge of the public interface: which parts do not go together is said by their names.
#include <algorithm>

#include "api/given.h"
#include "base/guarded.h"
#include "calibrate/statistics.h"
#include "narrow/calibrate.h"

namespace narrow {
namespace {

std::string name_of(std::span<const StatisticsPtr> parts, size_t part) {
  return parts[part]->source.empty() ? "part " + std::to_string(part) : parts[part]->source;
}

/// The shard that all samples of a set are of; nothing where they are of several, or there are none.
std::optional<int64_t> shard_of(const SampleSet& samples, int64_t shards) {
  std::optional<int64_t> out;
  for (int64_t const k : samples.list()) {
    if (out && *out != k % shards) return std::nullopt;
    out = k % shards;
  }
  return out;
}

std::string shard_text(int64_t shard, int64_t shards) {
  return "shard " + std::to_string(shard) + " of " + std::to_string(shards);
}

/// That part `second` has samples of one before it.
tl::unexpected<Error> shared(std::span<const StatisticsPtr> parts, size_t second, int64_t shards) {
  const SampleSet& samples = parts[second]->samples;
  size_t first = 0;
  while (first < second && parts[first]->samples.first_common(samples) < 0) ++first;
  std::string const both = name_of(parts, first) + " and " + name_of(parts, second);
  auto const shard = shards > 0 && parts[first]->samples == samples ? shard_of(samples, shards) : std::nullopt;
  if (shard)
    return fail(ErrorKind::bad_data, shard_text(*shard, shards) + " is there twice: " + both, {},
                "give each shard once");
  return fail(ErrorKind::bad_data,
              "sample " + std::to_string(parts[first]->samples.first_common(samples)) + " is in " + both, {},
              "give each part once, of shards that do not overlap");
}

/// The shards of which no sample is there, as text; empty where a shard is there in part.
std::string missing_shards(const SampleSet& seen, int64_t shards, int64_t end) {
  std::vector<bool> there(static_cast<size_t>(std::min(shards, end)), false);
  for (int64_t const k : seen.list()) there[static_cast<size_t>(k % shards)] = true;
  for (int64_t k = 0; k < end; ++k)
    if (!seen.contains(k) && there[static_cast<size_t>(k % shards)]) return {};
  std::vector<int64_t> missing;
  for (size_t s = 0; s < there.size(); ++s)
    if (!there[s]) missing.push_back(static_cast<int64_t>(s));
  if (missing.size() == 1) return shard_text(missing.front(), shards) + " is missing";
  std::string text = "shards ";
  for (size_t i = 0; i < std::min<size_t>(missing.size(), 8); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(missing[i]);
  return text + (missing.size() > 8 ? ", ..." : "") + " of " + std::to_string(shards) + " are missing";
}

/// bad_data unless there are as many parts as shards, and samples without a gap.
Status check_complete(const SampleSet& seen, size_t parts, int64_t shards) {
  int64_t const count = seen.count(), end = count == 0 ? 0 : seen.list().back() + 1;
  constexpr const char* kRemedy = "calibrate what is missing, and give the parts of all shards";
  if (count < end) {
    int64_t gap = 0;
    while (seen.contains(gap)) ++gap;
    std::string const shard = missing_shards(seen, shards, end);
    return fail(ErrorKind::bad_data,
                shard.empty() ? "sample " + std::to_string(gap) + " is missing: in no part" : shard, {}, kRemedy);
  }
  if (std::cmp_not_equal(parts, shards))
    return fail(
        ErrorKind::bad_data,
        std::to_string(parts) + (parts == 1 ? " part" : " parts") + " for " + std::to_string(shards) + " shards", {},
        std::cmp_less(parts, shards) ? kRemedy : "give each shard once");
  return {};
}

Result<StatisticsPtr> merge_all(std::span<const StatisticsPtr> parts, int64_t shards) {
  if (parts.empty()) return refuse("parts", "there are no `parts` to merge");
  for (const StatisticsPtr& part : parts)
    if (!part) return refuse("parts", "one of the `parts` is null");
  if (shards < 0) return refuse("shards", "`shards` is below 0");
  Statistics all = *parts.front();
  for (size_t i = 1; i < parts.size(); ++i) {
    if (all.kind == parts[i]->kind && all.samples.first_common(parts[i]->samples) >= 0) return shared(parts, i, shards);
    auto both = merge(std::move(all), *parts[i]);
    if (!both) return pass(std::move(both), name_of(parts, i));
    all = std::move(*both);
  }
  if (shards > 0) NARROW_CHECK(check_complete(all.samples, parts.size(), shards));
  return std::make_shared<const Statistics>(std::move(all));
}

}  // namespace

Result<StatisticsPtr> merge(std::span<const StatisticsPtr> parts, int64_t shards) {
  return guarded([&] { return merge_all(parts, shards); });
}

}  // namespace narrow
