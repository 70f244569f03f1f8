#include "server/store/grant_queries.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

namespace satudata::store {
namespace {

using Text = std::string;

constexpr double kMillionths = 1e6;
// For so long the same server has the slot that is left over.
constexpr absl::Duration kTurn = absl::Seconds(4);

std::vector<sync::HeldGrant> SelectOthers(Connection& connection, const Text& target, const Text& holder,
                                          absl::Time now) {
  std::vector<sync::HeldGrant> others;
  connection.Select<std::tuple<Text, int64_t, int64_t, int64_t, absl::Time>>(
      "SELECT holder, most_slots, slots, rate_micro, expire_time FROM target_grant "
      "WHERE target = :target AND holder <> :holder AND drain_time > :now ORDER BY holder",
      std::tuple<Text, Text, absl::Time>(target, holder, now), [&](auto& row) {
        auto& [other, most_slots, slots, rate, expire_time] = row;
        others.push_back({.holder = std::move(other),
                          .most_slots = static_cast<int>(most_slots),
                          .slots = static_cast<int>(slots),
                          .rate = static_cast<double>(rate) / kMillionths,
                          .is_live = expire_time > now});
      });
  return others;
}

void DeleteGrant(Connection& connection, const Text& target, const Text& holder) {
  connection.Execute("DELETE FROM target_grant WHERE target = :target AND holder = :holder",
                     std::tuple<Text, Text>(target, holder));
}

// What is under way, and what may begin until the answer is heard, is taken, whatever is granted.
void PutGrant(Connection& connection, const sync::GrantRequest& request, const Text& holder,
              const sync::Grant& grant, absl::Time now) {
  const int slots = std::max({grant.slots, request.in_flight, request.held_slots});
  const double rate = std::max(grant.rate, request.held_rate);
  if (!request.is_wanted && slots == 0) return DeleteGrant(connection, request.target, holder);
  const absl::Time expire_time = request.is_wanted ? now + request.grant_time : now;
  connection.Execute(
      "INSERT INTO target_grant (target, holder, most_slots, slots, rate_micro, expire_time, drain_time) "
      "VALUES (:target, :holder, :most_slots, :slots, :rate, :expire_time, :drain_time) "
      "ON CONFLICT (target, holder) DO UPDATE SET most_slots = excluded.most_slots, slots = excluded.slots, "
      "rate_micro = excluded.rate_micro, expire_time = excluded.expire_time, drain_time = "
      "excluded.drain_time",
      std::tuple<Text, Text, int64_t, int64_t, int64_t, absl::Time, absl::Time>(
          request.target, holder, request.most_slots, slots, std::llround(rate * kMillionths), expire_time,
          expire_time + request.request_time));
}

// The one that has it keeps it for as long as it asks for it.
bool TakeControl(Connection& connection, const Text& target, const Text& holder, absl::Time now,
                 absl::Time expire_time) {
  return connection.Execute(
             "INSERT INTO target_controller (target, holder, expire_time) VALUES (:target, :holder, "
             ":expire_time) "
             "ON CONFLICT (target) DO UPDATE SET holder = excluded.holder, expire_time = "
             "excluded.expire_time "
             "WHERE target_controller.holder = excluded.holder OR target_controller.expire_time <= :now",
             std::tuple<Text, Text, absl::Time, absl::Time>(target, holder, expire_time, now)) > 0;
}

}  // namespace

sync::Grant ExchangeGrant(Connection& connection, absl::string_view holder, const sync::GrantRequest& request,
                          absl::Time now) {
  const Text id(holder);
  const std::vector<sync::HeldGrant> others = SelectOthers(connection, request.target, id, now);
  const int64_t turn = (now - absl::UnixEpoch()) / kTurn;
  sync::Grant grant = sync::ShareOf(request, holder, others, turn);
  PutGrant(connection, request, id, grant, now);
  grant.controls =
      request.is_wanted && TakeControl(connection, request.target, id, now, now + request.grant_time);
  return grant;
}

void ReleaseGrants(Connection& connection, absl::string_view holder) {
  for (const char* sql : {"DELETE FROM target_grant WHERE :holder = '' OR holder = :holder",
                          "DELETE FROM target_controller WHERE :holder = '' OR holder = :holder"}) {
    connection.Execute(sql, std::tuple<Text>(Text(holder)));
  }
}

}  // namespace satudata::store
