// The verb `indicators`: a target's reference list, beside what we and the target hold.
#include <memory>

#include "clients/cli/command.h"
#include "clients/cli/names.h"
#include "clients/cli/pages.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

struct IndicatorsOptions {
  v1::ListReferenceIndicatorsRequest request;
  int64_t limit = 0;
};

std::vector<Column> IndicatorColumns(Language language) {
  return {{.heading = "KODEINDIKATOR"},
          {.heading = std::string(Say(language, "BERLAKU", "ACTIVE"))},
          {.heading = std::string(Say(language, "TAHUN", "YEAR"))},
          {.heading = std::string(Say(language, "NILAI KITA", "OUR VALUE")), .align = Align::kRight},
          {.heading = std::string(Say(language, "DI TUJUAN", "AT TARGET")), .align = Align::kRight},
          {.heading = std::string(Say(language, "SATUAN", "UNIT")), .widest = 20},
          {.heading = std::string(Say(language, "URAIAN", "NAME"))}};
}

// Of the years the newest; `-o json` has all.
std::vector<Cell> IndicatorRow(const v1::ReferenceIndicator& indicator, Language language) {
  const v1::IndicatorYear year = indicator.years_size() > 0 ? indicator.years(0) : v1::IndicatorYear();
  const bool differs = !year.value().empty() && year.value() != year.target_value();
  return {{indicator.kodeindikator()},
          {std::string(indicator.active() ? Say(language, "ya", "yes") : Say(language, "tidak", "no")),
           indicator.active() ? Colour::kNone : Colour::kOpen},
          {year.tahun()},
          {year.value()},
          {year.target_value(), differs ? Colour::kOpen : Colour::kNone},
          {indicator.satuan()},
          {indicator.uraian_indikator()}};
}

ExitCode ListIndicators(Session& session, const IndicatorsOptions& options) {
  const Language language = session.language();
  ItemPrinter<v1::ReferenceIndicator> printer(
      session, IndicatorColumns(language),
      [language](const v1::ReferenceIndicator& indicator) { return IndicatorRow(indicator, language); });
  const grpc::Status status = WalkPages<v1::ListReferenceIndicatorsResponse>(
      options.request, options.limit,
      [&](const v1::ListReferenceIndicatorsRequest& page, v1::ListReferenceIndicatorsResponse* response) {
        return session.Call(session.targets(), &v1::TargetService::Stub::ListReferenceIndicators, page,
                            response);
      },
      [&](const v1::ListReferenceIndicatorsResponse& page) { printer.Print(page.indicators()); });
  return status.ok() ? ExitCode::kGood : session.Fail(status);
}

}  // namespace

void AddIndicatorsCommand(const CommandSet& set) {
  const auto options = std::make_shared<IndicatorsOptions>();
  CLI::App* verb =
      AddVerb(set, "indicators", "Daftar indikator satu tujuan, dengan nilai kita dan nilai di sana",
              "List the indicators of a target, with our values and those it holds");
  AddArgument(
      verb, "TARGET", [options](const std::string& target) { options->request.set_target(target); },
      Say(set, "tujuan, misalnya sipd", "the target, for example sipd"));
  AddText(
      verb, "--kodepemda", [options](const std::string& code) { options->request.set_kodepemda(code); },
      Say(set, "kode pemda; bawaan: yang diatur pada layanan", "the region; default: the service's own"));
  AddText(
      verb, "--text", [options](const std::string& text) { options->request.set_text(text); },
      Say(set, "bagian dari kode atau uraian", "part of code or name"));
  AddText(
      verb, "--urusan", [options](const std::string& urusan) { options->request.set_urusan(urusan); },
      Say(set, "hanya urusan ini, misalnya 1.02", "only of this urusan, for example 1.02"));
  AddLimit(
      verb, [options](int64_t limit) { options->limit = limit; },
      Say(set, "paling banyak sekian", "at most so many"));
  DoesAtServer(verb, set, [options](Session& session) { return ListIndicators(session, *options); });
}

}  // namespace satudata::cli
