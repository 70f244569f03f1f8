#include "server/main/edge_settings.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/main/setting_table.h"

namespace satudata::main {
namespace {

// Below it, clients would do little but connect.
constexpr absl::Duration kShortestConnection = absl::Seconds(1);

absl::Duration ReadConnectionTime(SettingReader& reader, const char* name, absl::Duration shortest) {
  absl::Duration time;
  absl::ParseDuration(std::string(FindSetting(name)->fallback), &time);
  time = reader.Duration(name).value_or(time);
  if (time < shortest) reader.Complain(name, "too short; write 1s or more");
  return time;
}

double FallbackNumber(const char* name) {
  double number = 0;
  (void)absl::SimpleAtod(FindSetting(name)->fallback, &number);
  return number;
}

rpc::AccessLogging ReadAccessLog(SettingReader& reader) {
  const std::string text =
      reader.Text("ACCESS_LOG").value_or(std::string(FindSetting("ACCESS_LOG")->fallback));
  if (text == "off") return rpc::AccessLogging::kOff;
  if (text == "all") return rpc::AccessLogging::kAll;
  if (text != "on") reader.Complain("ACCESS_LOG", absl::StrCat("\"", text, "\"; write on, off or all"));
  return rpc::AccessLogging::kCalls;
}

}  // namespace

EdgeSettings ReadEdge(SettingReader& reader) {
  const auto count = [&reader](const char* name) {
    return reader.Count(name).value_or(static_cast<int>(FallbackNumber(name)));
  };
  return {.connection_age = ReadConnectionTime(reader, "CONNECTION_AGE", kShortestConnection),
          .connection_grace = ReadConnectionTime(reader, "CONNECTION_GRACE", absl::ZeroDuration()),
          .connection_idle = ReadConnectionTime(reader, "CONNECTION_IDLE", kShortestConnection),
          .caller_max_streams = count("CALLER_MAX_STREAMS"),
          .caller_rate = reader.Rate("CALLER_RATE_LIMIT").value_or(FallbackNumber("CALLER_RATE_LIMIT")),
          .caller_burst = count("CALLER_RATE_BURST"),
          .access_log = ReadAccessLog(reader)};
}

}  // namespace satudata::main
