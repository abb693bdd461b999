// `narrow completion SHELL`: a script by which a shell completes narrow's commands, options and their words.
#include <fmt/format.h>

#include <iterator>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/shell_word.h"

namespace narrow {
namespace {

using Items = std::vector<Options::Item>;

bool is_option(const Options::Item& item) {
  return item.name.starts_with('-');
}

std::string command_names() {
  std::string out;
  for (const Command* c : all_commands()) out += (out.empty() ? "" : " ") + std::string(c->name);
  return out;
}

std::string option_list(const Items& items) {
  std::string out;
  for (const Options::Item& item : items)
    if (is_option(item)) out += (out.empty() ? "" : " ") + item.name;
  return out;
}

/// Words of options that take only those, as branches of `case "$command $previous"`.
std::string bash_script() {
  std::string out =
      "# bash completion for narrow, written by `narrow completion bash`\n"
      "_narrow() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words=\n"
      "  if ((COMP_CWORD == 1)); then\n";
  auto const at = std::back_inserter(out);
  fmt::format_to(at, "    COMPREPLY=($(compgen -W '{} help --help --version' -- \"$current\"))\n    return\n  fi\n",
                 command_names());
  out += "  case \"$command $previous\" in\n";
  std::string options = "  case $command in\n";
  for (const Command* c : all_commands()) {
    Items const items = items_of(*c);
    for (const Options::Item& item : items)
      if (!item.words.empty())
        fmt::format_to(at, "    '{} {}') words='{}' ;;\n", c->name, item.name, fmt::join(item.words, " "));
    options += fmt::format("    {}) words='{}' ;;\n", c->name, option_list(items));
  }
  out += "  esac\n  if [[ -z $words && $current == -* ]]; then\n";
  for (size_t begin = 0; begin < options.size();) {
    size_t const end = options.find('\n', begin);
    out += "  " + options.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  fmt::format_to(at, "    esac\n  fi\n  [[ $command == help ]] && words='{}'\n", command_names());
  return out +
         "  if [[ -n $words ]]; then\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  else\n    COMPREPLY=($(compgen -f -- \"$current\"))\n  fi\n}\n"
         "complete -o filenames -F _narrow narrow\n";
}

/// A description inside of _arguments: brackets and colons have a meaning there.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (char const c : text) out += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  return out;
}

std::string zsh_script() {
  std::string out = "#compdef narrow\n# zsh completion for narrow, written by `narrow completion zsh`\n_narrow() {\n";
  auto const at = std::back_inserter(out);
  out += "  local -a commands\n  commands=(\n";
  for (const Command* c : all_commands())
    fmt::format_to(at, "    {}\n", shell_word(std::string(c->name) + ":" + zsh_text(c->summary)));
  out +=
      "  )\n  if ((CURRENT == 2)); then\n    _describe command commands\n    return\n  fi\n"
      "  local command=${words[2]}\n  ((CURRENT--))\n  shift words\n  case $command in\n";
  for (const Command* c : all_commands()) {
    fmt::format_to(at, "    {}) _arguments", c->name);
    for (const Options::Item& item : items_of(*c)) {
      if (!is_option(item)) continue;
      std::string spec = (item.form == Options::Form::often ? "*" : "") + item.name + "[" + zsh_text(item.help) + "]";
      if (!item.words.empty())
        spec += fmt::format(":value:({})", fmt::join(item.words, " "));
      else if (item.form != Options::Form::flag)
        spec += ":" + zsh_text(item.placeholder) + ":_files";
      fmt::format_to(at, " \\\n      {}", shell_word(spec));
    }
    out += " \\\n      '*:file:_files' ;;\n";
  }
  return out + "    help) _describe command commands ;;\n  esac\n}\n_narrow \"$@\"\n";
}

std::string fish_script() {
  std::string out = "# fish completion for narrow, written by `narrow completion fish`\n";
  auto const at = std::back_inserter(out);
  for (const Command* c : all_commands())
    fmt::format_to(at, "complete -c narrow -n __fish_use_subcommand -f -a {} -d {}\n", c->name, shell_word(c->summary));
  for (const Command* c : all_commands())
    for (const Options::Item& item : items_of(*c)) {
      if (!is_option(item)) continue;
      bool const is_long = item.name.starts_with("--");
      fmt::format_to(at, "complete -c narrow -n '__fish_seen_subcommand_from {}' {} {} -d {}", c->name,
                     is_long ? "-l" : "-s", item.name.substr(is_long ? 2 : 1), shell_word(item.help));
      if (!item.words.empty())
        fmt::format_to(at, " -x -a '{}'", fmt::join(item.words, " "));
      else if (item.form != Options::Form::flag)
        out += " -r";
      out += "\n";
    }
  return out;
}

struct Shell {
  const char* name;
  std::string (*script)();
};
constexpr Shell kShells[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

Result<int> completion_command(Options& options) {
  std::string shell;
  options.positional("SHELL", &shell, "bash, zsh or fish");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  for (const Shell& s : kShells)
    if (shell == s.name) {
      fmt::print("{}", s.script());
      return kDone;
    }
  return fail(ErrorKind::bad_option, fmt::format("there is no completion for '{}'", shell), "command line",
              "choose bash, zsh, fish");
}

}  // namespace

constexpr Command kCompletionCommand{
    .name = "completion",
    .summary = "Writes a script by which a shell completes commands and options",
    .examples = {"narrow completion bash > ~/.local/share/bash-completion/completions/narrow",
                 "narrow completion fish > ~/.config/fish/completions/narrow.fish"},
    .run = completion_command,
};

}  // namespace narrow
