#include "clients/cli/render.h"

#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "clients/cli/live_display.h"
#include "clients/cli/speed.h"
#include "clients/cli/summary.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

constexpr absl::Duration kStart = absl::Hours(1000);

Style EnglishStyle(int width) { return {.width = width, .language = Language::kEnglish}; }

void AddCount(v1::TargetCounts* counts, v1::Delivery::State state, int64_t count) {
  v1::StateCount* entry = counts->add_states();
  entry->set_state(state);
  entry->set_count(count);
}

v1::RunEvent ProgressEvent(int64_t splp_confirmed, int64_t splp_queued) {
  v1::RunEvent event;
  event.set_run_id("run-1");
  v1::Progress& progress = *event.mutable_progress();
  v1::TargetCounts* sipd = progress.add_target_counts();
  sipd->set_target("sipd");
  AddCount(sipd, v1::Delivery::STATE_QUEUED, 2000);
  v1::TargetCounts* splp = progress.add_target_counts();
  splp->set_target("splp");
  AddCount(splp, v1::Delivery::STATE_CONFIRMED, splp_confirmed);
  AddCount(splp, v1::Delivery::STATE_REJECTED, 100);
  AddCount(splp, v1::Delivery::STATE_QUEUED, splp_queued);
  progress.set_total_count(4000);
  v1::TargetWait* wait = progress.add_waits();
  wait->set_target("sipd");
  wait->mutable_failure()->set_reason("THROTTLED");
  wait->mutable_failure()->set_message("The target asks for a pause.");
  wait->mutable_end_time()->set_seconds(1'700'000'060);
  return event;
}

RunView RunningView() {
  RunView view;
  v1::RunEvent snapshot = SnapshotEvent(v1::Run::STATE_RUNNING, 1);
  snapshot.mutable_snapshot()->add_targets("sipd");
  snapshot.mutable_event_time()->set_seconds(1'700'000'000);
  snapshot.mutable_snapshot()->mutable_start_time()->set_seconds(1'700'000'000);
  Fold(snapshot, kStart, &view);
  Fold(ProgressEvent(0, 1900), kStart + absl::Seconds(2), &view);
  Fold(ProgressEvent(900, 1000), kStart + absl::Seconds(12), &view);
  return view;
}

TEST(RenderTest, DrawsABarPerTarget) {
  EXPECT_EQ(Render(RunningView(), EnglishStyle(80)),
            "run run-1  SYNC_ALL  RUNNING  0:12\n"
            "sipd  [------------------------------------]  0/2,000    0%\n"
            "      QUEUED 2,000\n"
            "      waits until 22:14:20: THROTTLED The target asks for a pause.\n"
            "splp  [##################------------------]  1,000/2,000   50%  83/s  ETA 0:12\n"
            "      QUEUED 1,000  CONFIRMED 900  REJECTED 100\n");
}

TEST(RenderTest, SpeaksIndonesian) {
  const std::string picture = Render(RunningView(), {.width = 120, .language = Language::kIndonesian});
  EXPECT_NE(picture.find("1.000/2.000"), std::string::npos);
  EXPECT_NE(picture.find("menunggu sampai"), std::string::npos);
  EXPECT_NE(picture.find("/dtk  sisa 0:"), std::string::npos);
}

TEST(RenderTest, NeverFillsTheWidth) {
  for (int width = 1; width <= 200; ++width) {
    for (absl::string_view line : absl::StrSplit(Render(RunningView(), EnglishStyle(width)), '\n')) {
      ASSERT_LT(DisplayWidth(line), std::max(width, 1)) << width;
    }
  }
}

TEST(RenderTest, LeavesTheBarOutWhereItIsNarrow) {
  const std::string picture = Render(RunningView(), EnglishStyle(40));
  EXPECT_EQ(picture.find('['), std::string::npos);
  EXPECT_NE(picture.find("splp  1,000/2,000   50%"), std::string::npos);
}

TEST(RenderTest, SaysThatItPlansWhileTheTotalIsUnknown) {
  RunView view = RunningView();
  view.total.reset();
  EXPECT_NE(Render(view, EnglishStyle(100)).find("1,000  planning"), std::string::npos);
}

TEST(RenderTest, PaintsOnlyWithAPalette) {
  EXPECT_EQ(Render(RunningView(), EnglishStyle(80)).find('\x1b'), std::string::npos);
  Style style = EnglishStyle(80);
  style.palette = Palette::kColours;
  EXPECT_NE(Render(RunningView(), style).find("\x1b[33m"), std::string::npos);
}

TEST(RenderTest, MakesServerTextHarmless) {
  RunView view;
  v1::RunEvent snapshot = SnapshotEvent(v1::Run::STATE_RUNNING, 1);
  snapshot.mutable_snapshot()->set_run_id("run\x1b]0;x\x07");
  snapshot.mutable_snapshot()->add_targets("t\x1b[2J");
  Fold(snapshot, kStart, &view);
  v1::RunEvent delivery = DeliveryEvent("f\x1b[A", v1::Delivery::STATE_REJECTED, 2);
  delivery.mutable_delivery()->mutable_failure()->set_message("m\x1b[31m");
  Fold(delivery, kStart, &view);
  const Style style = EnglishStyle(80);
  const std::string all = Render(view, style) + RenderSummary(view, style) + RenderEventLine(delivery, style);
  EXPECT_EQ(all.find('\x1b'), std::string::npos);
  EXPECT_EQ(all.find('\x07'), std::string::npos);
}

TEST(RenderEventLineTest, TellsRestingDeliveriesOnly) {
  const Style style = EnglishStyle(80);
  EXPECT_EQ(RenderEventLine(DeliveryEvent("f1", v1::Delivery::STATE_CONFIRMED, 2), style),
            "22:13:20 splp   CONFIRMED f1 \"Berkas f1\"\n");
  EXPECT_EQ(RenderEventLine(DeliveryEvent("f1", v1::Delivery::STATE_SENDING, 2), style), "");
  EXPECT_EQ(RenderEventLine(SnapshotEvent(v1::Run::STATE_RUNNING, 1), style), "");
}

TEST(RenderEventLineTest, TellsSkippedFilesAndStateChanges) {
  v1::RunEvent skipped;
  skipped.mutable_event_time()->set_seconds(1'700'000'000);
  skipped.mutable_file_skipped()->set_file_id("f2");
  skipped.mutable_file_skipped()->set_file_name("Dua");
  skipped.mutable_file_skipped()->mutable_failure()->set_reason("FILE_NOT_VERIFIED");
  EXPECT_EQ(RenderEventLine(skipped, EnglishStyle(80)),
            "22:13:20 -      SKIPPED   f2 \"Dua\"  FILE_NOT_VERIFIED\n");
  v1::RunEvent change;
  change.set_run_id("run-1");
  change.mutable_event_time()->set_seconds(1'700'000'000);
  change.mutable_state_change()->set_current(v1::Run::STATE_FAILED);
  change.mutable_state_change()->mutable_failure()->set_reason("MASS_CHANGE");
  EXPECT_EQ(RenderEventLine(change, EnglishStyle(80)), "22:13:20 run run-1 FAILED  MASS_CHANGE\n");
}

TEST(RenderSummaryTest, CountsAndGroupsByReason) {
  RunView view = RunningView();
  for (const char* id : {"a", "b", "c", "d"}) {
    v1::RunEvent event = DeliveryEvent(id, v1::Delivery::STATE_REJECTED, 9);
    v1::Failure& failure = *event.mutable_delivery()->mutable_failure();
    failure.set_reason("INDICATOR_UNKNOWN");
    failure.set_message("The target does not know the code. Correct the mapping.");
    failure.set_owner(v1::Failure::OWNER_DATA_STEWARD);
    Fold(event, kStart + absl::Seconds(12), &view);
  }
  v1::RunEvent end = SnapshotEvent(v1::Run::STATE_PARTIAL, 20);
  end.mutable_snapshot()->set_open_count(3);
  end.mutable_snapshot()->set_skipped_file_count(17);
  end.mutable_snapshot()->mutable_start_time()->set_seconds(1'700'000'000);
  end.mutable_snapshot()->mutable_end_time()->set_seconds(1'700'000'042);
  Fold(end, kStart + absl::Seconds(42), &view);
  EXPECT_EQ(RenderSummary(view, EnglishStyle(80)),
            "run run-1  SYNC_ALL  PARTIAL  0:42\n"
            "\n"
            "TARGET  CONFIRMED  UNCHANGED  SKIPPED  REJECTED  QUEUED  TOTAL\n"
            "sipd            0          0        0         0   2,000  2,000\n"
            "splp          900          0        0       100   1,000  2,000\n"
            "\n"
            "splp  4 × REJECTED  INDICATOR_UNKNOWN  turn of: data steward\n"
            "    The target does not know the code. Correct the mapping.\n"
            "    Berkas a, Berkas b, Berkas c and 1 more\n"
            "\n"
            "17 files were left out because they are not verified.\n"
            "3 deliveries are still open; the service carries on by itself. See: integrationctl run run-1\n");
}

TEST(RenderSummaryTest, SaysWhyTheRunFailed) {
  RunView view;
  v1::RunEvent end = SnapshotEvent(v1::Run::STATE_FAILED, 20);
  end.mutable_snapshot()->mutable_failure()->set_reason("MASS_CHANGE");
  end.mutable_snapshot()->mutable_failure()->set_message("Too much would change.");
  Fold(end, kStart, &view);
  EXPECT_NE(RenderSummary(view, EnglishStyle(80)).find("  MASS_CHANGE\n  Too much would change.\n"),
            std::string::npos);
}

TEST(RunViewTest, ForgetsAProblemThatWentAway) {
  RunView view = RunningView();
  Fold(DeliveryEvent("a", v1::Delivery::STATE_UNKNOWN, 9), kStart, &view);
  EXPECT_EQ(view.problems.size(), 1u);
  Fold(DeliveryEvent("a", v1::Delivery::STATE_CONFIRMED, 10), kStart, &view);
  EXPECT_TRUE(view.problems.empty());
  EXPECT_TRUE(view.open_problems.empty());
}

TEST(RunViewTest, CountsDeliveriesOfARunForOneFile) {
  RunView view;
  v1::RunEvent snapshot = SnapshotEvent(v1::Run::STATE_RUNNING, 1);
  snapshot.mutable_snapshot()->set_file_id("a");
  Fold(snapshot, kStart, &view);
  Fold(DeliveryEvent("a", v1::Delivery::STATE_QUEUED, 2), kStart, &view);
  EXPECT_EQ(CompletedOf(view.targets["splp"]), 0);
  Fold(DeliveryEvent("a", v1::Delivery::STATE_CONFIRMED, 3), kStart, &view);
  EXPECT_EQ(CompletedOf(view.targets["splp"]), 1);
  EXPECT_EQ(TotalOf(view.targets["splp"]), 1);
}

TEST(RunViewTest, ProgressReplacesWaits) {
  RunView view = RunningView();
  EXPECT_TRUE(view.targets["sipd"].wait.has_value());
  v1::RunEvent progress = ProgressEvent(1, 1);
  progress.mutable_progress()->clear_waits();
  Fold(progress, kStart, &view);
  EXPECT_FALSE(view.targets["sipd"].wait.has_value());
}

TEST(RunViewTest, ElapsedTimeFollowsTheServersClock) {
  RunView view;
  v1::RunEvent snapshot = SnapshotEvent(v1::Run::STATE_RUNNING, 1);
  snapshot.mutable_event_time()->set_seconds(2'000'000'100);  // Far from ours.
  snapshot.mutable_snapshot()->mutable_start_time()->set_seconds(2'000'000'000);
  Fold(snapshot, kStart, &view);
  view.now = kStart + absl::Seconds(5);
  EXPECT_EQ(ElapsedOf(view), absl::Seconds(105));
}

TEST(RunViewTest, ElapsedTimeBeginsWithTheRunWhereTheServerDoesNotSay) {
  RunView view;
  Fold(SnapshotEvent(v1::Run::STATE_RUNNING, 1), kStart, &view);
  view.now = kStart + absl::Seconds(5);
  EXPECT_EQ(ElapsedOf(view), absl::Seconds(5));
}

TEST(SpeedTest, FollowsTheLastTenSeconds) {
  Speed speed;
  EXPECT_EQ(speed.PerSecond(kStart), 0);
  for (int second = 0; second <= 10; ++second) speed.Add(kStart + absl::Seconds(second), second * 100);
  EXPECT_DOUBLE_EQ(speed.PerSecond(kStart + absl::Seconds(10)), 100);
  for (int second = 11; second <= 30; ++second)
    speed.Add(kStart + absl::Seconds(second), 1000 + (second - 10));
  EXPECT_NEAR(speed.PerSecond(kStart + absl::Seconds(30)), 1, 0.01);
  EXPECT_EQ(speed.PerSecond(kStart + absl::Seconds(60)), 0);
}

TEST(SpeedTest, KeepsFewSamples) {
  Speed speed;
  for (int i = 0; i < 100000; ++i) speed.Add(kStart + absl::Milliseconds(i), i);
  EXPECT_NEAR(speed.PerSecond(kStart + absl::Milliseconds(100000)), 1000, 60);
}

TEST(LiveDisplayTest, DrawsOverTheLastPicture) {
  std::ostringstream terminal;
  LiveDisplay display(terminal);
  display.Draw("a\nb\n", kStart);
  EXPECT_EQ(terminal.str(), "a\x1b[K\nb\x1b[K\n\x1b[J");
  terminal.str("");
  display.Draw("c\n", kStart + absl::Seconds(1));
  EXPECT_EQ(terminal.str(), "\x1b[2A\rc\x1b[K\n\x1b[J");
  terminal.str("");
  display.Erase();
  EXPECT_EQ(terminal.str(), "\x1b[1A\r\x1b[J");
}

TEST(LiveDisplayTest, IsDueTenTimesASecond) {
  std::ostringstream terminal;
  LiveDisplay display(terminal);
  EXPECT_TRUE(display.IsDue(kStart));
  display.Draw("a\n", kStart);
  EXPECT_FALSE(display.IsDue(kStart + absl::Milliseconds(99)));
  EXPECT_TRUE(display.IsDue(kStart + absl::Milliseconds(100)));
}

TEST(TableTest, AlignsAcrossPages) {
  Table table({{.heading = "A"}, {.heading = "N", .align = Align::kRight}, {.heading = "B", .widest = 3}},
              EnglishStyle(80));
  EXPECT_EQ(table.Take(), "");
  table.Add({{"long one"}, {"7"}, {"last is not cut"}});
  EXPECT_EQ(table.Take(), "A         N  B\nlong one  7  last is not cut\n");
  table.Add({{"x"}, {"12"}, {""}});
  EXPECT_EQ(table.Take(), "x         12\n");
}

TEST(TableTest, CutsAndNeutralisesCells) {
  Table table({{.heading = "A", .widest = 4}, {.heading = "B"}}, EnglishStyle(80));
  table.Add({{"abcdefg"}, {"\x1b[1m"}});
  EXPECT_EQ(table.Take(), "A     B\nabc…  \\x1b[1m\n");
}

}  // namespace
}  // namespace satudata::cli
