// The verb import: streams the portal's export to the server.
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/json_line.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

constexpr size_t kChunkBytes = 256 << 10;
constexpr absl::string_view kStandardInput = "-";

struct ImportOptions {
  std::vector<std::string> files;
};

grpc::Status Send(Session& session, std::istream& source, v1::ImportFilesResponse* response) {
  const absl::StatusOr<std::shared_ptr<grpc::ClientContext>> context = session.NewContext(CallLimit::kNone);
  if (!context.ok()) return Session::NoContext(context.status());
  const std::unique_ptr<grpc::ClientWriter<v1::ImportFilesRequest>> writer =
      session.catalog().ImportFiles(context->get(), response);
  v1::ImportFilesRequest request;
  std::string& chunk = *request.mutable_chunk();
  while (source) {
    chunk.resize(kChunkBytes);
    source.read(chunk.data(), static_cast<std::streamsize>(kChunkBytes));
    chunk.resize(static_cast<size_t>(source.gcount()));
    if (chunk.empty() || !writer->Write(request)) break;
  }
  // Half an export must not be taken for a whole one.
  if (source.bad()) (*context)->TryCancel();
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (source.bad())
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the file could not be read to its end");
  return status;
}

std::string Account(absl::string_view file, const v1::ImportFilesResponse& response, const Style& style) {
  const Language language = style.language;
  std::string text = absl::StrCat(
      Printable(file), ": ", FormatCount(response.created_count(), language),
      Say(language, " baru, ", " created, "), FormatCount(response.updated_count(), language),
      Say(language, " diperbarui, ", " updated, "), FormatCount(response.unchanged_count(), language),
      Say(language, " tetap, ", " unchanged, "),
      Paint(style, response.refused_count() > 0 ? Colour::kBad : Colour::kNone,
            absl::StrCat(FormatCount(response.refused_count(), language),
                         Say(language, " ditolak", " refused"))),
      "\n");
  for (const v1::RefusedLine& line : response.refused_lines()) {
    absl::StrAppend(&text, Say(language, "  baris ", "  line "), line.line());
    if (!line.field().empty()) absl::StrAppend(&text, ", ", Printable(line.field()));
    absl::StrAppend(&text, ": ", Printable(line.failure().message()), " [",
                    Printable(line.failure().reason()), "]\n");
  }
  if (response.refused_count() > response.refused_lines_size()) {
    absl::StrAppend(&text, "  …\n");
  }
  return text;
}

// Nothing at all was taken of a file that had something in it.
bool IsRefusedWhole(const v1::ImportFilesResponse& response) {
  return response.refused_count() > 0 &&
         response.created_count() + response.updated_count() + response.unchanged_count() == 0;
}

ExitCode ImportFrom(Session& session, absl::string_view name, std::istream& source) {
  v1::ImportFilesResponse response;
  const grpc::Status status = Send(session, source, &response);
  if (!status.ok()) return session.Fail(status);
  session.out() << (session.json() ? JsonLine(response) : Account(name, response, session.out_style()))
                << std::flush;
  return IsRefusedWhole(response) ? ExitCode::kNotSucceeded : ExitCode::kGood;
}

ExitCode ImportFile(Session& session, const std::string& path) {
  if (path == kStandardInput) return ImportFrom(session, path, *session.surroundings().in);
  std::ifstream file(path, std::ios::binary);
  if (file && file.peek() != std::ifstream::traits_type::eof()) return ImportFrom(session, path, file);
  if (file.eof() && !file.bad()) {
    file.clear();
    return ImportFrom(session, path, file);  // Empty: the server says so in its counts.
  }
  session.err() << "integrationctl: "
                << Say(session.language(), "berkas tidak dapat dibaca: ", "cannot read ") << Printable(path)
                << "\n";
  return ExitCode::kUsage;
}

ExitCode Import(Session& session, const ImportOptions& options) {
  for (const std::string& path : options.files) {
    const ExitCode exit_code = ImportFile(session, path);
    if (exit_code != ExitCode::kGood) return exit_code;
  }
  return ExitCode::kGood;
}

}  // namespace

void AddImportCommand(const CommandSet& set) {
  const auto options = std::make_shared<ImportOptions>();
  CLI::App* verb = AddVerb(set, "import", "Muat hasil mongoexport portal ke katalog",
                           "Take the portal's mongoexport output into the catalogue");
  verb->add_option("FILE", options->files,
                   Say(set, "berkas JSON; - untuk masukan standar", "JSON files; - for standard input"))
      ->required();
  DoesAtServer(verb, set, [options](Session& session) { return Import(session, *options); });
}

}  // namespace satudata::cli
