#include "server/rpc/gate.h"

#include <grpcpp/server_context.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/trace.h"
#include "server/rpc/caller_source.h"
#include "server/rpc/text.h"

namespace satudata::rpc {
namespace {

// It travels on to the targets, so nothing else passes.
std::string TraceparentOf(const grpc::CallbackServerContext& context) {
  const std::vector<absl::string_view> values = MetadataOf(context, "traceparent");
  return values.size() == 1 && base::IsTraceparent(values[0]) ? std::string(values[0]) : "";
}

// Behind the bridge it is the page's address that counts. The prefixes keep names that callers choose apart.
std::string CountedAs(const absl::StatusOr<Principal>& principal,
                      const grpc::CallbackServerContext& context) {
  if (principal.ok() && !principal->id.empty()) return absl::StrCat("id ", principal->id);
  if (principal.ok() && !principal->username.empty()) return absl::StrCat("name ", principal->username);
  return absl::StrCat("from ", SourceOf(context.peer(), MetadataOf(context, "x-forwarded-for")));
}

}  // namespace

std::vector<absl::string_view> MetadataOf(const grpc::CallbackServerContext& context, const char* name) {
  std::vector<absl::string_view> values;
  const auto [begin, end] = context.client_metadata().equal_range(name);
  for (auto it = begin; it != end; ++it) values.emplace_back(it->second.data(), it->second.size());
  return values;
}

catalog::Language LanguageOf(const grpc::CallbackServerContext& context) {
  const std::vector<absl::string_view> values = MetadataOf(context, "accept-language");
  return catalog::ParseLanguage(values.empty() ? "" : values[0]);
}

std::shared_ptr<CallNote> Gate::NoteOf(const grpc::CallbackServerContext& context,
                                       const absl::StatusOr<Principal>& principal,
                                       absl::string_view traceparent) const {
  if (notes_ == nullptr) return nullptr;
  CallFacts facts{.source = SourceOf(context.peer(), MetadataOf(context, "x-forwarded-for")),
                  .trace_id = std::string(base::TraceIdOf(traceparent))};
  if (principal.ok() && !principal->Name().empty()) {
    facts.user = principal->Name();
    facts.role = std::string(access::RoleName(principal->role));
  }
  auto note = std::make_shared<CallNote>(std::move(facts));
  notes_->Add(&context, note);
  return note;
}

absl::StatusOr<Caller> Gate::Admit(const grpc::CallbackServerContext& context,
                                   absl::string_view method) const {
  const std::string called = absl::StrCat(service_, ".", method);
  // Who calls counts, and is noted, also where it may not.
  absl::StatusOr<Principal> principal = authorizer_.Identify(MetadataOf(context, "authorization"), called);
  std::string counted_as = CountedAs(principal, context);
  std::string traceparent = TraceparentOf(context);
  const std::shared_ptr<CallNote> note = NoteOf(context, principal, traceparent);
  if (rate_ != nullptr) {
    if (absl::Status status = rate_->Take(counted_as); !status.ok()) return status;
  }
  if (!principal.ok()) return principal.status();
  if (absl::Status status = authorizer_.Allow(*principal, called); !status.ok()) return status;
  return Caller{*std::move(principal), std::move(counted_as), LanguageOf(context), std::move(traceparent),
                note};
}

}  // namespace satudata::rpc
