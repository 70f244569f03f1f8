// The verbs for the catalogue, apart from import: files, values, verify, delete-file.
#include <memory>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/names.h"
#include "clients/cli/pages.h"
#include "clients/cli/render.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

struct FilesOptions {
  v1::ListFilesRequest request;
  int64_t limit = 0;
};

struct ValuesOptions {
  v1::ListIndicatorValuesRequest request;
  int64_t limit = 0;
};

Colour ColourOfVerification(v1::CatalogFile::Verification verification) {
  if (verification == v1::CatalogFile::VERIFICATION_VERIFIED) return Colour::kGood;
  return verification == v1::CatalogFile::VERIFICATION_REFUSED ? Colour::kBad : Colour::kOpen;
}

std::string Standing(const v1::CatalogFile& file) {
  std::string standing;
  for (const v1::FileTargetStatus& status : file.target_states()) {
    absl::StrAppend(&standing, standing.empty() ? "" : " ", status.target(), ":", Name(status.state()));
  }
  return standing;
}

ExitCode ListFiles(Session& session, const FilesOptions& options) {
  const Language language = session.language();
  ItemPrinter<v1::CatalogFile> printer(
      session,
      {{.heading = std::string(Say(language, "BERKAS", "FILE"))},
       {.heading = std::string(Say(language, "VERIFIKASI", "VERIFICATION"))},
       {.heading = std::string(Say(language, "NAMA", "NAME"))},
       {.heading = std::string(Say(language, "PRODUSEN", "PRODUCER")), .widest = 30},
       {.heading = std::string(Say(language, "DI TUJUAN", "AT TARGETS"))}},
      [](const v1::CatalogFile& file) -> std::vector<Cell> {
        return {{file.file_id()},
                {Name(file.verification()), ColourOfVerification(file.verification())},
                {file.name()},
                {file.producer()},
                {Standing(file)}};
      });
  const grpc::Status status = WalkPages<v1::ListFilesResponse>(
      options.request, options.limit,
      [&](const v1::ListFilesRequest& page, v1::ListFilesResponse* response) {
        return session.Call(session.catalog(), &v1::CatalogService::Stub::ListFiles, page, response);
      },
      [&](const v1::ListFilesResponse& page) { printer.Print(page.files()); });
  return status.ok() ? ExitCode::kGood : session.Fail(status);
}

ExitCode ListValues(Session& session, const ValuesOptions& options) {
  const Language language = session.language();
  ItemPrinter<v1::IndicatorValue> printer(
      session,
      {{.heading = "#", .align = Align::kRight},
       {.heading = std::string(Say(language, "SEL", "CELL")), .widest = 24},
       {.heading = "KODEPEMDA"},
       {.heading = "KODEINDIKATOR"},
       {.heading = "TAHUN"},
       {.heading = std::string(Say(language, "TERTULIS", "WRITTEN")), .align = Align::kRight},
       {.heading = std::string(Say(language, "NILAI", "VALUE")), .align = Align::kRight},
       {.heading = std::string(Say(language, "SEBAB", "FAILURE"))}},
      [](const v1::IndicatorValue& value) -> std::vector<Cell> {
        return {{absl::StrCat(value.position())},
                {absl::StrCat(value.sheet(), value.sheet().empty() ? "" : "!", value.cell())},
                {value.kodepemda()},
                {value.kodeindikator()},
                {value.tahun()},
                {value.raw_value()},
                {value.value()},
                {FailureText(value.failure()), Colour::kBad}};
      });
  const grpc::Status status = WalkPages<v1::ListIndicatorValuesResponse>(
      options.request, options.limit,
      [&](const v1::ListIndicatorValuesRequest& page, v1::ListIndicatorValuesResponse* response) {
        return session.Call(session.catalog(), &v1::CatalogService::Stub::ListIndicatorValues, page,
                            response);
      },
      [&](const v1::ListIndicatorValuesResponse& page) { printer.Print(page.indicator_values()); });
  return status.ok() ? ExitCode::kGood : session.Fail(status);
}

ExitCode SetVerification(Session& session, const v1::SetVerificationRequest& request) {
  v1::CatalogFile file;
  const grpc::Status status =
      session.Call(session.catalog(), &v1::CatalogService::Stub::SetVerification, request, &file);
  if (!status.ok()) return session.Fail(status);
  if (session.json()) {
    session.out() << JsonLine(file);
    return ExitCode::kGood;
  }
  session.out() << Printable(file.file_id()) << "  "
                << Paint(session.out_style(), ColourOfVerification(file.verification()),
                         Name(file.verification()))
                << Say(session.language(), "  revisi ", "  revision ") << file.revision() << "\n";
  return ExitCode::kGood;
}

ExitCode DeleteFile(Session& session, const v1::DeleteFileRequest& request) {
  v1::DeleteFileResponse response;
  const grpc::Status status =
      session.Call(session.catalog(), &v1::CatalogService::Stub::DeleteFile, request, &response);
  if (!status.ok()) return session.Fail(status);
  if (session.json()) {
    session.out() << JsonLine(response);
  } else {
    session.out() << Printable(request.file_id()) << Say(session.language(), "  dihapus\n", "  deleted\n");
  }
  return ExitCode::kGood;
}

void AddFiles(const CommandSet& set) {
  const auto options = std::make_shared<FilesOptions>();
  CLI::App* verb = AddVerb(set, "files", "Daftar berkas dengan keadaannya di setiap tujuan",
                           "List files with their standing at each target");
  AddText(
      verb, "--text", [options](const std::string& text) { options->request.set_text(text); },
      Say(set, "bagian dari nama, nama berkas atau nomor", "part of name, file name or id"));
  AddEnums<v1::CatalogFile::Verification>(
      verb, "--verification", "VERIFICATION_",
      [options](v1::CatalogFile::Verification verification) {
        options->request.set_verification(verification);
      },
      Say(set, "hanya dengan verifikasi ini", "only with this verification"));
  AddText(
      verb, "--theme", [options](const std::string& theme) { options->request.set_theme(theme); },
      Say(set, "hanya tema ini", "only of this theme"));
  AddText(
      verb, "--producer", [options](const std::string& producer) { options->request.set_producer(producer); },
      Say(set, "hanya produsen ini", "only of this producer"));
  CLI::Option* target = AddText(
      verb, "--target", [options](const std::string& name) { options->request.set_target(name); },
      Say(set, "bersama --state: tujuan", "with --state: the target"));
  AddEnums<v1::Delivery::State>(
      verb, "--state", "STATE_", [options](v1::Delivery::State state) { options->request.set_state(state); },
      Say(set, "hanya yang keadaannya begini di --target", "only what stands so at --target"))
      ->needs(target);
  AddLimit(
      verb, [options](int64_t limit) { options->limit = limit; },
      Say(set, "paling banyak sekian", "at most so many"));
  DoesAtServer(verb, set, [options](Session& session) { return ListFiles(session, *options); });
}

void AddValues(const CommandSet& set) {
  const auto options = std::make_shared<ValuesOptions>();
  CLI::App* verb = AddVerb(set, "values", "Nilai indikator yang terbaca dari satu berkas",
                           "List the indicator values that were read out of a file");
  AddArgument(
      verb, "ID", [options](const std::string& id) { options->request.set_file_id(id); },
      Say(set, "berkas", "the file"));
  AddLimit(
      verb, [options](int64_t limit) { options->limit = limit; },
      Say(set, "paling banyak sekian", "at most so many"));
  DoesAtServer(verb, set, [options](Session& session) { return ListValues(session, *options); });
}

void AddVerify(const CommandSet& set) {
  const auto request = std::make_shared<v1::SetVerificationRequest>();
  request->set_verification(v1::CatalogFile::VERIFICATION_VERIFIED);
  CLI::App* verb = AddVerb(set, "verify", "Tandai satu berkas: Sudah Verifikasi", "Mark a file as verified");
  AddArgument(
      verb, "ID", [request](const std::string& id) { request->set_file_id(id); },
      Say(set, "berkas", "the file"));
  CLI::Option* refuse = verb->add_flag_callback(
      "--refuse", [request] { request->set_verification(v1::CatalogFile::VERIFICATION_REFUSED); },
      Say(set, "tandai: Ditolak", "mark it as refused instead"));
  verb->add_flag_callback(
          "--reset", [request] { request->set_verification(v1::CatalogFile::VERIFICATION_UNVERIFIED); },
          Say(set, "tandai: Belum Verifikasi", "mark it as not verified instead"))
      ->excludes(refuse);
  verb->add_option_function<int64_t>(
      "--revision", [request](int64_t revision) { request->set_revision(revision); },
      Say(set, "hanya bila berkas masih pada revisi ini", "only if the file still is at this revision"));
  DoesAtServer(verb, set, [request](Session& session) { return SetVerification(session, *request); });
}

void AddDeleteFile(const CommandSet& set) {
  const auto request = std::make_shared<v1::DeleteFileRequest>();
  CLI::App* verb = AddVerb(set, "delete-file", "Hapus satu berkas dari katalog; yang ada di tujuan tetap",
                           "Remove a file from the catalogue; what targets hold stays");
  AddArgument(
      verb, "ID", [request](const std::string& id) { request->set_file_id(id); },
      Say(set, "berkas", "the file"));
  DoesAtServer(verb, set, [request](Session& session) { return DeleteFile(session, *request); });
}

}  // namespace

void AddCatalogCommands(const CommandSet& set) {
  AddFiles(set);
  AddValues(set);
  AddVerify(set);
  AddDeleteFile(set);
}

}  // namespace satudata::cli
