// Fuzz target for points in time as others write them: Retry-After, a gateway's nextAccessTime, the dates of
// an import. Each is what it says when it is written again, and none lies beyond what can be stored.
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "server/catalog/exported_file.h"
#include "server/tables/number_text.h"
#include "server/targets/gateway_errors.h"
#include "tests/fuzz/check.h"

namespace satudata {
namespace {

using fuzz::Check;

const absl::Time kNow = absl::FromUnixSeconds(1'768'564'800);  // 2026-01-16 12:00:00 UTC
const absl::Time kYear10000 = absl::FromUnixSeconds(253'402'300'800);

bool IsStorable(absl::Time time) {
  return time > absl::FromUnixSeconds(-62'135'596'801) && time < kYear10000;
}

void CheckRetryAfter(absl::string_view text) {
  const std::optional<absl::Time> time = targets::ParseRetryAfter(text, kNow);
  if (!time) return;
  const bool is_seconds = absl::ascii_isdigit(absl::StripAsciiWhitespace(text).back());
  Check(!is_seconds || *time >= kNow);
  if (*time >= kYear10000 || is_seconds) return;
  const std::string again = absl::FormatTime("%a, %d %b %E4Y %H:%M:%S GMT", *time, absl::UTCTimeZone());
  Check(targets::ParseRetryAfter(again, kNow) == time);
}

void CheckNextAccessTime(absl::string_view text) {
  const std::optional<absl::Time> time = targets::ParseNextAccessTime(text);
  if (!time || *time >= kYear10000 || *time < absl::UnixEpoch()) return;
  const std::string again = absl::FormatTime(
      "%E4Y-%b-%d %H:%M:%S+0000 UTC", absl::FromUnixSeconds(absl::ToUnixSeconds(*time)), absl::UTCTimeZone());
  Check(targets::ParseNextAccessTime(again) == absl::FromUnixSeconds(absl::ToUnixSeconds(*time)));
}

std::optional<absl::Time> Imported(const nlohmann::json& date) {
  const nlohmann::json record = {{"_id", "65f0c1d2e3f4a5b6c7d8e9f0"}, {"metaData", {{"createdAt", date}}}};
  const std::string line = record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const auto read = catalog::ParseExportedFile(line, 1);
  Check(read.ok());
  return read->file.source_create_time;
}

void CheckImportedDate(const std::string& text) {
  for (const nlohmann::json& date : {nlohmann::json(text), nlohmann::json({{"$date", text}}),
                                     nlohmann::json({{"$date", {{"$numberLong", text}}}})}) {
    const std::optional<absl::Time> time = Imported(date);
    if (!time) continue;
    Check(IsStorable(*time));
    Check(Imported(absl::FormatTime(absl::RFC3339_full, *time, absl::UTCTimeZone())) == time);
    const absl::Time millis = absl::FromUnixMillis(absl::ToUnixMillis(*time));
    if (IsStorable(millis)) Check(Imported({{"$date", absl::ToUnixMillis(*time)}}) == millis);
  }
}

// As spreadsheets show days.
void CheckDays(const std::string& text) {
  const std::string decimal = tables::DecimalText(absl::string_view(text));
  if (decimal.empty() || decimal.size() > 20) return;
  for (const tables::DateSystem system : {tables::DateSystem::k1900, tables::DateSystem::k1904}) {
    const std::optional<std::string> date = tables::DateText(std::stod(decimal), system);
    Check(!date || date->size() == 10 || date->size() == 19);
    Check(!date || date->substr(4, 1) == "-");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 200) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  CheckRetryAfter(text);
  CheckNextAccessTime(text);
  CheckImportedDate(text);
  CheckDays(text);
  return 0;
}

}  // namespace satudata
