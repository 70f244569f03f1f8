#include "server/store/delivery_list.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "server/store/rows.h"
#include "server/store/standings.h"

namespace satudata::store {
namespace {

using Text = std::string;

// What a filter comes to, in words of the database.
struct Wanted {
  std::vector<Text> states;   // Empty: any.
  std::vector<Text> reasons;  // Empty: any.
  bool nothing = false;       // No delivery can match.
};

bool AsksForReasons(const sync::DeliveryFilter& filter) {
  return filter.reason != catalog::Reason::kNone || filter.owner != catalog::Owner::kNone;
}

std::vector<Text> ReasonsOf(const sync::DeliveryFilter& filter) {
  std::vector<Text> names;
  if (filter.owner == catalog::Owner::kNone) {
    names.emplace_back(catalog::ReasonName(filter.reason));
    return names;
  }
  for (const catalog::Reason reason : catalog::ReasonsOf(filter.owner)) {
    const bool wanted = filter.reason == catalog::Reason::kNone || filter.reason == reason;
    if (wanted) names.emplace_back(catalog::ReasonName(reason));
  }
  return names;
}

Wanted WantedOf(const sync::DeliveryFilter& filter) {
  Wanted wanted;
  const bool by_reason = AsksForReasons(filter);
  for (int i = 0; i < sync::kStateCount; ++i) {
    const auto state = static_cast<sync::State>(i);
    const bool asked_for = filter.states.empty() || std::find(filter.states.begin(), filter.states.end(),
                                                              state) != filter.states.end();
    const bool counts = (!by_reason || IsIndexed(state)) &&
                        (filter.owner == catalog::Owner::kNone || sync::IsSomebodysTurn(state));
    if (asked_for && counts) wanted.states.emplace_back(sync::StateName(state));
  }
  if (wanted.states.size() == sync::kStateCount) wanted.states.clear();
  if (by_reason) wanted.reasons = ReasonsOf(filter);
  wanted.nothing = by_reason && (wanted.states.empty() || wanted.reasons.empty());
  return wanted;
}

bool AreIndexed(const std::vector<Text>& states) {
  const std::vector<Text>& indexed = IndexedStates();
  return !states.empty() && std::all_of(states.begin(), states.end(), [&](const Text& state) {
    return std::find(indexed.begin(), indexed.end(), state) != indexed.end();
  });
}

// Where CROSS JOIN stands, it keeps the order that the indexes serve. Only the conditions that are asked for,
// for the same reason.
constexpr absl::string_view kEachReason = "json_each(:reasons) r CROSS JOIN ";
constexpr absl::string_view kEachState = "json_each(:states) t CROSS JOIN ";
constexpr char kOneOfStates[] = " AND d.state IN (SELECT value FROM json_each(:states))";

// Of a run, of a file, or of all.
Text IdsAmongDeliveries(const sync::DeliveryFilter& filter, const Wanted& wanted) {
  Text sql = absl::StrCat("SELECT d.delivery_id FROM ", wanted.reasons.empty() ? "" : kEachReason,
                          "delivery d WHERE d.delivery_id > :after");
  // A preview is seen by who asks for it.
  sql += filter.run_id.empty() ? " AND d.is_preview = 0" : " AND d.run_id = :run_id";
  if (!filter.file_id.empty()) sql += " AND d.file_id = :file_id";
  if (!filter.target.empty()) sql += " AND d.target = :target";
  if (!wanted.reasons.empty()) sql += " AND d.reason = r.value AND d.reason <> ''";
  if (!wanted.states.empty()) sql += kOneOfStates;
  if (filter.newest) {
    sql +=
        " AND EXISTS (SELECT 1 FROM target_status s WHERE s.file_id = d.file_id AND s.target = d.target "
        "AND s.delivery_id = d.delivery_id)";
  }
  return sql + " ORDER BY d.delivery_id LIMIT :limit";
}

// The newest of every file: few of all that ever were.
Text IdsAmongNewest(const sync::DeliveryFilter& filter, const Wanted& wanted) {
  const bool indexed = AreIndexed(wanted.states);
  const bool joins = !wanted.states.empty() && !indexed;
  Text sql = absl::StrCat("SELECT s.delivery_id FROM ", wanted.reasons.empty() ? "" : kEachReason,
                          indexed ? kEachState : "", "target_status s",
                          joins ? " CROSS JOIN delivery d ON d.delivery_id = s.delivery_id" : "",
                          " WHERE s.delivery_id > :after AND s.delivery_id <> ''");
  if (!wanted.reasons.empty()) sql += " AND s.reason = r.value AND s.reason <> ''";
  if (indexed) sql += " AND s.state = t.value AND s.state <> ''";
  if (joins) sql += kOneOfStates;
  if (!filter.target.empty()) sql += " AND s.target = :target";
  return sql + " ORDER BY s.delivery_id LIMIT :limit";
}

}  // namespace

std::vector<sync::Delivery> SelectDeliveries(Connection& connection, const sync::DeliveryFilter& filter,
                                             const sync::Page& page) {
  const Wanted wanted = WantedOf(filter);
  if (wanted.nothing) return {};
  const bool among_newest = filter.newest && filter.run_id.empty() && filter.file_id.empty();
  // All parameters are named first: that is what numbers them.
  const Text sql = absl::StrCat(
      "WITH named AS (SELECT :after, :run_id, :file_id, :target, :states, :reasons, :limit) SELECT ",
      Qualified("d", kDeliveryColumns), " FROM delivery d WHERE d.delivery_id IN (",
      among_newest ? IdsAmongNewest(filter, wanted) : IdsAmongDeliveries(filter, wanted),
      ") ORDER BY d.delivery_id");
  return connection.SelectAll<sync::Delivery>(
      sql, std::tuple<Text, Text, Text, Text, Text, Text, int64_t>(page.after, filter.run_id, filter.file_id,
                                                                   filter.target, JsonArray(wanted.states),
                                                                   JsonArray(wanted.reasons), page.limit));
}

}  // namespace satudata::store
