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
  std::vector<std::pair<std::string, size_t>> uses;  // WT or BIAS, and which constant that is
  std::vector<std::string> lists;                    // symbols of facts.lists
};

struct HeaderPlan {
  std::vector<Section> sections;                 // in order of graphs and ops
  std::vector<std::string> symbols;              // by constant: the array's name, or the macro's
  std::vector<size_t> unread;                    // constants that no op reads
  std::map<std::string, std::string> roundings;  // that layers use, rules by name
  bool shifts = false;                           // some layer has BIAS_LSHIFT or OUT_RSHIFT
};

HeaderPlan plan_header(const Model& model, const std::vector<Constant>& constants, const HeaderOptions& options);

}  // namespace narrow
