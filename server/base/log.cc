#include "server/base/log.h"

#include <algorithm>
#include <atomic>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"
#include "server/base/trace.h"

namespace satudata::base {
namespace {

struct Sink {
  Mutex mu;
  std::function<void(absl::string_view)> write ABSL_GUARDED_BY(mu) = [](absl::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stderr);
  };
};

// Logging is the one process-wide thing: it must work before main has built anything and after it has let go.
Sink& GlobalSink() {
  static Sink* const sink = new Sink();
  return *sink;
}

std::atomic<Severity> minimum_severity{Severity::kInfo};

absl::string_view Name(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "DEBUG";
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
  }
  return "ERROR";
}

// Length of the well-formed UTF-8 sequence at the head of `text`, 0 if there is none (RFC 3629).
size_t Utf8Length(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  size_t length = lead < 0x80                   ? 1
                  : lead >= 0xC2 && lead < 0xE0 ? 2
                  : lead >= 0xE0 && lead < 0xF0 ? 3
                  : lead >= 0xF0 && lead < 0xF5 ? 4
                                                : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool out_of_range = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
  return overlong || out_of_range ? 0 : length;
}

constexpr char kDelete = 0x7F;

// U+0080 to U+009F steer terminals as the first 32 do.
bool IsLateControl(absl::string_view character) {
  return character.size() == 2 && character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
}

// How many bytes at the head of `text` stand for themselves.
size_t PlainLength(absl::string_view text) {
  const auto special = std::find_if(text.begin(), text.end(), [](char c) {
    // Negative: not ASCII.
    return static_cast<signed char>(c) < 0x20 || c == '"' || c == '\\' || c == kDelete;
  });
  return static_cast<size_t>(special - text.begin());
}

void AppendEscaped(char c, std::string* out) {
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\t':
      out->append("\\t");
      return;
    default:
      if (static_cast<unsigned char>(c) < 0x20 || c == kDelete) {
        absl::StrAppendFormat(out, "\\u%04x", c);
      } else {
        out->push_back(c);
      }
  }
}

}  // namespace

std::string JsonEscape(absl::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  while (true) {
    const size_t plain = PlainLength(text);  // Most texts are nothing else.
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) return out;
    const size_t length = Utf8Length(text);
    if (length == 0) {
      out.append("\xEF\xBF\xBD");
    } else if (length == 1) {
      AppendEscaped(text[0], &out);
    } else if (IsLateControl(text.substr(0, length))) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned char>(text[1]));
    } else {
      out.append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

void Log(Severity severity, absl::string_view message, LogFields fields) {
  LogEvent(severity, message, absl::MakeConstSpan(fields.begin(), fields.size()));
}

void LogEvent(Severity severity, absl::string_view message, absl::Span<const LogField> fields) {
  if (severity < minimum_severity.load(std::memory_order_relaxed)) return;
  std::string line =
      absl::StrCat("{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone()),
                   "\",\"severity\":\"", Name(severity), "\",\"message\":\"", JsonEscape(message), "\"");
  for (const auto& [key, value] : fields) {
    absl::StrAppend(&line, ",\"", JsonEscape(key), "\":\"", JsonEscape(value), "\"");
  }
  if (const absl::string_view trace = TraceIdOf(CurrentTraceparent()); !trace.empty()) {
    absl::StrAppend(&line, ",\"trace_id\":\"", trace, "\"");
  }
  line.append("}\n");
  Sink& sink = GlobalSink();
  MutexLock lock(&sink.mu);
  sink.write(line);
}

void SetMinimumSeverity(Severity severity) { minimum_severity.store(severity); }

bool ParseSeverity(absl::string_view text, Severity* severity) {
  for (Severity candidate : {Severity::kDebug, Severity::kInfo, Severity::kWarning, Severity::kError}) {
    if (absl::EqualsIgnoreCase(text, Name(candidate))) {
      *severity = candidate;
      return true;
    }
  }
  return false;
}

void SetLogSink(std::function<void(absl::string_view)> sink) {
  Sink& global = GlobalSink();
  MutexLock lock(&global.mu);
  global.write = std::move(sink);
}

}  // namespace satudata::base
