#include "server/sync/limits/grant.h"

#include <algorithm>

namespace satudata::sync {
namespace {

// A smaller part of what is fair is what rounding has left.
constexpr double kLeastOfFair = 0.01;

struct Guest {
  absl::string_view holder;
  int most_slots = 0;
  int slots = 0;
};

// Slot by slot around the table.
void Deal(int slots, int64_t turn, std::vector<Guest>& guests) {
  const size_t first = static_cast<size_t>(turn) % guests.size();
  for (bool dealt = true; dealt && slots > 0;) {
    dealt = false;
    for (size_t i = 0; i < guests.size() && slots > 0; ++i) {
      Guest& guest = guests[(first + i) % guests.size()];
      if (guest.slots >= guest.most_slots) continue;
      ++guest.slots;
      --slots;
      dealt = true;
    }
  }
}

std::vector<Guest> GuestsOf(const GrantRequest& request, absl::string_view holder,
                            const std::vector<HeldGrant>& others) {
  std::vector<Guest> guests = {{holder, request.most_slots}};
  for (const HeldGrant& other : others) {
    if (other.is_live) guests.push_back({other.holder, other.most_slots});
  }
  std::sort(guests.begin(), guests.end(), [](const Guest& a, const Guest& b) { return a.holder < b.holder; });
  return guests;
}

double FreeRate(const GrantRequest& request, const std::vector<HeldGrant>& others, double fair) {
  double free = request.rate_limit;
  for (const HeldGrant& other : others) free -= other.is_live ? other.rate : 0;
  return free < fair * kLeastOfFair ? 0 : std::min(fair, free);
}

}  // namespace

Grant ShareOf(const GrantRequest& request, absl::string_view holder, const std::vector<HeldGrant>& others,
              int64_t turn) {
  Grant grant{.target = request.target, .is_alone = others.empty()};
  if (!request.is_wanted) return grant;
  std::vector<Guest> guests = GuestsOf(request, holder, others);
  Deal(request.slot_limit, turn, guests);
  const auto mine =
      std::find_if(guests.begin(), guests.end(), [&](const Guest& guest) { return guest.holder == holder; });
  int free = request.slot_limit;
  for (const HeldGrant& other : others) free -= other.slots;
  grant.slots = std::clamp(mine->slots, 0, std::max(free, 0));
  if (request.rate_limit <= 0) return grant;
  grant.rate = FreeRate(request, others, request.rate_limit / static_cast<double>(guests.size()));
  if (grant.rate <= 0) grant.slots = 0;
  return grant;
}

}  // namespace satudata::sync
