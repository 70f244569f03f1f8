// File: record.h
//
// What one key holds, and everything that ever happened to it. Not thread-safe: Truth guards it.
#ifndef TESTS_SIMULATOR_RECORD_H_
#define TESTS_SIMULATOR_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::simulator {

// Who changed a record.
enum class Actor {
  kClient,  // A request, when it was answered.
  kLate,    // A request that was answered before it took effect.
  kOther,   // Somebody else: interference.
};
absl::string_view NameOf(Actor actor);

struct Apply {
  std::shared_ptr<const std::string> value;
  absl::Time time;
  uint64_t request = 0;  // The ordinal of the request that asked for it.
  Actor by = Actor::kClient;
};

struct Answer {
  uint64_t request = 0;
  int status = 0;
  absl::string_view what;  // The quirk or the refusal that shaped it; static text, may be empty.
};

// Sums over the records of one system.
struct Totals {
  uint64_t held = 0;
  uint64_t applies = 0;
  uint64_t needless_second_effects = 0;
  uint64_t repeats_of_state = 0;
};

// Whether an apply brings the value that is there already.
enum class Sameness { kSame, kDifferent };

struct Record {
  bool present = false;                      // Listed by reads; a listed value may still hold nothing.
  std::shared_ptr<const std::string> value;  // Null where it holds nothing.
  bool is_final = false;
  bool by_walidata = false;
  bool by_pembina = false;
  std::string transaction_id;
  absl::Time updated;

  uint64_t applies = 0;  // By clients, late ones included.
  // Of them: applies of the value that a former one had already brought, nothing else in between.
  uint64_t needless_second_effects = 0;
  // Of them: first applies that brought only what the state at start had already.
  uint64_t repeats_of_state = 0;
  std::vector<Apply> history;   // The newest, oldest first.
  std::vector<Answer> answers;  // Likewise.

  bool Holds() const { return value != nullptr; }
  // Sets the value from outside any request. Null empties the record.
  void Put(std::shared_ptr<const std::string> new_value, absl::Time now, Totals& totals);
  // Sets the value on somebody's request and keeps the books.
  void Bring(Apply apply, Sameness sameness, size_t history_limit, Totals& totals);
  void Note(Answer answer, size_t history_limit);
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_RECORD_H_
