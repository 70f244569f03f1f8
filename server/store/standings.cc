#include "server/store/standings.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace satudata::store {

bool IsIndexed(sync::State state) {
  switch (state) {
    case sync::State::kSkipped:
    case sync::State::kRejected:
    case sync::State::kPartial:
    case sync::State::kUnknown:
    case sync::State::kDeferred:
    case sync::State::kParked:
    case sync::State::kCancelled:
      return true;
    default:
      return false;
  }
}

const std::vector<std::string>& IndexedStates() {
  static const auto* const kNames = [] {
    auto* names = new std::vector<std::string>();
    for (int i = 0; i < sync::kStateCount; ++i) {
      const auto state = static_cast<sync::State>(i);
      if (IsIndexed(state)) names->emplace_back(sync::StateName(state));
    }
    return names;
  }();
  return *kNames;
}

const std::string& IndexedStatesSql() {
  static const auto* const kSql =
      new std::string(absl::StrCat("'", absl::StrJoin(IndexedStates(), "', '"), "'"));
  return *kSql;
}

Standing StandingOf(const sync::Delivery& delivery) {
  if (!IsIndexed(delivery.state)) return {};
  return {.state = std::string(sync::StateName(delivery.state)),
          .reason = std::string(catalog::ReasonName(delivery.failure.reason))};
}

}  // namespace satudata::store
