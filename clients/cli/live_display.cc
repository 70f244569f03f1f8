#include "clients/cli/live_display.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace satudata::cli {
namespace {

constexpr absl::Duration kShortestPause = absl::Milliseconds(100);

std::string Up(int lines) { return lines == 0 ? "" : absl::StrCat("\x1b[", lines, "A\r"); }

}  // namespace

bool LiveDisplay::IsDue(absl::Duration now) const {
  return !drawn_.has_value() || now - *drawn_ >= kShortestPause;
}

void LiveDisplay::Draw(absl::string_view picture, absl::Duration now) {
  // Each line clears its own rest, and the end what is left of a longer picture: nothing flickers as it would
  // if all were erased first.
  terminal_ << Up(lines_) << absl::StrReplaceAll(picture, {{"\n", "\x1b[K\n"}}) << "\x1b[J" << std::flush;
  lines_ = static_cast<int>(std::count(picture.begin(), picture.end(), '\n'));
  drawn_ = now;
}

void LiveDisplay::Erase() {
  if (lines_ == 0) return;
  terminal_ << Up(lines_) << "\x1b[J" << std::flush;
  lines_ = 0;
}

}  // namespace satudata::cli
