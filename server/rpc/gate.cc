#include "server/rpc/gate.h"

#include <grpcpp/server_context.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace satudata::rpc {
namespace {

// `00-<32 hex>-<16 hex>-<2 hex>`: it travels on to the targets, so nothing else passes.
bool IsTraceparent(absl::string_view text) {
  constexpr absl::string_view kShape = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool good = kShape[i] == 'x' ? absl::ascii_isxdigit(text[i]) : text[i] == kShape[i];
    if (!good) return false;
  }
  return true;
}

std::string TraceparentOf(const grpc::CallbackServerContext& context) {
  const std::vector<absl::string_view> values = MetadataOf(context, "traceparent");
  return values.size() == 1 && IsTraceparent(values[0]) ? std::string(values[0]) : "";
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

absl::StatusOr<Caller> Gate::Admit(const grpc::CallbackServerContext& context,
                                   absl::string_view method) const {
  absl::StatusOr<Principal> principal =
      authorizer_.Authorize(MetadataOf(context, "authorization"), absl::StrCat(service_, ".", method));
  if (!principal.ok()) return principal.status();
  return Caller{*std::move(principal), LanguageOf(context), TraceparentOf(context)};
}

}  // namespace satudata::rpc
