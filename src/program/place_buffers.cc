#include "program/place_buffers.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <utility>

namespace narrow {
namespace {

using Interval = Apart::Interval;
using Order = std::vector<size_t>;

/// For each buffer the others that live at the same time, with the intervals that its offset less theirs avoids.
struct Neighbour {
  size_t other;
  std::vector<Interval> forbidden;
};
using Neighbours = std::vector<std::vector<Neighbour>>;

Neighbours neighbours_of(const std::vector<Buffer>& buffers, const std::vector<Apart>& apart) {
  std::map<std::pair<size_t, size_t>, const Apart*> known;
  for (const Apart& p : apart) known[{p.a, p.b}] = &p;
  Neighbours out(buffers.size());
  Order by_birth(buffers.size());
  std::iota(by_birth.begin(), by_birth.end(), size_t{0});
  std::ranges::stable_sort(by_birth, {}, [&](size_t i) { return buffers[i].life.first; });
  for (size_t n = 0; n < by_birth.size(); ++n)
    for (size_t m = n + 1; m < by_birth.size(); ++m) {
      size_t const a = by_birth[n], b = by_birth[m];
      if (buffers[b].life.first > buffers[a].life.last) break;
      if (!meet(buffers[a].life, buffers[b].life)) continue;
      std::vector<Interval> ranges{{-buffers[b].bytes, buffers[a].bytes}};  // of offset(b) - offset(a)
      if (auto const p = known.find({a, b}); p != known.end()) ranges = p->second->forbidden;
      if (auto const p = known.find({b, a}); p != known.end()) {
        ranges.clear();
        for (const Interval& r : p->second->forbidden) ranges.push_back({-r.below, -r.above});
      }
      std::vector<Interval> turned;
      for (const Interval& r : ranges) turned.push_back({-r.below, -r.above});
      out[b].push_back({a, std::move(ranges)});
      out[a].push_back({b, std::move(turned)});
    }
  return out;
}

int64_t rounded_up(int64_t v, int64_t unit) {
  return (v + unit - 1) / unit * unit;
}

/// Places buffers in that order, each as low as those before allow. Ends early, with more than `most` bytes, where it
/// comes to more.
Placement place_in_order(const std::vector<Buffer>& buffers, const Neighbours& neighbours, const Order& order,
                         int64_t most) {
  Placement out{std::vector<int64_t>(buffers.size(), -1), 0};
  std::vector<Interval> taken;
  for (size_t b : order) {
    taken.clear();
    for (const Neighbour& n : neighbours[b])
      if (int64_t const at = out.offsets[n.other]; at >= 0)
        for (const Interval& r : n.forbidden) taken.push_back({at + r.above, at + r.below});
    std::ranges::sort(taken, {}, &Interval::above);
    int64_t offset = 0;
    for (const Interval& t : taken)
      if (offset > t.above && offset < t.below) offset = rounded_up(t.below, buffers[b].alignment);
    out.offsets[b] = offset;
    out.bytes = std::max(out.bytes, offset + buffers[b].bytes);
    if (out.bytes > most) break;
  }
  return out;
}

/// Whether the buffer may lie at `offset`, with all others where they are.
bool is_free(const Placement& placement, const std::vector<Buffer>& buffers, const Neighbours& neighbours, size_t b,
             int64_t offset) {
  if (offset < 0 || offset % buffers[b].alignment != 0 || offset + buffers[b].bytes > placement.bytes) return false;
  for (const Neighbour& n : neighbours[b])
    for (const Interval& r : n.forbidden) {
      int64_t const difference = offset - placement.offsets[n.other];
      if (difference > r.above && difference < r.below) return false;
    }
  return true;
}

/// Moves buffers to where they are wanted, those that do not lie there for another one already.
void move_where_wanted(Placement& placement, const std::vector<Buffer>& buffers, const Neighbours& neighbours,
                       const std::vector<Apart>& apart) {
  std::vector<bool> settled(buffers.size());
  auto const lies = [&](const Apart& p) { return placement.offsets[p.b] - placement.offsets[p.a] == *p.wanted; };
  for (const Apart& p : apart)
    if (p.wanted && lies(p)) settled[p.a] = settled[p.b] = true;
  for (const Apart& p : apart) {
    if (!p.wanted || lies(p)) continue;
    int64_t const for_b = placement.offsets[p.a] + *p.wanted, for_a = placement.offsets[p.b] - *p.wanted;
    if (!settled[p.b] && is_free(placement, buffers, neighbours, p.b, for_b))
      placement.offsets[p.b] = for_b;
    else if (!settled[p.a] && is_free(placement, buffers, neighbours, p.a, for_a))
      placement.offsets[p.a] = for_a;
    else
      continue;
    settled[p.a] = settled[p.b] = true;
  }
}

/// The bytes of the largest buffer, which no placement can do without.
int64_t largest(const std::vector<Buffer>& buffers) {
  int64_t most = 0;
  for (const Buffer& b : buffers) most = std::max(most, b.bytes);
  return most;
}

}  // namespace

Placement place_buffers(const std::vector<Buffer>& buffers, const std::vector<Apart>& apart, size_t trials) {
  constexpr size_t kWork = 20'000'000;  // pairs of buffers that the search looks at
  Neighbours const neighbours = neighbours_of(buffers, apart);
  size_t pairs = 1;
  for (auto const& n : neighbours) pairs += n.size() + 1;
  trials = std::min(trials, kWork / pairs);

  Order in_time(buffers.size());
  std::iota(in_time.begin(), in_time.end(), size_t{0});
  std::ranges::stable_sort(in_time, {}, [&](size_t i) { return buffers[i].life.first; });
  Order by_size = in_time;
  std::ranges::stable_sort(by_size, std::greater<>(), [&](size_t i) { return buffers[i].bytes; });
  Order backwards(in_time.rbegin(), in_time.rend());

  Order order;
  Placement best;
  for (const Order& start : {by_size, in_time, backwards}) {
    Placement found = place_in_order(buffers, neighbours, start, std::numeric_limits<int64_t>::max());
    if (!order.empty() && found.bytes >= best.bytes) continue;
    order = start;
    best = std::move(found);
  }
  // Swaps two buffers of the order, or moves one, and keeps what is no worse.
  std::minstd_rand random(1);
  int64_t const least = largest(buffers);
  for (size_t i = 0; i < trials && buffers.size() > 2 && best.bytes > least; ++i) {
    Order tried = order;
    size_t const from = random() % tried.size(), to = random() % tried.size();
    if (random() % 2 == 0) {
      std::swap(tried[from], tried[to]);
    } else {
      size_t const moved = tried[from];
      tried.erase(tried.begin() + static_cast<std::ptrdiff_t>(from));
      tried.insert(tried.begin() + static_cast<std::ptrdiff_t>(to), moved);
    }
    Placement found = place_in_order(buffers, neighbours, tried, best.bytes);
    if (found.bytes > best.bytes) continue;
    order = std::move(tried);
    best = std::move(found);
  }
  move_where_wanted(best, buffers, neighbours, apart);
  return best;
}

}  // namespace narrow
