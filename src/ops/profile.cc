#include "ops/profile.h"

#include <array>

namespace narrow {
namespace {

constexpr std::array<Profile, 4> kProfiles{{
    {.name = "narrow"},
    {.name = "tflm"},
    {.name = "litert",
     .sum = {Form::broken, Form::broken},
     .sub_ratio = Ratio::float64,
     .mul_ratio = Ratio::float32,
     .pot_scale_int16 = true},
    {.name = "xnnpack",
     .add = {Form::delegate, Form::optimized},
     .sub = {Form::delegate, Form::fixed},
     .mul = {Form::delegate, Form::fixed},
     .max_pool = {Form::delegate, Form::fixed},
     .mean = {Form::delegate, Form::fixed},
     .sum = {Form::delegate, Form::optimized},
     .sub_ratio = Ratio::float64,
     .mul_ratio = Ratio::float32,
     .pot_scale_int16 = true},
}};

}  // namespace

std::span<const Profile> all_profiles() {
  return kProfiles;
}

const Profile* find_profile(std::string_view name) {
  for (const Profile& p : kProfiles)
    if (name == p.name) return &p;
  return nullptr;
}

}  // namespace narrow
