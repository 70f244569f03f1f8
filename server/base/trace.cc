#include "server/base/trace.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/random.h"

namespace satudata::base {
namespace {

constexpr absl::string_view kTraceShape = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
constexpr size_t kTraceIdStart = 3;
constexpr size_t kTraceIdLength = 32;
constexpr size_t kSpanIdStart = kTraceIdStart + kTraceIdLength + 1;
constexpr size_t kSpanIdLength = 16;

thread_local const std::string* current_trace = nullptr;

bool IsLowerHex(char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); }

bool IsZero(absl::string_view digits) { return digits.find_first_not_of('0') == absl::string_view::npos; }

}  // namespace

bool IsTraceparent(absl::string_view text) {
  if (text.size() != kTraceShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (kTraceShape[i] == 'x' ? !IsLowerHex(text[i]) : text[i] != kTraceShape[i]) return false;
  }
  return !IsZero(text.substr(kTraceIdStart, kTraceIdLength)) &&
         !IsZero(text.substr(kSpanIdStart, kSpanIdLength));
}

std::string NewTraceparent() {
  const std::string digits = absl::BytesToHexString(RandomBytes((kTraceIdLength + kSpanIdLength) / 2));
  return absl::StrCat("00-", digits.substr(0, kTraceIdLength), "-", digits.substr(kTraceIdLength), "-00");
}

absl::string_view TraceIdOf(absl::string_view traceparent) {
  return IsTraceparent(traceparent) ? traceparent.substr(kTraceIdStart, kTraceIdLength) : "";
}

absl::string_view CurrentTraceparent() {
  if (current_trace == nullptr) return "";
  return *current_trace;
}

TraceScope::TraceScope(absl::string_view traceparent)
    : traceparent_(IsTraceparent(traceparent) ? traceparent : ""), outer_(current_trace) {
  current_trace = &traceparent_;
}

TraceScope::~TraceScope() { current_trace = outer_; }

}  // namespace satudata::base
