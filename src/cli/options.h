// Options: what a subcommand may be given, declared once; parsing, --help and messages come from it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "narrow/result.h"
#include "narrow/types.h"

namespace narrow {

struct Command;

/// The options of one subcommand, and the arguments it was called with. The targets given to the declaring functions
/// hold the defaults; `parse` overwrites those that were given. --help shows a default as [default: ...]: that of the
/// target, or `fallback`, which says what holds where a target that is empty stays so.
class Options {
 public:
  Options(const Command& command, std::vector<std::string> arguments)
      : command_(command), arguments_(std::move(arguments)) {}

  /// An argument told by its place. Required.
  void positional(const char* name, std::string* target, const char* help);
  /// The same, one or more.
  void positionals(const char* name, std::vector<std::string>* target, const char* help);

  void flag(const char* name, bool* target, const char* help);
  /// The same where the flag turns off what holds by default.
  void flag_off(const char* name, bool* target, const char* help);
  void text(const char* name, const char* placeholder, std::string* target, const char* help,
            std::string fallback = {});
  /// As often as wanted.
  void texts(const char* name, const char* placeholder, std::vector<std::string>* target, const char* help);
  void required_text(const char* name, const char* placeholder, std::string* target, const char* help);
  /// A finite number, in decimal or as a fraction of two decimals.
  void number(const char* name, const char* placeholder, double* target, const char* help);
  /// The same, empty where the option is not given.
  void number(const char* name, const char* placeholder, std::optional<double>* target, const char* help,
              std::string fallback);
  /// A whole number of at least 1.
  void count(const char* name, const char* placeholder, std::optional<int64_t>* target, const char* help,
             std::string fallback);
  /// --wide, for commands that print tables.
  void wide();
  /// --threads N; 0, one for each core, where it is not given.
  void threads(int* target);

  /// Some words, as often as wanted; `chosen` gets the index of each.
  void some_of(const char* name, std::vector<std::string> words, std::function<void(size_t)> chosen, const char* help);
  template <class E>
  void choices(const char* name, std::vector<E>* target, const char* help) {
    some_of(
        name, words_of(all<E>()), [target](size_t i) { target->push_back(all<E>()[i]); }, help);
  }

  /// One of some words; `chosen` gets its index.
  void one_of(const char* name, std::vector<std::string> words, std::function<void(size_t)> chosen, const char* help,
              std::string fallback);
  /// One of the values of an enumeration of the public interface, by its name.
  template <class E>
  void choice(const char* name, E* target, const char* help) {
    one_of(
        name, words_of(all<E>()), [target](size_t i) { *target = all<E>()[i]; }, help, to_string(*target));
  }
  template <class E>
  void choice(const char* name, std::optional<E>* target, const char* help, const char* fallback) {
    one_of(
        name, words_of(all<E>()), [target](size_t i) { *target = all<E>()[i]; }, help, fallback);
  }
  template <class E>
  void required_choice(const char* name, E* target, const char* help) {
    one_of(name, words_of(all<E>()), [target](size_t i) { *target = all<E>()[i]; }, help, {});
    items_.back().required = true;
  }
  /// One of some values of one.
  template <class E>
  void choice_among(const char* name, std::vector<E> values, E* target, const char* help) {
    auto words = words_of(std::span<const E>(values));
    one_of(
        name, std::move(words), [target, values](size_t i) { *target = values[i]; }, help, to_string(*target));
  }
  template <class E>
  void choice_among(const char* name, std::vector<E> values, std::optional<E>* target, const char* help,
                    const char* fallback) {
    auto words = words_of(std::span<const E>(values));
    one_of(
        name, std::move(words), [target, values](size_t i) { *target = values[i]; }, help, fallback);
  }
  /// One of some numbers of bits; `zero` is the word for 0, where that is among them.
  void bits(const char* name, std::vector<int> values, const char* zero, std::optional<int>* target, const char* help,
            const char* fallback);

  struct Item;
  /// `parse` shall copy what has been declared to `items` and do nothing else: it gives `helped`.
  void collect_into(std::vector<Item>* items) { collected_ = items; }

  enum class Parsed { ready, helped };
  /// Fills the targets, and sets the limits of the process where --limit asks for others. `helped` where --help was
  /// asked for and has been printed; bad_option where the arguments do not fit, with the nearest option's name as
  /// remedy where there is one, or where an output is also an input or another output.
  Result<Parsed> parse();

  enum class Form {
    flag,   // alone
    once,   // with a value; the last one counts, but files may be named only once
    often,  // with a value each time
    place,  // told by its place
    places,
  };
  struct Item {
    Form form;
    std::string name;         // with its dashes, or MODEL
    std::string placeholder;  // what follows it in the help
    std::string help;
    std::string fallback;  // what holds where it is not given; empty: nothing to say
    /// Checks the words given, at least one but for flags, and stores what they mean.
    std::function<Status(const Item& item, const std::vector<std::string>& given)> store;
    bool required = false;
    std::vector<std::string> words = {};  // the only ones that it takes; empty: any
  };

 private:
  template <class E>
  static std::vector<std::string> words_of(std::span<const E> values) {
    std::vector<std::string> out;
    for (E value : values) out.emplace_back(to_string(value));
    return out;
  }
  tl::unexpected<Error> unknown(const std::string& extra) const;
  void print_help() const;

  const Command& command_;
  std::vector<std::string> arguments_;
  std::vector<Item> items_;
  std::vector<Item>* collected_ = nullptr;
};

}  // namespace narrow
