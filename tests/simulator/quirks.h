// File: quirks.h
//
// The misbehaviours the simulator can show, and the dice that decide which request meets which.
//
// A draw depends on the seed, the operation, the record key and how often that key was drawn for before, and
// on nothing else: neither concurrency nor the order of other keys changes what befalls a key.
#ifndef TESTS_SIMULATOR_QUIRKS_H_
#define TESTS_SIMULATOR_QUIRKS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/mutex.h"
#include "tests/simulator/operation.h"

namespace satudata::simulator {

// In the order of the catalogue; README.md describes each under its catalogue name.
enum class Quirk : uint8_t {
  kNone,
  // Any system, instead of the work.
  kHtml200,
  kHtml403,
  kThrottle200,
  kThrottleNextAccess,
  kThrottleDate,
  kThrottleSeconds,
  kThrottleBare,
  kThrottleBlocked,
  kUnauthorized,
  kError500Before,
  kError503Before,
  kResetBefore,
  kHangBefore,
  // Any system, after the work.
  kError500After,
  kError503After,
  kResetAfter,
  kHangAfter,
  kHangLate,
  kDrip,
  kTruncated,
  kCutShort,
  kWrongContentType,
  kGarbage,
  kTooLarge,
  kEndless,
  kSlow,
  // SIPD writes.
  kNoCommit,
  kNoLog,
  kRowRefused,
  kRowNoLine,
  kRowOkAndError,
  kRowErrorWithoutKey,
  kRowLate,
  kRowNever,
  kRowThirdValue,
  // SIPD reads.
  kMessage200,
  kWrappedData,
  kWrappedResult,
  kPaddedDecimals,
  // SPLP.
  kTenantAsleep,
  kWso2StringCode,
  kWso2Fault,
  kWso2Xml,
  kStatusError200,
  kHtmlSuccess,
  kWrongId,
  kMissingId,
  kConflict,
  // SPLP's CKAN.
  kSuccessFalse,
  kBareText400,
  kForbidden,
  kRefusedFields,
  kStaleShow,
  kResourceLate,
};
inline constexpr size_t kQuirks = 1 + static_cast<size_t>(Quirk::kResourceLate);

constexpr size_t IndexOf(Quirk quirk) { return static_cast<size_t>(quirk); }

// Whether a draw concerns a whole request or one row of its batch.
enum class Scope : uint8_t { kRequest, kRow };
// Whether "*" (and --quirk-rate) includes the quirk, or only its name switches it on.
enum class Inclusion : uint8_t { kSpread, kByNameOnly };

struct QuirkInfo {
  Quirk quirk;
  absl::string_view name;
  Scope scope;
  Inclusion inclusion;
  uint32_t operations;  // A bit per Operation.
  absl::string_view effect;
};

// Every quirk but kNone, in the order of the enumeration. Static.
absl::Span<const QuirkInfo> QuirkCatalogue();
// "" for kNone.
absl::string_view NameOf(Quirk quirk);

// What a draw decided.
struct Fate {
  Quirk quirk = Quirk::kNone;
  uint64_t dice = 0;  // For choices within the quirk, as fixed as the draw.

  bool Is(Quirk other) const { return quirk == other; }
  bool Coin() const { return (dice & 1) != 0; }
  // In [0, 1).
  double Fraction() const;
};

// What a rate may be named: "name" for every operation the quirk applies to; "scope/name" with a system or an
// operation as scope; "*" for a total that is spread evenly over all quirks of each operation, those by name
// only left out. With it the share of requests (or rows) it befalls. A later one overrides an earlier one.
using NamedRate = std::pair<std::string, double>;
inline constexpr absl::string_view kEveryQuirk = "*";

// Parses "html-200=0.1,sipd/drip=0.05".
absl::Status ParseRates(absl::string_view text, std::vector<NamedRate>* rates);

// Thread-safe. With all rates zero a draw is one atomic read.
class QuirkEngine {
 public:
  explicit QuirkEngine(uint64_t seed);

  // Changes the rates that are named, all or none. InvalidArgument: an unknown name or scope, a rate outside
  // [0, 1], or rates of one operation and scope that add up to more than 1.
  absl::Status SetRates(const std::vector<NamedRate>& rates);
  // All rates zero, nothing seen.
  void Clear();

  Fate Draw(Operation operation, Scope scope, absl::string_view key);

  // The rates above zero, as "operation/name".
  std::vector<NamedRate> Rates() const;

 private:
  using Table = std::array<std::array<double, kQuirks>, kOperations>;

  absl::Status Install(const Table& table) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::atomic<bool>& ActiveFor(Operation operation, Scope scope);

  const uint64_t seed_;
  std::array<std::atomic<bool>, kOperations * 2> active_{};
  mutable base::Mutex mu_;
  Table table_ ABSL_GUARDED_BY(mu_){};
  absl::flat_hash_map<uint64_t, uint32_t> seen_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_QUIRKS_H_
