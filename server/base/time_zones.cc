#include "server/base/time_zones.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace satudata::base {
namespace {

constexpr size_t kLongestName = 64;

// Zones are files under one directory, and nothing else is to be opened.
bool IsZoneName(absl::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name.front() != '/' &&
         !absl::StrContains(name, "..") && std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '+' || c == '/';
         });
}

}  // namespace

std::optional<absl::TimeZone> TimeZones::Find(absl::string_view name) {
  absl::TimeZone zone;
  if (!IsZoneName(name) || !MayLookUp(name) || !absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return zone;
}

bool TimeZones::MayLookUp(absl::string_view name) {
  MutexLock lock(&mu_);
  if (names_.size() < most_names_) names_.insert(std::string(name));
  return names_.contains(name);
}

}  // namespace satudata::base
