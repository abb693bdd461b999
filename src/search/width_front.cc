#include "search/width_front.h"

#include <algorithm>
#include <cmath>

namespace narrow {
namespace {

/// Removes the points that another one beats; the others by rising bytes. Of equal ones the first stays.
void keep_front(std::vector<FrontPoint>& points) {
  std::ranges::stable_sort(points, [](const FrontPoint& a, const FrontPoint& b) {
    return a.bytes != b.bytes ? a.bytes < b.bytes : a.noise < b.noise;
  });
  std::vector<FrontPoint> kept;
  for (FrontPoint& p : points)
    if (kept.empty() || p.noise < kept.back().noise) kept.push_back(std::move(p));
  points = std::move(kept);
}

/// Of each part of a front with equal numbers of points the last one, which has the least noise; the first one too.
void thin(std::vector<FrontPoint>& front, size_t most) {
  if (front.size() <= most) return;
  std::vector<FrontPoint> kept;
  kept.push_back(std::move(front.front()));
  for (size_t k = 1; k < most; ++k) kept.push_back(std::move(front[k * (front.size() - 1) / (most - 1)]));
  front = std::move(kept);
}

}  // namespace

std::vector<FrontPoint> width_front(std::span<const std::vector<WidthOption>> layers, size_t most) {
  std::vector<FrontPoint> front(1);
  for (const std::vector<WidthOption>& options : layers) {
    std::vector<FrontPoint> next;
    next.reserve(front.size() * options.size());
    for (const FrontPoint& p : front)
      for (size_t k = 0; k < options.size(); ++k) {
        next.push_back({p.bytes + options[k].bytes, p.noise + options[k].noise, p.options});
        next.back().options.push_back(static_cast<uint8_t>(k));
      }
    keep_front(next);
    thin(next, std::max<size_t>(most, 2));
    front = std::move(next);
  }
  return front;
}

std::vector<FrontPoint> spread(const std::vector<FrontPoint>& front, size_t count) {
  if (front.size() <= count) return front;
  auto level = [&](size_t k) { return std::log(std::max(front[k].noise, 1e-300)); };
  std::vector<FrontPoint> out{front.front()};
  size_t at = 0;
  for (size_t k = 1; k + 1 < count; ++k) {
    double const wanted =
        level(0) + (level(front.size() - 1) - level(0)) * static_cast<double>(k) / static_cast<double>(count - 1);
    size_t next = at + 1;
    while (next + 1 < front.size() - 1 && level(next) > wanted) ++next;
    if (next >= front.size() - 1) break;
    out.push_back(front[at = next]);
  }
  out.push_back(front.back());
  return out;
}

}  // namespace narrow
