#include "api/held_shard.h"

#include <algorithm>

#include "base/checked.h"

namespace narrow {
namespace {

/// `rows` holds the sequences k with k mod shards == shard, each of `length` samples, one behind the other.
class HeldSamples final : public Samples {
 public:
  HeldSamples(std::shared_ptr<const Samples> rows, const HeldShard& shard, int64_t length)
      : rows_(std::move(rows)), shard_(shard), length_(length) {}

  int64_t size() const override { return shard_.samples; }
  uint64_t fingerprint() const override { return shard_.fingerprint; }

  Status read(int64_t first, int count, size_t input, std::byte* out) const override {
    int64_t const sequence = first / length_, row = sequence / shard_.shards * length_ + first % length_;
    if (sequence % shard_.shards != shard_.shard || (first + count - 1) / length_ != sequence ||
        row + count > rows_->size())
      return fail(
          ErrorKind::bad_data,
          "the arrays do not hold samples " + std::to_string(first) + " to " + std::to_string(first + count - 1),
          "shard " + std::to_string(shard_.shard) + " of " + std::to_string(shard_.shards));
    return rows_->read(row, count, input, out);
  }

 private:
  std::shared_ptr<const Samples> rows_;
  HeldShard shard_;
  int64_t length_;
};

/// How many of the first `samples` are in the shard.
int64_t count_of(const HeldShard& shard, int64_t length, int64_t samples) {
  int64_t const round = length * shard.shards;
  int64_t const rest = samples % round - length * shard.shard;
  return samples / round * length + std::clamp<int64_t>(rest, 0, length);
}

}  // namespace

Result<std::shared_ptr<const Samples>> whole_of(std::shared_ptr<const Samples> held, const DataSource& source) {
  const HeldShard& shard = *source.held;
  if (shard.shards < 1 || shard.shard < 0 || shard.shard >= shard.shards || shard.samples < 1)
    return refuse("data.held", "`data.held`: there is no shard " + std::to_string(shard.shard) + " of " +
                                   std::to_string(shard.shards) + " of " + std::to_string(shard.samples) + " samples");
  int64_t const samples = std::min(source.samples.value_or(shard.samples), shard.samples);
  int64_t const length = shard.shards == 1 ? shard.samples : source.sequence.value_or(1);
  if (length < 1 || !checked_mul(length, shard.shards)) return refuse("sequence", "`sequence` is out of range");
  if (int64_t const due = count_of(shard, length, samples); held->size() != due)
    return refuse("data.held", "`data.held`: the arrays hold " + std::to_string(held->size()) + " samples, shard " +
                                   std::to_string(shard.shard) + " of " + std::to_string(shard.shards) + " has " +
                                   std::to_string(due));
  return std::make_shared<const HeldSamples>(std::move(held), shard, length);
}

}  // namespace narrow
