#include "clients/cli/render.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/names.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

constexpr int kLongestBar = 40;
constexpr int kShortestBar = 8;

// A line of plain text that does not reach the last column: some terminals wrap when it is filled.
std::string Line(absl::string_view text, Colour colour, const Style& style) {
  return absl::StrCat(Paint(style, colour, Fit(text, style.width - 1)), "\n");
}

std::string Bar(int64_t completed, int64_t total, int columns) {
  const int inside = columns - 2;
  const int filled = total == 0 ? 0 : static_cast<int>(static_cast<double>(completed) / total * inside);
  return absl::StrCat("[", std::string(filled, '#'), std::string(inside - filled, '-'), "]");
}

std::string Remaining(const TargetView& target, double per_second, Language language) {
  const int64_t left = TotalOf(target) - CompletedOf(target);
  if (left == 0 || per_second < 0.01) return "";
  const absl::Duration eta = absl::Seconds(std::ceil(static_cast<double>(left) / per_second));
  return absl::StrCat("  ", Say(language, "sisa ", "ETA "), FormatElapsed(eta));
}

// 1.234/2.000  61%  120/dtk  sisa 0:06
std::string Figures(const RunView& view, const TargetView& target, Language language) {
  const int64_t completed = CompletedOf(target);
  const int64_t total = TotalOf(target);
  const double per_second = IsFinal(view.run.state()) ? 0 : target.speed.PerSecond(view.now);
  std::string figures = FormatCount(completed, language);
  if (view.total.has_value() || IsFinal(view.run.state()) || !view.run.file_id().empty()) {
    const int64_t percent = total == 0 ? 100 : completed * 100 / total;
    absl::StrAppend(&figures, "/", FormatCount(total, language), absl::StrFormat("  %3d%%", percent));
  } else {
    absl::StrAppend(&figures, "  ", Say(language, "menyusun rencana", "planning"));
  }
  if (per_second <= 0) return figures;
  absl::StrAppend(&figures, absl::StrFormat("  %.*f/", per_second < 10 ? 1 : 0, per_second),
                  Say(language, "dtk", "s"));
  if (view.total.has_value()) absl::StrAppend(&figures, Remaining(target, per_second, language));
  return figures;
}

// What all bars have in common, so that they stand in one column.
struct Layout {
  int name_columns = 0;
  int bar_columns = 0;  // Too few for a bar: none is drawn.
};

Layout LayOut(const RunView& view, const Style& style) {
  Layout layout;
  int figure_columns = 0;
  for (const auto& [name, target] : view.targets) {
    layout.name_columns = std::max(layout.name_columns, DisplayWidth(Printable(name)));
    figure_columns = std::max(figure_columns, DisplayWidth(Figures(view, target, style.language)));
  }
  layout.bar_columns = std::min(style.width - 1 - layout.name_columns - figure_columns - 4, kLongestBar);
  return layout;
}

std::string TargetLine(const RunView& view, absl::string_view name, const TargetView& target,
                       const Layout& layout, const Style& style) {
  std::string line = absl::StrCat(PadRight(name, layout.name_columns), "  ");
  if (layout.bar_columns >= kShortestBar) {
    absl::StrAppend(&line, Bar(CompletedOf(target), TotalOf(target), layout.bar_columns), "  ");
  }
  return Line(absl::StrCat(line, Figures(view, target, style.language)), Colour::kNone, style);
}

std::string WaitLine(const v1::TargetWait& wait, absl::string_view indent, const Style& style) {
  std::string text = absl::StrCat(indent, Say(style.language, "menunggu", "waits"));
  if (wait.has_end_time()) {
    absl::StrAppend(&text, Say(style.language, " sampai ", " until "),
                    FormatClock(style, ToTime(wait.end_time())));
  }
  absl::StrAppend(&text, ": ", Printable(wait.failure().reason()), " ", Printable(wait.failure().message()));
  return Line(text, Colour::kOpen, style);
}

std::string Heading(const RunView& view, const Style& style) {
  std::string text = absl::StrCat("run ", Printable(view.run.run_id()), "  ", Name(view.run.kind()), "  ",
                                  Name(view.run.state()), "  ", FormatElapsed(ElapsedOf(view)));
  if (view.skipped_files > 0) {
    absl::StrAppend(&text, "  ", FormatCount(view.skipped_files, style.language), " ",
                    Say(style.language, "berkas belum terverifikasi", "files not verified"));
  }
  return Line(text, ColourOf(view.run.state()), style);
}

std::string DeliveryLine(const v1::Delivery& delivery, const Style& style) {
  std::string line =
      absl::StrCat(PadRight(Printable(delivery.target()), 6), " ",
                   Paint(style, ColourOf(delivery.state()), PadRight(Name(delivery.state()), 9)), " ",
                   Printable(delivery.file_id()));
  if (!delivery.file_name().empty()) absl::StrAppend(&line, " \"", Printable(delivery.file_name()), "\"");
  if (delivery.has_failure()) absl::StrAppend(&line, "  ", FailureText(delivery.failure()));
  return line;
}

std::string StateChangeLine(const v1::RunStateChange& change, absl::string_view run_id, const Style& style) {
  std::string line = absl::StrCat("run ", Printable(run_id), " ",
                                  Paint(style, ColourOf(change.current()), Name(change.current())));
  if (change.has_failure()) absl::StrAppend(&line, "  ", FailureText(change.failure()));
  return line;
}

std::string SkippedLine(const v1::FileSkipped& skipped, const Style& style) {
  return absl::StrCat(PadRight("-", 6), " ", Paint(style, Colour::kFaint, PadRight("SKIPPED", 9)), " ",
                      Printable(skipped.file_id()), " \"", Printable(skipped.file_name()), "\"  ",
                      FailureText(skipped.failure()));
}

std::string EventText(const v1::RunEvent& event, const Style& style) {
  switch (event.event_case()) {
    case v1::RunEvent::kDelivery:
      return IsResting(event.delivery().state()) ? DeliveryLine(event.delivery(), style) : "";
    case v1::RunEvent::kFileSkipped:
      return SkippedLine(event.file_skipped(), style);
    case v1::RunEvent::kStateChange:
      return StateChangeLine(event.state_change(), event.run_id(), style);
    default:
      return "";
  }
}

}  // namespace

std::string FailureText(const v1::Failure& failure) {
  return absl::StrCat(Printable(failure.reason()), failure.message().empty() ? "" : ": ",
                      Printable(failure.message()));
}

Colour ColourOf(v1::Delivery::State state) {
  switch (state) {
    case v1::Delivery::STATE_CONFIRMED:
    case v1::Delivery::STATE_UNCHANGED:
      return Colour::kGood;
    case v1::Delivery::STATE_REJECTED:
    case v1::Delivery::STATE_PARTIAL:
    case v1::Delivery::STATE_PARKED:
      return Colour::kBad;
    case v1::Delivery::STATE_ACCEPTED:
    case v1::Delivery::STATE_UNKNOWN:
    case v1::Delivery::STATE_DEFERRED:
      return Colour::kOpen;
    case v1::Delivery::STATE_SKIPPED:
    case v1::Delivery::STATE_CANCELLED:
      return Colour::kFaint;
    default:
      return Colour::kNone;
  }
}

Colour ColourOf(v1::Run::State state) {
  switch (state) {
    case v1::Run::STATE_SUCCEEDED:
      return Colour::kGood;
    case v1::Run::STATE_PARTIAL:
      return Colour::kOpen;
    case v1::Run::STATE_FAILED:
    case v1::Run::STATE_CANCELLED:
      return Colour::kBad;
    default:
      return Colour::kNone;
  }
}

std::string RenderCounts(const std::map<v1::Delivery::State, int64_t>& counts, const Style& style) {
  std::string text;
  for (const auto& [state, count] : counts) {
    if (count == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : "  ", Name(state), " ", FormatCount(count, style.language));
  }
  return text;
}

std::string Render(const RunView& view, const Style& style) {
  std::string picture = Heading(view, style);
  const Layout layout = LayOut(view, style);
  const std::string indent(layout.name_columns + 2, ' ');
  for (const auto& [name, target] : view.targets) {
    picture += TargetLine(view, Printable(name), target, layout, style);
    const std::string counts = RenderCounts(target.counts, style);
    if (!counts.empty()) picture += Line(absl::StrCat(indent, counts), Colour::kFaint, style);
    if (target.wait.has_value()) picture += WaitLine(*target.wait, indent, style);
  }
  return picture;
}

std::string RenderEventLine(const v1::RunEvent& event, const Style& style) {
  const std::string text = EventText(event, style);
  if (text.empty()) return "";
  return absl::StrCat(FormatClock(style, ToTime(event.event_time())), " ", text, "\n");
}

}  // namespace satudata::cli
