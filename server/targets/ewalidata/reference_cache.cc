#include "server/targets/ewalidata/reference_cache.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/base/hash.h"

namespace satudata::targets::ewalidata {
namespace {

// How long a wait for somebody else's fetch may go on before it looks at its deadline again.
constexpr absl::Duration kLookAgain = absl::Milliseconds(100);

std::string VersionOf(const ReferenceList& list) {
  base::Sha256 hash;
  for (const auto& [code, indicator] : list.indicators) {
    hash.Update(absl::StrCat(code, indicator.is_disabled ? " DISABLED\n" : " AKTIF\n"));
  }
  return hash.FinishHex();
}

}  // namespace

ReferenceList MakeReferenceList(absl::string_view kodepemda, const std::vector<TargetRow>& rows,
                                absl::Time fetch_time) {
  ReferenceList list{.kodepemda = std::string(kodepemda), .fetch_time = fetch_time};
  for (const TargetRow& row : rows) {
    list.indicators[row.kodeindikator] = {.kodeindikator = row.kodeindikator,
                                          .name = row.uraian_indikator,
                                          .unit = row.satuan,
                                          .field = row.bidangurusan,
                                          .is_disabled = IsDisabled(row)};
  }
  list.version = VersionOf(list);
  return list;
}

ReferenceCache::ReferenceCache(Options options, Fetch fetch, base::Clock& clock)
    : options_(options), fetch_(std::move(fetch)), clock_(clock) {}

absl::StatusOr<ReferenceListPtr> ReferenceCache::Get(absl::string_view kodepemda, Use use,
                                                     const base::Deadline& deadline) {
  base::MutexLock lock(&mu_);
  Entry& entry = entries_[std::string(kodepemda)];
  entry.last_use = ++use_count_;
  if (use == Use::kPlanning && !std::exchange(entry.is_planned_with, true)) UpdateVersion();
  ++entry.users;
  absl::StatusOr<ReferenceListPtr> list = GetInto(entry, kodepemda, deadline);
  --entry.users;
  Forget();
  return list;
}

absl::StatusOr<ReferenceListPtr> ReferenceCache::GetInto(Entry& entry, absl::string_view kodepemda,
                                                         const base::Deadline& deadline) {
  while (entry.is_fetching && entry.list == nullptr) {
    if (deadline.Passed()) return absl::DeadlineExceededError("the reference list is still being read");
    fetched_.WaitFor(&mu_, absl::ToChronoMilliseconds(std::min(kLookAgain, deadline.Remaining())));
  }
  if (entry.is_fetching || !MustFetch(entry)) return Current(entry);
  return FetchInto(entry, kodepemda, deadline);
}

bool ReferenceCache::MustFetch(const Entry& entry) const {
  const bool was_tried = entry.list != nullptr || !entry.last_error.ok();
  return !was_tried || clock_.Monotonic() >= entry.next_fetch;
}

absl::StatusOr<ReferenceListPtr> ReferenceCache::Current(const Entry& entry) {
  if (entry.list == nullptr) return entry.last_error;
  return entry.list;
}

absl::StatusOr<ReferenceListPtr> ReferenceCache::FetchInto(Entry& entry, absl::string_view kodepemda,
                                                           const base::Deadline& deadline) {
  entry.is_fetching = true;
  mu_.Unlock();
  absl::StatusOr<ReferenceList> fetched = fetch_(kodepemda, deadline);
  mu_.Lock();
  entry.is_fetching = false;
  if (!fetched.ok() && deadline.Stopped()) {
    fetched_.SignalAll();
    return entry.list != nullptr ? absl::StatusOr<ReferenceListPtr>(entry.list) : fetched.status();
  }
  entry.last_error = fetched.status();
  entry.next_fetch = clock_.Monotonic() + (fetched.ok() ? options_.ttl : options_.retry_time);
  if (fetched.ok()) {
    Keep(*std::move(fetched), entry);
  }
  fetched_.SignalAll();
  return Current(entry);
}

void ReferenceCache::UpdateVersion() {
  std::string versions;
  for (const auto& [region, entry] : entries_) {
    if (entry.list == nullptr || !entry.is_planned_with) continue;
    absl::StrAppend(&versions, region, ":", entry.list->version, ";");
  }
  version_ = versions.empty() ? "" : base::Sha256Hex(versions);
}

// Anybody may look at any region, and a list is a megabyte.
void ReferenceCache::Forget() {
  while (true) {
    size_t looked_at = 0;
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (it->second.is_planned_with || it->second.users > 0) continue;
      ++looked_at;
      if (oldest == entries_.end() || it->second.last_use < oldest->second.last_use) oldest = it;
    }
    if (looked_at <= options_.looked_at_limit) return;
    entries_.erase(oldest);
  }
}

void ReferenceCache::Keep(ReferenceList list, Entry& entry) {
  entry.list = std::make_shared<const ReferenceList>(std::move(list));
  UpdateVersion();
}

void ReferenceCache::Put(ReferenceList list) {
  base::MutexLock lock(&mu_);
  Entry& entry = entries_[list.kodepemda];
  entry.last_error = absl::OkStatus();
  entry.next_fetch = clock_.Monotonic() + options_.ttl;
  Keep(std::move(list), entry);
}

ReferenceListPtr ReferenceCache::Cached(absl::string_view kodepemda) const {
  base::MutexLock lock(&mu_);
  const auto found = entries_.find(std::string(kodepemda));
  return found == entries_.end() ? nullptr : found->second.list;
}

std::vector<ReferenceListPtr> ReferenceCache::AllCached() const {
  std::vector<ReferenceListPtr> lists;
  base::MutexLock lock(&mu_);
  for (const auto& [region, entry] : entries_) {
    if (entry.list != nullptr) lists.push_back(entry.list);
  }
  return lists;
}

std::string ReferenceCache::version() const {
  base::MutexLock lock(&mu_);
  return version_;
}

}  // namespace satudata::targets::ewalidata
