#include "clients/cli/style.h"

#include "absl/strings/str_cat.h"

namespace satudata::cli {
namespace {

absl::string_view Code(Colour colour) {
  switch (colour) {
    case Colour::kGood:
      return "32";
    case Colour::kBad:
      return "31";
    case Colour::kOpen:
      return "33";
    case Colour::kFaint:
      return "2";
    case Colour::kNone:
      break;
  }
  return "0";
}

}  // namespace

std::string Paint(const Style& style, Colour colour, absl::string_view text) {
  if (style.palette == Palette::kPlain || colour == Colour::kNone) return std::string(text);
  return absl::StrCat("\x1b[", Code(colour), "m", text, "\x1b[0m");
}

std::string FormatTime(const Style& style, absl::Time time) {
  if (time == absl::InfinitePast()) return "-";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, style.zone);
}

std::string FormatClock(const Style& style, absl::Time time) {
  return absl::FormatTime("%H:%M:%S", time, style.zone);
}

}  // namespace satudata::cli
