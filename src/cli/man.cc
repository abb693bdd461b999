// `narrow man [COMMAND]`: a manual page, from the same tables as --help.
#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <span>
#include <system_error>

#include "base/file.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "narrow/version.h"

namespace narrow {
namespace {

/// Text as roff shows it: backslashes and dashes kept, no line that begins a request.
std::string roff(const std::string& text) {
  std::string out;
  for (char const c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string heading(const std::string& name, const std::string& summary) {
  return fmt::format(".TH {} 1 \"\" \"narrow {}\" \"narrow\"\n.SH NAME\n{} \\- {}\n", upper(roff(name)), version(),
                     roff(name), roff(summary));
}

std::string overview() {
  std::string out = heading("narrow", "quantizes neural networks and runs them in integers, bit for bit") +
                    ".SH SYNOPSIS\n.B narrow\n.I COMMAND\n[options]\n.SH COMMANDS\n";
  for (const Command* c : all_commands()) out += fmt::format(".TP\n.B {}\n{}.\n", roff(c->name), roff(c->summary));
  return out +
         ".SH EXIT STATUS\n0: done. 1: a check failed. 2: usage. 3: bad or unsupported input. 4: a limit. 5: input or "
         "output. 70: a bug of narrow. 130: interrupted.\n";
}

std::string page(const Command& command) {
  std::vector<Options::Item> const items = items_of(command);
  std::string out = heading(std::string("narrow-") + command.name, command.summary) + ".SH SYNOPSIS\n.B narrow " +
                    roff(command.name) + "\n";
  auto const at = std::back_inserter(out);
  auto label = [](const Options::Item& item) {
    return "\\fB" + roff(item.name) + "\\fR" +
           (item.placeholder.empty() ? "" : " \\fI" + roff(item.placeholder) + "\\fR");
  };
  for (const Options::Item& item : items)
    if (item.required) out += label(item) + "\n";
  out += "[options]\n.SH OPTIONS\n";
  for (const Options::Item& item : items)
    fmt::format_to(at, ".TP\n{}\n{}{}\n", label(item), roff(item.help),
                   item.fallback.empty() ? "" : " [default: " + roff(item.fallback) + "]");
  out += ".SH EXAMPLES\n.nf\n";
  for (const char* const example : command.examples) out += roff(example) + "\n";
  return out + ".fi\n";
}

/// Writes narrow.1, and narrow-COMMAND.1 for each command.
Status write_pages(const std::string& folder) {
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  auto write = [&](const std::string& name, const std::string& text) {
    return write_file_atomically(fmt::format("{}/{}.1", folder, name), std::as_bytes(std::span(text)));
  };
  NARROW_CHECK(write("narrow", overview()));
  for (const Command* c : all_commands()) NARROW_CHECK(write(std::string("narrow-") + c->name, page(*c)));
  return {};
}

Result<int> man_command(Options& options) {
  std::string name;
  std::string folder;
  options.text("--command", "COMMAND", &name, "the page of this command", "an overview of all");
  options.text("--folder", "DIR", &folder, "write the overview and the pages of all commands into this folder");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  if (!folder.empty()) {
    if (!name.empty())
      return fail(ErrorKind::bad_option, "--folder gets the pages of all commands", "command line",
                  "give either --command or --folder");
    NARROW_CHECK(write_pages(folder));
    return kDone;
  }
  if (name.empty()) {
    fmt::print("{}", overview());
    return kDone;
  }
  const Command* const command = find_command(name);
  if (!command)
    return fail(ErrorKind::bad_option, fmt::format("there is no command '{}'", name), "command line",
                "`narrow --help` lists the commands");
  fmt::print("{}", page(*command));
  return kDone;
}

}  // namespace

constexpr Command kManCommand{
    .name = "man",
    .summary = "Writes manual pages",
    .examples = {"narrow man --command quantize | man -l -", "narrow man --folder ~/.local/share/man/man1"},
    .run = man_command,
};

}  // namespace narrow
