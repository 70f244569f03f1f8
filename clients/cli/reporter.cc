#include "clients/cli/reporter.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/json_line.h"
#include "clients/cli/live_display.h"
#include "clients/cli/names.h"
#include "clients/cli/render.h"
#include "clients/cli/session.h"
#include "clients/cli/summary.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

class JsonReporter final : public Reporter {
 public:
  explicit JsonReporter(const Session& session) : session_(session) {}

  void OnEvent(const v1::RunEvent& event, const RunView&) override { session_.out() << JsonLine(event); }
  void OnQuiet(const RunView&) override { session_.out().flush(); }
  void OnNotice(absl::string_view text) override { session_.err() << text << std::flush; }
  void Leave() override { session_.out().flush(); }
  void OnEnd(const RunView&) override { session_.out().flush(); }

 private:
  const Session& session_;
};

class LineReporter final : public Reporter {
 public:
  explicit LineReporter(const Session& session) : session_(session), style_(session.err_style()) {}

  void OnEvent(const v1::RunEvent& event, const RunView& view) override {
    if (first_ == First::kDue) Announce(view.run);
    session_.err() << RenderEventLine(event, style_);
  }
  void OnQuiet(const RunView&) override { session_.err().flush(); }
  void OnNotice(absl::string_view text) override { session_.err() << text << std::flush; }
  void Leave() override { session_.err().flush(); }
  void OnEnd(const RunView& view) override {
    session_.err().flush();
    session_.out() << RenderSummary(view, session_.out_style()) << std::flush;
  }

 private:
  void Announce(const v1::Run& run) {
    session_.err() << "run " << Printable(run.run_id()) << "  " << Name(run.kind()) << "  "
                   << Name(run.state()) << "\n";
    first_ = First::kDone;
  }

  const Session& session_;
  const Style style_;
  enum class First { kDue, kDone } first_ = First::kDue;
};

class LiveReporter final : public Reporter {
 public:
  explicit LiveReporter(const Session& session) : session_(session), display_(session.err()) {}

  void OnEvent(const v1::RunEvent&, const RunView& view) override { DrawIfDue(view); }
  void OnQuiet(const RunView& view) override { DrawIfDue(view); }
  void OnNotice(absl::string_view text) override {
    display_.Erase();
    session_.err() << text << std::flush;
  }
  void Leave() override { display_.Leave(); }
  // The summary says all that the picture says, so it takes its place; where standard output goes elsewhere,
  // the terminal keeps the picture.
  void OnEnd(const RunView& view) override {
    if (session_.surroundings().out_surface == Surface::kTerminal) {
      display_.Erase();
    } else {
      display_.Draw(Render(view, session_.err_style()), view.now);
      display_.Leave();
    }
    session_.out() << RenderSummary(view, session_.out_style()) << std::flush;
  }

 private:
  void DrawIfDue(const RunView& view) {
    if (display_.IsDue(view.now)) display_.Draw(Render(view, session_.err_style()), view.now);
  }

  const Session& session_;
  LiveDisplay display_;
};

}  // namespace

std::unique_ptr<Reporter> MakeReporter(const Session& session) {
  if (session.json()) return std::make_unique<JsonReporter>(session);
  if (session.surroundings().err_surface == Surface::kTerminal)
    return std::make_unique<LiveReporter>(session);
  return std::make_unique<LineReporter>(session);
}

}  // namespace satudata::cli
