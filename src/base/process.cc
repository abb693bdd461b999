#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

extern char** environ;

namespace narrow {
namespace {

constexpr size_t kMostOutput = size_t{64} * 1024;
constexpr int kSignalBase = 128;  // as shells count the ends by signals

/// A file descriptor that is closed when it goes.
class PipeEnd {
 public:
  explicit PipeEnd(int number) : number_(number) {}
  PipeEnd(const PipeEnd&) = delete;
  PipeEnd& operator=(const PipeEnd&) = delete;
  ~PipeEnd() { close(); }
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// 0, or an errno. The program leads a process group of its own.
int start_process(const std::vector<std::string>& words, int output, pid_t& pid) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  int const error = posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

/// Takes what is there; false at the end.
bool take_output(int pipe, std::string& output) {
  char buffer[4096];
  for (;;) {
    ssize_t const got = ::read(pipe, buffer, sizeof buffer);
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    output.append(buffer, std::min(static_cast<size_t>(got), kMostOutput - output.size()));
  }
}

}  // namespace

Result<ProcessEnd> run_process(const std::vector<std::string>& words, std::chrono::steady_clock::time_point deadline,
                               const std::atomic<bool>* cancel) {
  constexpr int kPollMilliseconds = 20;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(ErrorKind::io, "there is no pipe for '" + words[0] + "'");
  PipeEnd const from(ends[0]);
  PipeEnd to(ends[1]);
  ::fcntl(from.number(), F_SETFL, O_NONBLOCK);
  ProcessEnd out;
  pid_t pid = 0;
  out.start_error = start_process(words, to.number(), pid);
  if (out.start_error != 0) return out;
  to.close();
  pollfd wait{from.number(), POLLIN, 0};
  int status = 0;
  bool cancelled = false;
  for (;;) {
    ::poll(&wait, 1, wait.fd < 0 ? 1 : kPollMilliseconds);
    if (wait.fd >= 0 && !take_output(wait.fd, out.output)) wait.fd = -1;
    pid_t const done = ::waitpid(pid, &status, WNOHANG);
    if (done == pid || (done < 0 && errno != EINTR)) break;
    cancelled = cancel && cancel->load();
    out.timed_out = std::chrono::steady_clock::now() >= deadline;
    if (!cancelled && !out.timed_out) continue;
    ::kill(-pid, SIGKILL);
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    break;
  }
  if (wait.fd >= 0) take_output(wait.fd, out.output);
  if (cancelled) return fail(ErrorKind::cancelled, "interrupted");
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
  return out;
}

}  // namespace narrow
