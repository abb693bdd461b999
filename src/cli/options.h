// Options: what a subcommand may be given, declared once; parsing, --help and messages come from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace narrow {

struct Command;

/// The options of one subcommand, and the arguments it was called with. The targets given to the declaring functions
/// hold the defaults; `parse` overwrites those that were given.
class Options {
 public:
  Options(const Command& command, std::vector<std::string> arguments)
      : command_(command), arguments_(std::move(arguments)) {}

  /// An argument told by its place. Required.
  void positional(const char* name, std::string* target, const char* help);
  /// The same, one or more.
  void positionals(const char* name, std::vector<std::string>* target, const char* help);

  void flag(const char* name, bool* target, const char* help);
  void text(const char* name, const char* placeholder, std::string* target, const char* help);
  /// As often as wanted.
  void texts(const char* name, const char* placeholder, std::vector<std::string>* target, const char* help);
  void required_text(const char* name, const char* placeholder, std::string* target, const char* help);
  /// One of `choices`.
  void choice(const char* name, std::span<const char* const> choices, std::string* target, const char* help);
  void required_choice(const char* name, std::span<const char* const> choices, std::string* target, const char* help);
  void number(const char* name, const char* placeholder, double* target, const char* help);
  /// A whole number of at least `least`.
  void count(const char* name, const char* placeholder, std::optional<int64_t>* target, int64_t least,
             const char* help);
  /// --threads N, by default one for each core this process may use.
  void threads(int* target);

  enum class Parsed { ready, helped };
  /// Fills the targets, and sets the limits of the process where --limit asks for others. `helped` where --help was
  /// asked for and has been printed; bad_option where the arguments do not fit, with the nearest option's name as
  /// remedy where there is one.
  Result<Parsed> parse();

  enum class Kind { positional, positionals, flag, text, texts, number, count, threads };
  struct Item {
    Kind kind;
    std::string name;         // with its dashes, or MODEL
    std::string placeholder;  // what follows it in the help
    std::string help;
    bool required = false;
    std::vector<std::string> choices;
    int64_t least = 0;
    void* target = nullptr;
  };

 private:
  void print_help() const;

  const Command& command_;
  std::vector<std::string> arguments_;
  std::vector<Item> items_;
};

}  // namespace narrow
