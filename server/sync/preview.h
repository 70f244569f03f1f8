// File: preview.h
//
// What a preview shows of a plan beyond what a run would store of it: what each request would carry, what
// could not be looked up, how long it would take. All pure.
#ifndef SERVER_SYNC_PREVIEW_H_
#define SERVER_SYNC_PREVIEW_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "server/catalog/failure.h"
#include "server/sync/engine.h"
#include "server/sync/planner.h"
#include "server/sync/run.h"
#include "server/sync/target.h"

namespace satudata::sync {

// Bodies that are kept of one delivery: a file may have a million values, and a message has a size.
inline constexpr size_t kMostPreviews = 20;

// The keys of what would be sent so far, hashed: there may be a million.
using SentKeys = absl::flat_hash_set<size_t>;

// Makes the plan of one file what a preview shows. A record that the target was to be asked for, and was not,
// is QUEUED with `unread`. One whose value another file of the run brings is UNCHANGED. A delivery of which a
// part is refused is PARTIAL: nobody waits for the rest. One of a file that is not verified is REJECTED for
// that, and its records are as they would be if it were.
void ShowAsPreview(const catalog::CatalogFile& file, const catalog::Failure& unread, SentKeys& sent,
                   PlannedFile& planned);

// Records of `planned` that would be sent.
int64_t CountToBeSent(const PlannedFile& planned);
// The first requests that would carry them, in order.
std::vector<PlannedRequest> RenderRequests(const PlannedFile& planned, const Target& target);

// How many requests `records` make that were planned together.
int64_t RequestsFor(int64_t records, const TargetTraits& traits);
Forecast MakeForecast(int64_t requests, const TargetStatus& status);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_PREVIEW_H_
