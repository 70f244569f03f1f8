// File: send_errand.h
//
// One dataset on its way to CKAN: looks first, then does what is missing and no more. Broken off anywhere,
// the next errand finishes what this one began.
#ifndef SERVER_TARGETS_CKAN_SEND_ERRAND_H_
#define SERVER_TARGETS_CKAN_SEND_ERRAND_H_

#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "server/base/deadline.h"
#include "server/catalog/content_source.h"
#include "server/sync/target.h"
#include "server/targets/ckan/codec.h"
#include "server/targets/ckan/options.h"
#include "server/targets/gateway.h"

namespace satudata::targets::ckan {

// Where an errand is run. All must outlive it.
struct Errands {
  const Options& options;
  Gateway& gateway;
  catalog::ContentSource& contents;
};

// Asks whether our credentials may create datasets for our organisation; `is_member` says so if the verdict
// is kJudged.
Reply AskMembership(const Errands& errands, const base::Deadline& deadline, Turn turn, bool& is_member);

// The request that makes a dataset's package where there is none.
Call CreateCallOf(const Options& options, const Dataset& dataset);

// Used once, on one thread.
class SendErrand {
 public:
  // `deadline` must outlive the errand.
  SendErrand(const Errands& errands, const sync::OutboundRecord& record, Dataset dataset,
             const base::Deadline& deadline, absl::string_view traceparent);

  // The file before the metadata: a file takes long and may be refused, and as long as the package names the
  // former one, what was there before is still there. A package that is there only for a file which CKAN then
  // refuses is deleted again: a dataset without a file helps nobody. Where that fails, the refusal says so.
  sync::SendResult Run() &&;

 private:
  bool Look();
  bool CheckContent();
  bool Create();
  bool Revive();
  bool Patch();
  bool Upload();
  bool IsThereForUsAlone() const;
  void TakeBack();
  bool Do(const Call& call, Gateway::Judge judge);
  bool EndWith(sync::Verdict verdict);
  bool EndWith(sync::RecordRuling ruling);
  void Steps();
  void SettleAuthorization();
  bool IsOurs() const;
  std::string Path(absl::string_view action) const;

  const Errands& errands_;
  const sync::OutboundRecord& record_;
  const Dataset dataset_;
  const base::Deadline& deadline_;
  const absl::string_view traceparent_;
  const std::string name_;

  std::optional<HeldPackage> held_;
  std::string type_;
  bool has_written_ = false;
  bool has_appeared_ = false;  // We made the package, or revived it.
  bool stands_empty_ = false;  // … and its file did not get there.
  bool was_whole_ = false;     // Another version was there, whole, before we wrote.
  sync::SendResult result_;
};

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_SEND_ERRAND_H_
