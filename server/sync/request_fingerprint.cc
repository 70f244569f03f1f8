#include "server/sync/request_fingerprint.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/hash.h"

namespace satudata::sync {

std::string Fingerprint(const SyncRequest& request) {
  const auto sorted = [](std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return absl::StrJoin(names, "\x1f");
  };
  return base::Sha256Hex(
      absl::StrCat(RunKindName(request.kind), "\x1e", request.file_id, "\x1e", sorted(request.targets),
                   "\x1e", sorted(request.file_ids), "\x1e", sorted(request.themes), "\x1e",
                   sorted(request.producers), "\x1e", request.limit, "\x1e", request.force, "\x1e",
                   request.allow_mass_change, "\x1e", request.retry_of, "\x1e", request.include_rejected,
                   "\x1e", request.withdrawal.kodeindikator, "\x1e", request.withdrawal.kodepemda, "\x1e",
                   request.withdrawal.tahun, "\x1e", request.withdrawal.explanation));
}

}  // namespace satudata::sync
