#include "tests/simulator/record.h"

#include <utility>

namespace satudata::simulator {
namespace {

// Keeps the newest `limit`. Dropping from the front of a short vector is cheaper than a deque per record.
template <typename T>
void Append(std::vector<T>& list, T item, size_t limit) {
  if (limit == 0) return;
  if (list.size() >= limit) list.erase(list.begin());
  list.push_back(std::move(item));
}

}  // namespace

absl::string_view NameOf(Actor actor) {
  switch (actor) {
    case Actor::kClient:
      return "client";
    case Actor::kLate:
      return "late";
    case Actor::kOther:
      return "other";
  }
  return "";
}

void Record::Put(std::shared_ptr<const std::string> new_value, absl::Time now, Totals& totals) {
  totals.held += new_value != nullptr;
  totals.held -= Holds();
  present = true;
  value = std::move(new_value);
  updated = now;
}

void Record::Bring(Apply apply, Sameness sameness, size_t history_limit, Totals& totals) {
  if (apply.by != Actor::kOther) {
    const bool same = sameness == Sameness::kSame;
    needless_second_effects += same && applies > 0;
    totals.needless_second_effects += same && applies > 0;
    repeats_of_state += same && applies == 0;
    totals.repeats_of_state += same && applies == 0;
    ++applies;
    ++totals.applies;
  }
  if (sameness == Sameness::kDifferent) by_walidata = by_pembina = false;
  Put(apply.value, apply.time, totals);
  Append(history, std::move(apply), history_limit);
}

void Record::Note(Answer answer, size_t history_limit) { Append(answers, answer, history_limit); }

}  // namespace satudata::simulator
