#include "server/sync/notice_log.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/log.h"

namespace satudata::sync {
namespace {

absl::string_view NoticeText(TargetNotice::Kind kind) {
  switch (kind) {
    case TargetNotice::Kind::kOutageBegan:
      return "target does not work: nothing is sent to it until it answers a probe";
    case TargetNotice::Kind::kOutageEnded:
      return "target works again";
    case TargetNotice::Kind::kPaused:
      return "target is paused";
    case TargetNotice::Kind::kResumed:
      return "target is not paused any more";
    case TargetNotice::Kind::kHeld:
      return "target asks to wait";
  }
  return "";
}

}  // namespace

void LogNotice(const std::string& target, const TargetNotice& notice) {
  if (notice.failure.ok()) {
    return base::Log(base::Severity::kInfo, NoticeText(notice.kind), {{"target", target}});
  }
  const bool timed = notice.until < absl::InfiniteFuture();
  base::Log(base::Severity::kWarning, NoticeText(notice.kind),
            {{"target", target},
             {"reason", catalog::ReasonName(notice.failure.reason)},
             {"code", notice.failure.target_code},
             {"until", timed ? absl::FormatTime(absl::RFC3339_sec, notice.until, absl::UTCTimeZone()) : ""}});
}

}  // namespace satudata::sync
