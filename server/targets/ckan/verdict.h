// File: verdict.h
//
// What the answers of CKAN's action API mean. Pure functions of (status, headers, body) and what was asked.
//
// Only 200 with `"success": true` and a result that is what was asked for is a success. A refusal is CKAN's
// own only if it has its form, `{"success": false, "error": {"__type": …}}`, or is a bare text with 400: the
// same codes come from gateways and firewalls in front of it.
#ifndef SERVER_TARGETS_CKAN_VERDICT_H_
#define SERVER_TARGETS_CKAN_VERDICT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/http/http_client.h"
#include "server/sync/verdict.h"
#include "server/targets/ckan/codec.h"

namespace satudata::targets::ckan {

// The target code of a verdict that CKAN itself, not a gateway, refused us for lack of permission: for this
// dataset, or for all.
inline constexpr absl::string_view kAuthorizationError = "Authorization Error";

// On package_show: kJudged when the answer shows the package, which then is in `held`, or that there is none.
sync::Verdict JudgeShow(absl::string_view name, const http::Answer& answer, absl::Time received_at,
                        std::optional<HeldPackage>& held);

// On package_create and package_patch: accepted, with the package in `written`, or rejected.
sync::Verdict JudgePackageWrite(absl::string_view name, const http::Answer& answer, absl::Time received_at,
                                std::optional<HeldPackage>& written);

// On resource_create and resource_update: accepted only as a resource of that package.
sync::Verdict JudgeUpload(absl::string_view package_id, const http::Answer& answer, absl::Time received_at);

// On package_delete: accepted, or rejected.
sync::Verdict JudgeDelete(const http::Answer& answer, absl::Time received_at);

// The package was not created, because its name is taken.
bool SaysNameInUse(const http::Answer& answer);

// On organization_list_for_user: kJudged when the answer is a list; `is_member` whether `owner_org` is in it.
sync::Verdict JudgeMembership(absl::string_view owner_org, const http::Answer& answer, absl::Time received_at,
                              bool& is_member);

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_VERDICT_H_
