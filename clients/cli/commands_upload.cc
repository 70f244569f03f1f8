// The verb upload: sends a file's content to the server.
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/json_line.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

struct UploadOptions {
  std::string file_id;
  std::string path;
  std::string sha256;
};

std::string BaseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

grpc::Status Send(Session& session, const UploadOptions& options, std::istream& source, int64_t size,
                  v1::UploadContentResponse* response) {
  const absl::StatusOr<std::shared_ptr<grpc::ClientContext>> context = session.NewContext(CallLimit::kNone);
  if (!context.ok()) return Session::NoContext(context.status());
  const std::unique_ptr<grpc::ClientWriter<v1::UploadContentRequest>> writer =
      session.catalog().UploadContent(context->get(), response);
  v1::UploadContentRequest request;
  request.mutable_head()->set_file_id(options.file_id);
  request.mutable_head()->set_sha256(options.sha256);
  request.mutable_head()->set_size_bytes(size);
  request.mutable_head()->set_file_name(BaseName(options.path));
  bool open = writer->Write(request);
  while (open && source) {
    std::string& chunk = *request.mutable_chunk();
    chunk.resize(kChunkBytes);
    source.read(chunk.data(), static_cast<std::streamsize>(kChunkBytes));
    chunk.resize(static_cast<size_t>(source.gcount()));
    open = !chunk.empty() && writer->Write(request);
  }
  // Half a file must not be taken for a whole one.
  if (source.bad()) (*context)->TryCancel();
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!source.bad()) return status;
  return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the file could not be read to its end");
}

std::string Account(const v1::UploadContentResponse& response, Language language) {
  return absl::StrCat(Printable(response.file().file_id()), ": ",
                      FormatCount(response.size_bytes(), language),
                      Say(language, " byte disimpan, SHA-256 ", " bytes stored, SHA-256 "),
                      Printable(response.sha256()), "\n");
}

ExitCode Upload(Session& session, const UploadOptions& options) {
  std::ifstream file(options.path, std::ios::binary);
  std::error_code error;
  const auto size = std::filesystem::file_size(options.path, error);
  if (!file.is_open() || error) {
    session.err() << "integrationctl: "
                  << Say(session.language(), "berkas tidak dapat dibaca: ", "cannot read ")
                  << Printable(options.path) << "\n";
    return ExitCode::kUsage;
  }
  v1::UploadContentResponse response;
  const grpc::Status status = Send(session, options, file, static_cast<int64_t>(size), &response);
  if (!status.ok()) return session.Fail(status);
  session.out() << (session.json() ? JsonLine(response) : Account(response, session.language()))
                << std::flush;
  return ExitCode::kGood;
}

}  // namespace

void AddUploadCommand(const CommandSet& set) {
  const auto options = std::make_shared<UploadOptions>();
  CLI::App* verb =
      AddVerb(set, "upload", "Unggah isi satu berkas katalog", "Upload the content of a catalogue file");
  AddArgument(
      verb, "ID", [options](const std::string& id) { options->file_id = id; },
      Say(set, "nomor berkas di katalog", "the file's id in the catalogue"));
  AddArgument(
      verb, "FILE", [options](const std::string& path) { options->path = path; },
      Say(set, "berkas CSV, XLSX, XLS, PDF, …", "a CSV, XLSX, XLS, PDF, … file"));
  AddText(
      verb, "--sha256", [options](const std::string& sha256) { options->sha256 = sha256; },
      Say(set, "ditolak bila yang tiba bukan ini", "refused if what arrives is not this"));
  DoesAtServer(verb, set, [options](Session& session) { return Upload(session, *options); });
}

}  // namespace satudata::cli
