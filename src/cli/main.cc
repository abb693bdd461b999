// The command line: finds the subcommand, runs it, and turns its error into a message and an exit code.
#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string_view>
#include <system_error>

#include "base/guarded.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/print_error.h"
#include "cli/talk.h"
#include "cli/terminal.h"
#include "narrow/version.h"

namespace narrow {
namespace {

void print_help() {
  std::string text =
      "Quantizes neural networks and runs them in integers, bit for bit.\n\n"
      "usage: narrow COMMAND [options], narrow help COMMAND, narrow --version\n\n";
  for (const Command* c : all_commands()) text += fmt::format("  {:10} {}\n", c->name, c->summary);
  text +=
      "\n`narrow COMMAND --help` says more, with examples such as\n\n"
      "narrow inspect model.tflite\n"
      "narrow quantize model.tflite --data samples.npy -o model_int8.tflite\n";
  std::fputs(text.c_str(), stdout);
}

tl::unexpected<Error> unknown_command(const std::string& name) {
  std::vector<std::string> known;
  for (const Command* c : all_commands()) known.emplace_back(c->name);
  auto const meant = nearest(name, known);
  return fail(ErrorKind::bad_option, fmt::format("there is no command '{}'", name), "command line",
              meant ? "did you mean " + *meant + "?" : "`narrow --help` lists the commands");
}

Result<int> dispatch(std::vector<std::string> arguments) {
  if (arguments.empty())
    return fail(ErrorKind::bad_option, "a command is missing", "command line", "`narrow --help` lists the commands");
  std::string const name = arguments.front();
  if (name == "--version" || name == "-V") {
    std::printf("narrow %s\n", version());
    return 0;
  }
  bool const help = name == "--help" || name == "-h" || name == "help";
  if (help && arguments.size() == 1) {
    print_help();
    return 0;
  }
  if (help) arguments = {arguments[1], "--help"};
  const Command* const command = find_command(arguments.front());
  if (!command) return unknown_command(arguments.front());
  arguments.erase(arguments.begin());
  Options options(*command, std::move(arguments));
  return command->run(options);
}

/// Standard streams that the caller has closed: files opened later would take their places, and get what is printed.
void occupy_standard_streams() {
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
      // Not for writing: what cannot be printed is an error.
      static_cast<void>(::open("/dev/null", O_RDONLY));
}

/// `dispatch`, with standard output that cannot be written as an error of its own kind. fmt throws it.
Result<int> dispatch_printing(std::vector<std::string> arguments) {
  auto failed = [](int code) { return fail(ErrorKind::io, std::strerror(code), "standard output"); };
  try {
    Result<int> code = dispatch(std::move(arguments));
    if (std::fflush(stdout) != 0) return failed(errno);
    if (std::ferror(stdout)) return failed(EIO);
    return code;
  } catch (const std::system_error& e) {
    if (!std::ferror(stdout)) throw;
    return failed(e.code().value());
  }
}

/// Makes the C library give large blocks back when they are freed, which it stops doing once it has seen one freed.
void return_large_blocks() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

std::atomic<bool> memory_ran_out{false};

/// Where there is no memory even for the exception that says so, the C++ runtime calls `std::terminate`, which would
/// abort without a message.
void end_where_memory_runs_out() {
  std::set_new_handler([] {
    memory_ran_out = true;
    throw std::bad_alloc();
  });
  std::set_terminate([] {
    if (!memory_ran_out || std::current_exception()) std::abort();
    constexpr std::string_view kMessage = "error: there is not enough memory to start\n";
    static_cast<void>(!::write(STDERR_FILENO, kMessage.data(), kMessage.size()));
    ::_exit(exit_code(ErrorKind::limit_exceeded));
  });
}

int main_(int argc, char** argv) {
  end_where_memory_runs_out();
  return_large_blocks();
  occupy_standard_streams();
  end_on_interrupt();
  std::span<char* const> const words(argv + std::min(argc, 1), argv + argc);
  auto given = [&](std::string_view option) {
    return std::ranges::any_of(words, [&](const char* w) { return option == w; });
  };
  bool const json = given("--json");
  if (given("--quiet")) be_quiet();
  if (is_quiet() && !json && !std::freopen("/dev/null", "w", stdout)) return exit_code(ErrorKind::io);
  Result<int> const code = guarded([&] { return dispatch_printing({words.begin(), words.end()}); });
  if (code) return *code;
  Error const error = as_shown(code.error());
  // Whoever read the other end of a pipe has seen enough, as `head` has.
  bool const unread =
      error.kind == ErrorKind::io && error.where == "standard output" && error.what == std::strerror(EPIPE);
  if (!unread) print_error(error);
  if (json) {
    JsonWriter out;
    write_error(out.begin_object(), error);
    print_json(out.end_object());
  }
  int const signal = interrupting_signal();
  return code.error().kind == ErrorKind::cancelled && signal ? 128 + signal : exit_code(code.error().kind);
}

}  // namespace
}  // namespace narrow

int main(int argc, char** argv) {
  return narrow::main_(argc, argv);
}
