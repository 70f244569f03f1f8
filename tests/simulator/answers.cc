#include "tests/simulator/answers.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/log.h"

namespace satudata::simulator {
namespace {

constexpr char kHtml[] = "text/html; charset=utf-8";

Reply Html(int status, absl::string_view title, absl::string_view text) {
  Reply reply;
  reply.status = status;
  reply.content_type = kHtml;
  reply.body =
      absl::StrCat("<!DOCTYPE html>\n<html><head><title>", title, "</title></head>\n<body><center><h1>",
                   title, "</h1></center>\n<p>", text, "</p></body></html>\n");
  return reply;
}

// "2026-Jan-17 00:00:00+0000 UTC"
std::string NextAccessTime(absl::Time when) {
  return absl::FormatTime("%Y-%b-%d %H:%M:%S+0000 UTC", when, absl::UTCTimeZone());
}

std::string HttpDate(absl::Time when) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", when, absl::UTCTimeZone());
}

std::string FaultBody(const GatewayError& error, absl::string_view next_access) {
  std::string extra;
  if (!next_access.empty()) extra = absl::StrCat(R"(,"nextAccessTime":")", next_access, R"(")");
  return absl::StrCat(R"({"fault":{"code":)", error.code, R"(,"message":")", error.message,
                      R"(","description":")", error.description, R"(")", extra, "}}");
}

}  // namespace

Reply Json(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

Reply StringCodeError(const GatewayError& error) {
  Reply reply = Json(error.status, absl::StrCat(R"({"code":")", error.code, R"(","message":")", error.message,
                                                R"(","description":")", error.description, R"("})"));
  if (error.status == 401) {
    reply.headers.emplace_back("WWW-Authenticate",
                               "OAuth2 realm=\"WSO2 API Manager\", error=\"invalid_token\"");
  }
  return reply;
}

Reply FaultError(const GatewayError& error) { return Json(error.status, FaultBody(error, "")); }

Reply StatusReport404(absl::string_view path) {
  return Json(404, absl::StrCat(R"({"code":"404","type":"Status report","message":"Not Found",)",
                                R"("description":"The requested resource (/)", base::JsonEscape(path),
                                R"() is not available."})"));
}

Reply XmlError(const GatewayError& error) {
  Reply reply;
  reply.status = error.status;
  reply.content_type = "application/xml; charset=UTF-8";
  reply.body =
      absl::StrCat(R"(<am:fault xmlns:am="http://wso2.org/apimanager"><am:code>)", error.code,
                   "</am:code><am:type>Status report</am:type><am:message>", error.message,
                   "</am:message><am:description>", error.description, "</am:description></am:fault>");
  return reply;
}

Reply Throttled(const GatewayError& error, QuotaHint hint, absl::Time now, absl::Duration wait) {
  const absl::Time until = absl::FromUnixSeconds(absl::ToUnixSeconds(now + wait - absl::Nanoseconds(1)) + 1);
  const bool in_body = hint == QuotaHint::kNextAccess;
  Reply reply = Json(error.status, FaultBody(error, in_body ? NextAccessTime(until) : ""));
  if (hint == QuotaHint::kDate) reply.headers.emplace_back("Retry-After", HttpDate(until));
  if (hint == QuotaHint::kSeconds) {
    const int64_t seconds = absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1)));
    reply.headers.emplace_back("Retry-After", absl::StrCat(seconds));
  }
  return reply;
}

Reply MaintenancePage() {
  return Html(200, "Sedang Dalam Pemeliharaan", "Mohon maaf, layanan sedang dalam pemeliharaan.");
}

Reply FirewallPage() {
  return Html(403, "Request Rejected",
              "The requested URL was rejected. Please consult with your administrator. Support ID: 4711.");
}

Reply ErrorPage(int status) {
  return status == 503 ? Html(503, "503 Service Temporarily Unavailable", "nginx")
                       : Html(status, absl::StrCat(status, " Internal Server Error"), "nginx");
}

}  // namespace satudata::simulator
