// File: live_display.h
//
// A picture of some lines on a terminal that is drawn over itself.
#ifndef CLIENTS_CLI_LIVE_DISPLAY_H_
#define CLIENTS_CLI_LIVE_DISPLAY_H_

#include <optional>
#include <ostream>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::cli {

// Used by one thread.
class LiveDisplay {
 public:
  // `terminal` must outlive the display.
  explicit LiveDisplay(std::ostream& terminal) : terminal_(terminal) {}

  // Whether a tenth of a second has gone by since the last picture: drawn more often it flickers, and costs a
  // slow link more than the run does. `now` is monotonic.
  bool IsDue(absl::Duration now) const;

  // Draws `picture`, whole lines that do not wrap, over the last one.
  void Draw(absl::string_view picture, absl::Duration now);

  // Removes the picture; the cursor is where it began.
  void Erase();

  // The picture stays; what comes next is written below it.
  void Leave() { lines_ = 0; }

 private:
  std::ostream& terminal_;
  int lines_ = 0;  // Of the picture above the cursor.
  std::optional<absl::Duration> drawn_;
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_LIVE_DISPLAY_H_
