#include "ops/profile.h"

#include <array>

namespace narrow {
namespace {

constexpr std::array<Profile, 4> kProfiles{{
    {.name = "narrow"},
    {.name = "tflm"},
    {.name = "litert"},
    {.name = "xnnpack"},
}};

}  // namespace

std::span<const Profile> all_profiles() { return kProfiles; }

const Profile* find_profile(std::string_view name) {
  for (const Profile& p : kProfiles)
    if (name == p.name) return &p;
  return nullptr;
}

}  // namespace narrow
