#include "server/main/sign_in_settings.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/http/url.h"
#include "server/main/setting_table.h"

namespace satudata::main {
namespace {

constexpr absl::Duration kShortestSession = absl::Minutes(1);
// Beyond it nobody is asked for a password any more.
constexpr absl::Duration kLongestSession = absl::Hours(30 * 24);

// It becomes a link in a page; its query is the portal's affair.
bool IsLink(absl::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isgraph(c) && !absl::StrContains("#\"'<>\\`", c);
  });
  return plain && http::ParseUrl(text.substr(0, text.find('?'))).ok();
}

absl::Duration ReadSessionTime(SettingReader& reader) {
  absl::Duration time;
  absl::ParseDuration(std::string(FindSetting("SESSION_TIME")->fallback), &time);
  time = reader.Duration("SESSION_TIME").value_or(time);
  if (time < kShortestSession || time > kLongestSession) {
    reader.Complain("SESSION_TIME", "out of range; write something from 1m to 720h");
  }
  return time;
}

}  // namespace

SignInSettings ReadSignIn(SettingReader& reader) {
  SignInSettings settings{.session_time = ReadSessionTime(reader)};
  if (reader.OnOff("SESSION_COOKIE_SECURE").value_or(Switch::kOn) == Switch::kOff) {
    settings.cookie_transport = rpc::CookieTransport::kAny;
  }
  settings.portal_url = reader.Text("PORTAL_SIGN_IN_URL").value_or("");
  if (!settings.portal_url.empty() && !IsLink(settings.portal_url)) {
    reader.Complain("PORTAL_SIGN_IN_URL",
                    "not the address of a page; write it like https://portal.example.go.id/masuk");
  }
  return settings;
}

}  // namespace satudata::main
