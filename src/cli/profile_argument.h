// --profile: whose rounding a model runs with.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "ops/def/profile.h"

namespace narrow {

struct ProfileArgument {
  std::string name = all_profiles().front().name;

  void declare(Options& options) {
    std::vector<const char*> names;
    for (const Profile& p : all_profiles()) names.push_back(p.name);
    options.choice("--profile", names, &name, "whose rounding to use (narrow)");
  }
  const Profile* chosen() const { return find_profile(name); }
};

}  // namespace narrow
