// File: style.h
//
// How text is drawn on one of the two outputs: language, width, colours, time zone. Pure.
#ifndef CLIENTS_CLI_STYLE_H_
#define CLIENTS_CLI_STYLE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/language.h"

namespace satudata::cli {

enum class Palette { kPlain, kColours };
enum class Colour { kNone, kGood, kBad, kOpen, kFaint };

struct Style {
  int width = 80;  // Columns.
  Palette palette = Palette::kPlain;
  Language language = Language::kIndonesian;
  absl::TimeZone zone = absl::UTCTimeZone();
};

// `text` in `colour`, if the style has colours. Takes no columns more.
std::string Paint(const Style& style, Colour colour, absl::string_view text);

// 2026-01-31 14:05:09; `-` for the infinite past.
std::string FormatTime(const Style& style, absl::Time time);
// 14:05:09.
std::string FormatClock(const Style& style, absl::Time time);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_STYLE_H_
