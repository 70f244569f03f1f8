#include "server/targets/ckan/send_errand.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/random.h"
#include "server/http/url.h"
#include "server/targets/ckan/dataset_name.h"
#include "server/targets/ckan/upload.h"
#include "server/targets/ckan/verdict.h"
#include "server/targets/verdicts.h"

namespace satudata::targets::ckan {
namespace {

using catalog::Reason;
using sync::Effect;
using sync::Ruling;
using sync::Verdict;
using sync::VerdictKind;

// What is wrong on our side: it may be mended without a change of the record.
sync::RecordRuling OwnFault(const absl::Status& status) {
  return {.ruling = Ruling::kRejected, .failure = catalog::FailureOf(status), .is_lasting = false};
}

bool IsRejected(const Verdict& verdict) {
  return !verdict.records.empty() && verdict.records.front().ruling != Ruling::kAccepted;
}

bool IsRefusal(const Verdict& verdict) {
  return verdict.kind == VerdictKind::kJudged && !verdict.records.empty() &&
         verdict.records.front().ruling == Ruling::kRejected;
}

bool IsRefusedByCkan(const Verdict& verdict) {
  return verdict.kind == VerdictKind::kUnauthorized && verdict.failure.target_code == kAuthorizationError;
}

}  // namespace

Reply AskMembership(const Errands& errands, const base::Deadline& deadline, Turn turn, bool& is_member) {
  const Call call{.operation = "check",
                  .path = absl::StrCat(errands.options.action_path,
                                       "/organization_list_for_user?permission=create_dataset"),
                  .turn = turn};
  return errands.gateway.Do(
      call, deadline, /*traceparent=*/"", [&](const http::Answer& answer, absl::Time received_at) {
        return JudgeMembership(errands.options.owner_org, answer, received_at, is_member);
      });
}

SendErrand::SendErrand(const Errands& errands, const sync::OutboundRecord& record, Dataset dataset,
                       const base::Deadline& deadline, absl::string_view traceparent)
    : errands_(errands),
      record_(record),
      dataset_(std::move(dataset)),
      deadline_(deadline),
      traceparent_(traceparent),
      name_(DatasetName(errands.options.name_prefix, record.key)) {}

sync::SendResult SendErrand::Run() && {
  Steps();
  SettleAuthorization();
  if (stands_empty_ && IsRefusal(result_.verdict)) TakeBack();
  Verdict& verdict = result_.verdict;
  if (!has_written_ || !was_whole_) return std::move(result_);
  // What was there before is no longer there whole, whatever was said about the last step. Only a read shows
  // what is.
  if (verdict.kind != VerdictKind::kJudged) {
    verdict.effect = Effect::kPossible;
  } else if (verdict.records.front().ruling == Ruling::kRejected) {
    verdict.records.front().ruling = Ruling::kUnknown;
  }
  return std::move(result_);
}

void SendErrand::Steps() {
  if (!Look()) return;
  if (held_.has_value() && held_->IsWhole() && held_->Hash() == record_.hash) {
    EndWith({.ruling = Ruling::kConfirmed, .remote_id = held_->id});
    return;
  }
  was_whole_ = held_.has_value() && held_->IsWhole();
  const bool needs_file = !held_.has_value() || !held_->HasContent(dataset_.content);
  if (needs_file && !CheckContent()) return;
  if (!held_.has_value() && !Create()) return;
  // What is deleted takes no file.
  if (!held_->is_active && !Revive()) return;
  if (needs_file && !Upload()) return;
  if (!held_->HasMetadata(dataset_) && !Patch()) return;
  EndWith({.ruling = Ruling::kAccepted, .remote_id = held_->id});
}

// False, with the verdict set, if there is nothing to go on with.
bool SendErrand::Look() {
  const Call call{.operation = "package_show",
                  .path = absl::StrCat(Path("package_show"), "?id=", http::PercentEncode(name_)),
                  .turn = result_.exchanges.empty() ? Turn::kGiven : Turn::kAwaited};
  const bool seen = Do(call, [&](const http::Answer& answer, absl::Time received_at) {
    return JudgeShow(name_, answer, received_at, held_);
  });
  if (!seen && !has_written_) result_.verdict.effect = Effect::kNone;  // To look changes nothing.
  if (!seen || !held_.has_value() || IsOurs()) return seen;
  return EndWith({.ruling = Ruling::kRejected,
                  .failure = {.reason = Reason::kNameTaken,
                              .args = {{"name", name_}, {"detail", held_->owners.back()}}}});
}

bool SendErrand::IsOurs() const {
  const auto& owners = held_->owners;
  return held_->metadata.file_id == record_.key &&
         std::find(owners.begin(), owners.end(), errands_.options.owner_org) != owners.end();
}

// Nothing is written for content that is no longer what was verified.
bool SendErrand::CheckContent() {
  const auto file = errands_.contents.Open(dataset_.content.path);
  if (!file.ok()) return EndWith(OwnFault(file.status()));
  if (absl::Status status = VerifyContent(**file, dataset_.content); !status.ok())
    return EndWith(OwnFault(status));
  const absl::StatusOr<std::string> type = (*file)->Type();
  if (!type.ok()) return EndWith(OwnFault(type.status()));
  type_ = *type;
  return true;
}

Call CreateCallOf(const Options& options, const Dataset& dataset) {
  const std::string name = DatasetName(options.name_prefix, dataset.metadata.file_id);
  return {.operation = "package_create",
          .method = "POST",
          .path = absl::StrCat(options.action_path, "/package_create"),
          .body = CreateBody(dataset, name, options.owner_org)};
}

bool SendErrand::Create() {
  bool is_there = false;
  const Call call = CreateCallOf(errands_.options, dataset_);
  const bool created = Do(call, [&](const http::Answer& answer, absl::Time received_at) {
    is_there = SaysNameInUse(answer);
    return JudgePackageWrite(name_, answer, received_at, held_);
  });
  if (created || !is_there) {
    has_written_ |= created;
    has_appeared_ |= created;
    return created;
  }
  // Our own of a moment ago, which was not shown yet; or one that is hidden from us.
  if (!Look()) return false;
  if (held_.has_value()) return true;
  return EndWith(Unknown({.http_code = 409, .text = "the dataset is said both to be there and not to be"}));
}

bool SendErrand::Revive() {
  has_appeared_ = Patch();
  return has_appeared_;
}

bool SendErrand::Patch() {
  const HeldPackage before = *held_;
  const Call call{.operation = "package_patch",
                  .method = "POST",
                  .path = Path("package_patch"),
                  .body = PatchBody(dataset_, before)};
  const bool patched = Do(call, [&](const http::Answer& answer, absl::Time received_at) {
    return JudgePackageWrite(name_, answer, received_at, held_);
  });
  has_written_ |= patched;
  return patched;
}

bool SendErrand::Upload() {
  const FormFields fields = ResourceFields(dataset_, held_->id, held_->resource_id, type_);
  const std::string boundary = absl::StrCat("satudata-", base::NewUuid());
  const std::string action = held_->resource_id.empty() ? "resource_create" : "resource_update";
  const Call call{
      .operation = action,
      .method = "POST",
      .path = Path(action),
      .body = DescribeUpload(dataset_.content, fields),
      .content_type = MultipartType(boundary),
      .open_body = [&] { return OpenUpload(errands_.contents, dataset_.content, fields, boundary); }};
  const bool uploaded = Do(call, [&](const http::Answer& answer, absl::Time received_at) {
    return JudgeUpload(held_->id, answer, received_at);
  });
  has_written_ |= uploaded;
  stands_empty_ = !uploaded && IsThereForUsAlone();
  return uploaded;
}

// An errand that broke off may have made it, for this very file.
bool SendErrand::IsThereForUsAlone() const {
  return has_appeared_ || (!held_->has_resources && held_->HasMetadata(dataset_));
}

// Deletion is soft: who sends a better file finds the package and revives it.
void SendErrand::TakeBack() {
  Verdict refusal = std::move(result_.verdict);
  const Call call{.operation = "package_delete",
                  .method = "POST",
                  .path = Path("package_delete"),
                  .body = DeleteBody(*held_)};
  const bool deleted = Do(call, JudgeDelete);
  result_.verdict = std::move(refusal);
  if (deleted) return;
  result_.verdict.records.front().failure.field_violations.push_back(
      {name_, "dataset tertinggal tanpa berkas (the dataset was left without its file)"});
}

// False, with the verdict set, unless the step succeeded.
bool SendErrand::Do(const Call& call, Gateway::Judge judge) {
  Reply reply = errands_.gateway.Do(call, deadline_, traceparent_, judge);
  std::move(reply.exchanges.begin(), reply.exchanges.end(), std::back_inserter(result_.exchanges));
  const bool is_good = reply.verdict.kind == VerdictKind::kJudged && !IsRejected(reply.verdict);
  result_.verdict = std::move(reply.verdict);
  return is_good;
}

// CKAN says the same when it does not know our token and when a single dataset is not ours to see. If it lets
// us create others, it is this one.
void SendErrand::SettleAuthorization() {
  if (!IsRefusedByCkan(result_.verdict)) return;
  bool is_member = false;
  Reply reply = AskMembership(errands_, deadline_, Turn::kAwaited, is_member);
  std::move(reply.exchanges.begin(), reply.exchanges.end(), std::back_inserter(result_.exchanges));
  if (reply.verdict.kind != VerdictKind::kJudged || !is_member) return;
  const catalog::Failure& failure = result_.verdict.failure;
  const auto detail = failure.args.find("detail");
  result_.verdict = Judged({RejectedByTarget({.http_code = failure.http_code,
                                              .code = failure.target_code,
                                              .text = detail == failure.args.end() ? "" : detail->second},
                                             {})});
}

bool SendErrand::EndWith(Verdict verdict) {
  result_.verdict = std::move(verdict);
  return false;
}

bool SendErrand::EndWith(sync::RecordRuling ruling) { return EndWith(Judged({std::move(ruling)})); }

std::string SendErrand::Path(absl::string_view action) const {
  return absl::StrCat(errands_.options.action_path, "/", action);
}

}  // namespace satudata::targets::ckan
