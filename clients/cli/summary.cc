#include "clients/cli/summary.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "clients/cli/names.h"
#include "clients/cli/render.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

// Columns that are always there; the other states only where some target has them.
constexpr std::array<v1::Delivery::State, 4> kAlways = {
    v1::Delivery::STATE_CONFIRMED, v1::Delivery::STATE_UNCHANGED, v1::Delivery::STATE_SKIPPED,
    v1::Delivery::STATE_REJECTED};
constexpr std::array<v1::Delivery::State, 8> kSometimes = {
    v1::Delivery::STATE_PARTIAL,  v1::Delivery::STATE_PARKED,  v1::Delivery::STATE_CANCELLED,
    v1::Delivery::STATE_ACCEPTED, v1::Delivery::STATE_UNKNOWN, v1::Delivery::STATE_DEFERRED,
    v1::Delivery::STATE_QUEUED,   v1::Delivery::STATE_SENDING};

int64_t CountOf(const TargetView& target, v1::Delivery::State state) {
  const auto count = target.counts.find(state);
  return count == target.counts.end() ? 0 : count->second;
}

std::vector<v1::Delivery::State> ColumnsFor(const RunView& view) {
  std::vector<v1::Delivery::State> columns(kAlways.begin(), kAlways.end());
  for (v1::Delivery::State state : kSometimes) {
    const bool used = std::any_of(view.targets.begin(), view.targets.end(),
                                  [state](const auto& entry) { return CountOf(entry.second, state) > 0; });
    if (used) columns.push_back(state);
  }
  return columns;
}

std::string CountTable(const RunView& view, const Style& style) {
  const std::vector<v1::Delivery::State> states = ColumnsFor(view);
  std::vector<Column> columns = {{.heading = std::string(Say(style.language, "TUJUAN", "TARGET"))}};
  for (v1::Delivery::State state : states)
    columns.push_back({.heading = Name(state), .align = Align::kRight});
  columns.push_back({.heading = "TOTAL", .align = Align::kRight});
  Table table(std::move(columns), style);
  for (const auto& [name, target] : view.targets) {
    std::vector<Cell> row = {{name}};
    for (v1::Delivery::State state : states) {
      const int64_t count = CountOf(target, state);
      row.push_back({FormatCount(count, style.language), count > 0 ? ColourOf(state) : Colour::kNone});
    }
    row.push_back({FormatCount(TotalOf(target), style.language)});
    table.Add(std::move(row));
  }
  return table.Take();
}

std::string Examples(const Problem& problem, Language language) {
  std::string examples;
  for (const std::string& example : problem.examples) {
    absl::StrAppend(&examples, examples.empty() ? "" : ", ", Printable(example));
  }
  const int64_t others = problem.count - static_cast<int64_t>(problem.examples.size());
  if (others > 0) {
    absl::StrAppend(&examples, Say(language, " dan ", " and "), FormatCount(others, language),
                    Say(language, " lainnya", " more"));
  }
  return examples;
}

std::string ProblemText(const ProblemKey& key, const Problem& problem, const Style& style) {
  std::string heading = absl::StrCat(Printable(key.target), "  ", FormatCount(problem.count, style.language),
                                     " × ", Paint(style, ColourOf(key.state), Name(key.state)));
  if (!key.reason.empty()) absl::StrAppend(&heading, "  ", Printable(key.reason));
  const std::string owner = OwnerName(problem.failure.owner(), style.language);
  if (!owner.empty()) absl::StrAppend(&heading, Say(style.language, "  giliran: ", "  turn of: "), owner);
  std::string text = absl::StrCat(heading, "\n");
  absl::StrAppend(&text, Wrap(Printable(problem.failure.message()), "    ", style.width));
  return absl::StrCat(text, Wrap(Examples(problem, style.language), "    ", style.width));
}

std::string Headline(const RunView& view, const Style& style) {
  std::string line = absl::StrCat("run ", Printable(view.run.run_id()), "  ", Name(view.run.kind()), "  ",
                                  Paint(style, ColourOf(view.run.state()), Name(view.run.state())), "  ",
                                  FormatElapsed(ElapsedOf(view)), "\n");
  if (!view.run.has_failure()) return line;
  const v1::Failure& failure = view.run.failure();
  absl::StrAppend(&line, "  ", Paint(style, Colour::kBad, Printable(failure.reason())), "\n");
  return absl::StrCat(line, Wrap(Printable(failure.message()), "  ", style.width));
}

std::string SkippedNote(int64_t files, const Style& style) {
  if (files == 0) return "";
  return absl::StrCat(FormatCount(files, style.language),
                      Say(style.language, " berkas dilewati karena belum terverifikasi.\n",
                          " files were left out because they are not verified.\n"));
}

std::string OpenNote(const v1::Run& run, const Style& style) {
  if (run.open_count() == 0) return "";
  return absl::StrCat(
      FormatCount(run.open_count(), style.language),
      Say(style.language, " pengiriman belum selesai; layanan melanjutkannya sendiri. Lihat: ",
          " deliveries are still open; the service carries on by itself. See: "),
      "integrationctl run ", Printable(run.run_id()), "\n");
}

std::string ForecastText(const v1::TargetForecast& forecast, Language language) {
  std::string text =
      absl::StrCat("  ", Printable(forecast.target()), ": ", FormatCount(forecast.request_count(), language),
                   Say(language, " permintaan", " requests"));
  if (!forecast.has_duration_ms()) {
    return absl::StrCat(text, Say(language, ", lamanya belum diketahui\n", ", duration not known yet\n"));
  }
  if (forecast.request_count() == 0) return text + "\n";
  return absl::StrCat(text, Say(language, ", sekitar ", ", about "),
                      FormatElapsed(absl::Milliseconds(forecast.duration_ms())), "\n");
}

std::string Forecasts(const v1::Run& run, const Style& style) {
  if (run.forecasts().empty()) return "";
  std::string text(Say(style.language, "Yang akan dikirim:\n", "What would be sent:\n"));
  for (const v1::TargetForecast& forecast : run.forecasts()) text += ForecastText(forecast, style.language);
  return text;
}

std::string PreviewNote(const v1::Run& run, const Style& style) {
  if (run.kind() != v1::Run::KIND_PREVIEW) return "";
  return absl::StrCat(Say(style.language, "Ini pratinjau: tidak ada yang dikirim. Rincian: ",
                          "This is a preview: nothing was sent. Details: "),
                      "integrationctl deliveries --run ", Printable(run.run_id()), "\n");
}

}  // namespace

std::string RenderSummary(const RunView& view, const Style& style) {
  std::string summary = Headline(view, style);
  if (!view.targets.empty()) absl::StrAppend(&summary, "\n", CountTable(view, style));
  for (const auto& [key, problem] : view.problems) {
    absl::StrAppend(&summary, "\n", ProblemText(key, problem, style));
  }
  const std::string notes = absl::StrCat(Forecasts(view.run, style), SkippedNote(view.skipped_files, style),
                                         OpenNote(view.run, style), PreviewNote(view.run, style));
  return notes.empty() ? summary : absl::StrCat(summary, "\n", notes);
}

}  // namespace satudata::cli
