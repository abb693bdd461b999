// ProgressBar: shows a Progress on the terminal while it exists.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "narrow/progress.h"

namespace narrow {

/// A line on standard error, redrawn ten times a second from the second second on and wiped at the end. Nothing
/// where standard error is not a terminal.
class ProgressBar {
 public:
  /// `progress` must outlive the bar.
  ProgressBar(std::string label, const Progress& progress);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

 private:
  void draw_until_ended();

  std::string label_;
  const Progress& progress_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace narrow
