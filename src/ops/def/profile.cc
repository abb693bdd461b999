#include "ops/def/profile.h"

#include <array>

namespace narrow {
namespace {

constexpr std::array<ProfileDef, 4> kProfiles{{
    {.id = ProfileId::narrow, .name = "narrow", .own_arithmetic = true},
    {.id = ProfileId::tflm, .name = "tflm"},
    {.id = ProfileId::litert, .name = "litert"},
    {.id = ProfileId::xnnpack, .name = "xnnpack"},
}};

}  // namespace

std::span<const ProfileDef> all_profiles() {
  return kProfiles;
}

const ProfileDef* find_profile(std::string_view name) {
  for (const ProfileDef& p : kProfiles)
    if (name == p.name) return &p;
  return nullptr;
}

}  // namespace narrow
