// What a header will hold, before any of it is written.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "emit/constants/constants.h"
#include "emit/header/header.h"
#include "emit/header/op_facts.h"

namespace narrow {

/// An op and what is written about it.
struct Section {
  size_t graph = 0;
  size_t op = 0;
  std::string macro;  // what its macros begin with: KWS_CONV1
  OpFacts facts;
  std::vector<size_t> constants;                     // those of which it is the first reader
  std::vector<std::pair<std::string, size_t>> uses;  // WT, BIAS, CONSTANT_i or a part's name, and which constant
  std::vector<std::string> lists;                    // symbols of facts.lists
};

struct HeaderPlan {
  std::vector<Section> sections;                 // in order of graphs and ops
  std::vector<std::string> symbols;              // by constant: the array's name, or the macro's
  std::vector<size_t> unread;                    // constants that no op reads
  std::map<std::string, std::string> roundings;  // that layers use, rules by name
  std::map<std::string, std::string> rules;      // of other kernels, by their names
  bool shifts = false;                           // some layer has BIAS_LSHIFT or OUT_RSHIFT
  bool kernels = false;                          // some op without weights has parameters of a kernel
};

/// The longest macro, as old compilers tell apart so many characters, and the longest name of an op in it. The rest is
/// for the name that the user gives, two underscores, and at most kMostKey characters for what is said of the op; where
/// the user's name leaves less than an op needs, macros are longer.
inline constexpr size_t kMostMacro = 46, kMostOpName = 24, kMostKey = 16;

/// Which macros, arrays and rules a header has. An op is called by its own name where that is short and no list of what
/// became one op ("model/conv1/Relu" is CONV1), else by its kind and place (CONV_0).
HeaderPlan plan_header(const Model& model, const std::vector<Constant>& constants, const HeaderOptions& options);

}  // namespace narrow
