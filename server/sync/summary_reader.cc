#include "server/sync/summary_reader.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/catalog/failure.h"

namespace satudata::sync {
namespace {

constexpr char kHomeZone[] = "Asia/Jakarta";
// What that is, where the machine has no zones: it has had no other offset since 1964.
constexpr int kHomeOffsetSeconds = 7 * 3600;
// The source is read no sooner than so long after the last time, or so many times as long as that took.
constexpr absl::Duration kLeastRest = absl::Seconds(5);
constexpr int kRest = 5;
// An answer that is older than so many rests is none: nobody asked for a while.
constexpr int kPatience = 2;

std::vector<std::string> NamesOf(const std::vector<Target*>& targets, bool with_list_only) {
  std::vector<std::string> names;
  for (const Target* target : targets) {
    if (!with_list_only || target->has_reference_list()) names.push_back(target->traits().name);
  }
  return names;
}

std::vector<DaySummary> DaysOf(const std::vector<QuarterCount>& quarters, int day_count, absl::CivilDay today,
                               const absl::TimeZone& zone) {
  std::vector<DaySummary> days(static_cast<size_t>(day_count));
  const absl::CivilDay first = today - (day_count - 1);
  for (int i = 0; i < day_count; ++i) days[static_cast<size_t>(i)].day = first + i;
  for (const QuarterCount& item : quarters) {
    const absl::CivilDay day = absl::ToCivilDay(absl::UnixEpoch() + item.quarter * kQuarter, zone);
    if (day < first || day > today) continue;
    days[static_cast<size_t>(day - first)].counts[item.target][item.state] += item.count;
  }
  return days;
}

std::vector<Turn> LargestFirst(std::vector<Turn> turns) {
  std::erase_if(turns, [](const Turn& turn) {
    return catalog::OwnerOf(turn.reason) == catalog::Owner::kNone || turn.count == 0;
  });
  std::sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
    return std::tuple(-a.count, a.reason, a.target) < std::tuple(-b.count, b.reason, b.target);
  });
  return turns;
}

}  // namespace

SummaryReader::SummaryReader(SummarySource& source, std::vector<Target*> targets, base::Clock& clock)
    : source_(source), targets_(std::move(targets)), clock_(clock) {}

absl::StatusOr<Summary> SummaryReader::Read(const SummaryRequest& request) {
  const absl::StatusOr<absl::TimeZone> zone = ZoneOf(request);
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<Snapshot> snapshot = Latest();
  if (!snapshot.ok()) return snapshot.status();
  return Assemble(*snapshot, std::clamp(request.day_count, 1, kMostSummaryDays), *zone);
}

absl::StatusOr<absl::TimeZone> SummaryReader::ZoneOf(const SummaryRequest& request) {
  const std::string& name = request.time_zone;
  if (const auto zone = zones_.Find(name.empty() ? kHomeZone : name)) return *zone;
  if (name.empty()) return absl::FixedTimeZone(kHomeOffsetSeconds);
  return catalog::FailureStatus(
      absl::StatusCode::kInvalidArgument,
      {.reason = catalog::Reason::kFieldInvalid,
       .args = {{"field", "time_zone"}, {"value", name}, {"expected", "an IANA name, e.g. Asia/Jayapura"}}});
}

absl::StatusOr<SummaryReader::Snapshot> SummaryReader::Latest() {
  base::MutexLock lock(&mu_);
  while (!IsRecent()) {
    if (!reading_) {
      if (absl::Status read = ReadSource(); !read.ok()) return read;
      break;
    }
    if (last_.has_value() && Age() <= kPatience * Rest()) break;
    read_.Wait(&mu_);
  }
  return *last_;
}

bool SummaryReader::IsRecent() {
  if (!last_.has_value()) return false;
  if (source_.CommitCount() == commits_) {
    last_->read_time = clock_.Now();
    as_of_ = clock_.Monotonic();
    return true;
  }
  return clock_.Monotonic() - start_ < Rest();
}

absl::Duration SummaryReader::Age() { return clock_.Monotonic() - as_of_; }

absl::Duration SummaryReader::Rest() const { return std::max(kLeastRest, kRest * cost_); }

absl::Status SummaryReader::ReadSource() {
  reading_ = true;
  mu_.Unlock();
  const int64_t commits = source_.CommitCount();
  const absl::Time now = clock_.Now();
  const absl::Duration start = clock_.Monotonic();
  // A day more than can be asked for: it may be later elsewhere.
  absl::StatusOr<StoredSummary> stored =
      source_.ReadSummary({.targets = NamesOf(targets_, /*with_list_only=*/false),
                           .indicator_targets = NamesOf(targets_, /*with_list_only=*/true),
                           .since = now - absl::Hours(24) * (kMostSummaryDays + 1)});
  const absl::Duration end = clock_.Monotonic();
  mu_.Lock();
  reading_ = false;
  read_.SignalAll();
  if (!stored.ok()) return stored.status();
  last_ = Snapshot{.stored = std::make_shared<const StoredSummary>(*std::move(stored)), .read_time = now};
  commits_ = commits;
  start_ = as_of_ = start;
  cost_ = end - start;
  return absl::OkStatus();
}

Summary SummaryReader::Assemble(const Snapshot& snapshot, int day_count, const absl::TimeZone& zone) const {
  const StoredSummary& stored = *snapshot.stored;
  Summary summary{
      .file_count = stored.file_count,
      .verified_file_count = stored.verified_file_count,
      .standings = stored.standings,
      .days = DaysOf(stored.quarters, day_count, absl::ToCivilDay(snapshot.read_time, zone), zone),
      .turns = LargestFirst(stored.turns),
      .read_time = snapshot.read_time};
  for (const auto& [kode, counts] : stored.urusans) {
    summary.urusans.push_back({.kode = kode, .uraian = NameOf(kode), .counts = counts});
  }
  return summary;
}

// `URUSAN …` for a list that has `1.02 - URUSAN …`.
std::string SummaryReader::NameOf(absl::string_view urusan) const {
  const std::string first_code = absl::StrCat(urusan, ".");
  for (const Target* target : targets_) {
    for (const ReferenceListPtr& list : target->CachedReferenceLists()) {
      const auto found = list->indicators.lower_bound(first_code);
      if (found == list->indicators.end() || !absl::StartsWith(found->first, first_code)) continue;
      absl::string_view name = found->second.field;
      absl::ConsumePrefix(&name, urusan);
      while (!name.empty() && (name.front() == ' ' || name.front() == '-')) name.remove_prefix(1);
      return std::string(name);
    }
  }
  return "";
}

}  // namespace satudata::sync
