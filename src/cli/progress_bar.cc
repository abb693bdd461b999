#include "cli/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "cli/talk.h"

namespace narrow {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kSilence = std::chrono::seconds(1);
constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr int kWidth = 30;

std::string line(const std::string& label, int64_t done, int64_t total, double seconds) {
  if (total <= 0) return fmt::format("\r{} {}\033[K", label, done);
  double const share = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
  int const filled = static_cast<int>(share * kWidth);
  std::string const left = done > 0 ? fmt::format(", {:.0f} s left", seconds * (1 - share) / share) : "";
  return fmt::format("\r{} [{}{}] {}/{}{}\033[K", label, std::string(static_cast<size_t>(filled), '#'),
                     std::string(static_cast<size_t>(kWidth - filled), ' '), done, total, left);
}

}  // namespace

ProgressBar::ProgressBar(std::string label, const Progress& progress) : label_(std::move(label)), progress_(progress) {
  if (isatty(STDERR_FILENO) && !is_quiet()) thread_ = std::thread([this] { draw_until_ended(); });
}

ProgressBar::~ProgressBar() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void ProgressBar::draw_until_ended() {
  auto const start = Clock::now();
  std::unique_lock lock(mutex_);
  auto const ended = [this] { return ended_; };
  if (wake_.wait_for(lock, kSilence, ended)) return;
  do {
    double const seconds = std::chrono::duration<double>(Clock::now() - start).count();
    std::fputs(line(label_, progress_.done, progress_.total, seconds).c_str(), stderr);
  } while (!wake_.wait_for(lock, kInterval, ended));
  std::fputs("\r\033[K", stderr);
}

}  // namespace narrow
