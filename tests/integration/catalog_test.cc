// The catalogue through its service, over a real store in a directory of the test's own.
#include "server/catalog/catalog.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/durable_store.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"

namespace satudata::rpc {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;

constexpr char kVerified[] =
    R"({"_id":{"$oid":"65f0"},"name":"Produksi padi","temadataset":"Pertanian","metaData":{"produsen":"Dinas"},)"
    R"("filename":"padi.csv","fileType":"csv","isPublic":true,"StatusVerifikasi":"Sudah Verifikasi",)"
    R"("indicatorValues":[{"kodeindikator":"1.02.000318","tahun":"2023","nilai":"2,24"},)"
    R"({"kodeindikator":"1.02.000318","tahun":"2024","nilai":"sekitar 5"}]})"
    "\n";

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() {
    std::string pattern = testing::TempDir() + "/catalog_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    auto store = store::OpenStore({.database_url = "sqlite:///" + directory_ + "/test.db"}, clock_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    catalog_ =
        std::make_unique<catalog::Catalog>(*store_, clock_, catalog::ContentOptions{.directory = directory_});
    edge_ = std::make_unique<RpcEdge>(RpcOptions{.import_limits = {.stall = absl::Milliseconds(200)},
                                                 .store = store_.get(),
                                                 .catalog = catalog_.get()});
  }
  ~CatalogTest() override {
    edge_.reset();
    catalog_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  using Writer = std::unique_ptr<grpc::ClientWriter<v1::ImportFilesRequest>>;
  Writer Import(grpc::ClientContext& context, v1::ImportFilesResponse* response) {
    edge_->SignIn(context, "Operator");
    return edge_->catalog()->ImportFiles(&context, response);
  }
  v1::ImportFilesResponse ImportAll(const std::string& text, size_t chunk_size) {
    grpc::ClientContext context;
    v1::ImportFilesResponse response;
    Writer writer = Import(context, &response);
    for (size_t at = 0; at < text.size(); at += chunk_size) {
      v1::ImportFilesRequest request;
      request.set_chunk(text.substr(at, chunk_size));
      EXPECT_TRUE(writer->Write(request));
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  template <typename Request, typename Response, typename Method>
  grpc::Status Call(Method method, const Request& request, Response* response,
                    const char* role = "Operator") {
    grpc::ClientContext context;
    edge_->SignIn(context, role);
    context.AddMetadata("accept-language", "en");
    const auto stub = edge_->catalog();
    return ((*stub).*method)(&context, request, response);
  }
  using Stub = v1::CatalogService::Stub;

  base::SystemClock clock_;
  std::string directory_;
  std::unique_ptr<store::DurableStore> store_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<RpcEdge> edge_;
};

TEST_F(CatalogTest, ImportsWhateverTheChunks) {
  for (const size_t chunk : {1U, 7U, 100'000U}) {
    const v1::ImportFilesResponse response = ImportAll(kVerified, chunk);
    EXPECT_EQ(response.created_count() + response.unchanged_count(), 1) << chunk;
    EXPECT_EQ(response.refused_count(), 0) << chunk;
  }
  v1::GetFileRequest request;
  request.set_file_id("65f0");
  v1::CatalogFile file;
  ASSERT_TRUE(Call(&Stub::GetFile, request, &file, "Viewer").ok());
  EXPECT_EQ(file.name(), "Produksi padi");
  EXPECT_EQ(file.verification(), v1::CatalogFile::VERIFICATION_VERIFIED);
}

TEST_F(CatalogTest, RefusedLinesAreToldByLineAndTheOthersAreTaken) {
  const v1::ImportFilesResponse response =
      ImportAll(absl::StrCat("not json\n", kVerified, "{\"name\":\"x\"}\n"), 50);
  EXPECT_EQ(response.created_count(), 1);
  ASSERT_EQ(response.refused_count(), 2);
  EXPECT_EQ(response.refused_lines(0).line(), 1);
  EXPECT_EQ(response.refused_lines(0).failure().reason(), "LINE_NOT_JSON");
  EXPECT_EQ(response.refused_lines(1).line(), 3);
  EXPECT_EQ(response.refused_lines(1).failure().reason(), "ID_MISSING");
}

TEST_F(CatalogTest, ListsAThousandRefusedLinesAndCountsAll) {
  std::string text;
  for (int i = 0; i < 2500; ++i) absl::StrAppend(&text, "nonsense\n");
  const v1::ImportFilesResponse response = ImportAll(text, 4096);
  EXPECT_EQ(response.refused_count(), 2500);
  EXPECT_EQ(response.refused_lines_size(), 1000);
}

TEST_F(CatalogTest, ImportsManyFilesInBatches) {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    absl::StrAppend(&text, R"({"_id":"f)", i, R"(","name":"n","StatusVerifikasi":"Ditolak"})", "\n");
  }
  EXPECT_EQ(ImportAll(text, 64 << 10).created_count(), 3000);
  EXPECT_EQ(ImportAll(text, 64 << 10).unchanged_count(), 3000);
}

TEST_F(CatalogTest, AnImporterThatStallsIsEnded) {
  grpc::ClientContext context;
  v1::ImportFilesResponse response;
  Writer writer = Import(context, &response);
  v1::ImportFilesRequest request;
  request.set_chunk(kVerified);
  EXPECT_TRUE(writer->Write(request));
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(ReasonOf(status), "UPLOAD_STALLED");
}

TEST_F(CatalogTest, ACancelledImportEnds) {
  grpc::ClientContext context;
  v1::ImportFilesResponse response;
  Writer writer = Import(context, &response);
  v1::ImportFilesRequest request;
  request.set_chunk("{");
  EXPECT_TRUE(writer->Write(request));
  context.TryCancel();
  EXPECT_EQ(writer->Finish().error_code(), StatusCode::CANCELLED);
}

TEST_F(CatalogTest, AChunkThatIsTooLargeIsRefused) {
  grpc::ClientContext context;
  v1::ImportFilesResponse response;
  Writer writer = Import(context, &response);
  v1::ImportFilesRequest request;
  request.set_chunk(std::string((1 << 20) + 1, ' '));
  writer->Write(request);
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "MESSAGE_TOO_LARGE");
}

TEST_F(CatalogTest, OneImportTooManyIsRefused) {
  grpc::ClientContext contexts[3];
  v1::ImportFilesResponse response;
  std::vector<Writer> writers;
  for (grpc::ClientContext& context : contexts) writers.push_back(Import(context, &response));
  int refused = 0;
  int stalled = 0;
  for (const Writer& writer : writers) {
    const grpc::Status status = writer->Finish();
    refused += ReasonOf(status) == "TOO_MANY_STREAMS" ? 1 : 0;
    stalled += status.error_code() == StatusCode::DEADLINE_EXCEEDED ? 1 : 0;
  }
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(stalled, 2);
}

TEST_F(CatalogTest, UpsertNeverVerifies) {
  v1::UpsertFileRequest request;
  request.mutable_file()->set_file_id("f1");
  request.mutable_file()->set_name("Produksi jagung");
  request.mutable_file()->set_verification(v1::CatalogFile::VERIFICATION_VERIFIED);
  v1::CatalogFile file;
  ASSERT_TRUE(Call(&Stub::UpsertFile, request, &file).ok());
  EXPECT_EQ(file.verification(), v1::CatalogFile::VERIFICATION_UNVERIFIED);
  EXPECT_GT(file.revision(), 0);
}

TEST_F(CatalogTest, AValidatorVerifiesWhatItLookedAt) {
  v1::UpsertFileRequest upsert;
  upsert.mutable_file()->set_file_id("f1");
  v1::CatalogFile file;
  ASSERT_TRUE(Call(&Stub::UpsertFile, upsert, &file).ok());
  v1::SetVerificationRequest request;
  request.set_file_id("f1");
  request.set_verification(v1::CatalogFile::VERIFICATION_VERIFIED);
  request.set_revision(file.revision() + 7);
  EXPECT_EQ(ReasonOf(Call(&Stub::SetVerification, request, &file, "Validator")), "REVISION_CHANGED");
  request.set_revision(file.revision());
  ASSERT_TRUE(Call(&Stub::SetVerification, request, &file, "Validator").ok());
  EXPECT_EQ(file.verification(), v1::CatalogFile::VERIFICATION_VERIFIED);
}

TEST_F(CatalogTest, WalksThePagesOfFiles) {
  std::string text;
  for (int i = 0; i < 25; ++i) {
    absl::StrAppend(&text, R"({"_id":"f)", 100 + i, R"(","name":"n","StatusVerifikasi":"Ditolak"})", "\n");
  }
  ImportAll(text, 4096);
  v1::ListFilesRequest request;
  request.set_page_size(10);
  std::vector<std::string> ids;
  int pages = 0;
  do {
    v1::ListFilesResponse response;
    ASSERT_TRUE(Call(&Stub::ListFiles, request, &response, "Viewer").ok());
    for (const v1::CatalogFile& file : response.files()) ids.push_back(file.file_id());
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(ids.size(), 25U);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  request.set_page_token("bm9uc2Vuc2U");
  v1::ListFilesResponse response;
  EXPECT_EQ(ReasonOf(Call(&Stub::ListFiles, request, &response, "Viewer")), "PAGE_TOKEN_INVALID");
}

TEST_F(CatalogTest, GoesToAnyRowAndOnFromThere) {
  std::string text;
  for (int i = 0; i < 25; ++i) {
    absl::StrAppend(&text, R"({"_id":"f)", 100 + i, R"(","name":"n","StatusVerifikasi":"Ditolak"})", "\n");
  }
  ImportAll(text, 4096);
  v1::ListFilesRequest request;
  request.set_page_size(4);
  request.set_skip(18);
  v1::ListFilesResponse response;
  ASSERT_TRUE(Call(&Stub::ListFiles, request, &response, "Viewer").ok());
  EXPECT_EQ(response.total_count(), 25);
  ASSERT_EQ(response.files_size(), 4);
  EXPECT_EQ(response.files(0).file_id(), "f118");
  request.set_skip(0);
  request.set_page_token(response.next_page_token());
  ASSERT_TRUE(Call(&Stub::ListFiles, request, &response, "Viewer").ok());
  ASSERT_EQ(response.files_size(), 3);
  EXPECT_EQ(response.files(0).file_id(), "f122");
  EXPECT_EQ(response.next_page_token(), "");
  EXPECT_EQ(response.total_count(), 25);
  request.clear_page_token();
  request.set_skip(-1);
  EXPECT_EQ(ReasonOf(Call(&Stub::ListFiles, request, &response, "Viewer")), "FIELD_INVALID");
  request.set_skip(1000);
  request.set_text("F12");
  ASSERT_TRUE(Call(&Stub::ListFiles, request, &response, "Viewer").ok());
  EXPECT_EQ(response.files_size(), 0);
  EXPECT_EQ(response.total_count(), 5);
}

TEST_F(CatalogTest, SaysWhatTheListCanBeAskedFor) {
  ImportAll(absl::StrCat(kVerified, R"({"_id":"f2","name":"n","temadataset":")", std::string(600, 'x'),
                         R"(","StatusVerifikasi":"Ditolak"})", "\n"),
            4096);
  v1::GetCatalogSummaryResponse summary;
  ASSERT_TRUE(Call(&Stub::GetCatalogSummary, v1::GetCatalogSummaryRequest(), &summary, "Viewer").ok());
  EXPECT_EQ(summary.file_count(), 2);
  EXPECT_EQ(summary.verified_file_count(), 1);
  ASSERT_EQ(summary.themes_size(), 1);  // The other one is too long for a filter.
  EXPECT_EQ(summary.themes(0).name(), "Pertanian");
  EXPECT_EQ(summary.themes(0).count(), 1);
  ASSERT_EQ(summary.producers_size(), 2);
  EXPECT_EQ(summary.producers(0).name(), "");
  EXPECT_EQ(summary.producers(1).name(), "Dinas");
}

TEST_F(CatalogTest, ShowsTheValuesWithWhatIsWrong) {
  ImportAll(kVerified, 4096);
  v1::ListIndicatorValuesRequest request;
  request.set_file_id("65f0");
  request.set_page_size(1);
  v1::ListIndicatorValuesResponse response;
  ASSERT_TRUE(Call(&Stub::ListIndicatorValues, request, &response, "Viewer").ok());
  ASSERT_EQ(response.indicator_values_size(), 1);
  EXPECT_EQ(response.indicator_values(0).value(), "2.24");
  request.set_page_token(response.next_page_token());
  ASSERT_TRUE(Call(&Stub::ListIndicatorValues, request, &response, "Viewer").ok());
  EXPECT_EQ(response.indicator_values(0).failure().reason(), "NUMBER_INVALID");
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(CatalogTest, ReadsAFileByItsMappingAndSaysWhereEachFigureStands) {
  std::ofstream(directory_ + "/padi.csv") << "Kode DSSD;Tahun;Target;Hasil;Satuan\n"
                                             "1.02.000318;2024;10;1.234;ton\n1.02.000319;2024;10;lima;ton\n";
  v1::UpsertFileRequest upsert;
  upsert.mutable_file()->set_file_id("padi");
  upsert.mutable_file()->set_file_name("padi.csv");
  upsert.mutable_file()->mutable_mapping()->set_value_column("hasil");
  upsert.mutable_file()->mutable_mapping()->set_number_format(v1::FileMapping::NUMBER_FORMAT_INDONESIAN);
  v1::CatalogFile file;
  ASSERT_TRUE(Call(&Stub::UpsertFile, upsert, &file).ok());
  EXPECT_EQ(file.mapping().value_column(), "hasil");
  EXPECT_EQ(file.mapping().number_format(), v1::FileMapping::NUMBER_FORMAT_INDONESIAN);
  v1::ListIndicatorValuesRequest request;
  request.set_file_id("padi");
  v1::ListIndicatorValuesResponse response;
  ASSERT_TRUE(Call(&Stub::ListIndicatorValues, request, &response, "Viewer").ok());
  ASSERT_EQ(response.indicator_values_size(), 2);
  EXPECT_EQ(response.indicator_values(0).value(), "1234");
  EXPECT_EQ(response.indicator_values(0).cell(), "D2");
  EXPECT_EQ(response.indicator_values(0).column(), "Hasil");
  EXPECT_EQ(response.indicator_values(0).satuan(), "ton");
  EXPECT_THAT(response.indicator_values(1).failure().message(), testing::StartsWith("Cell D3: \"lima\""));
}

TEST_F(CatalogTest, AnImportedMappingThatIsNotUnderstoodIsToldByItsKey) {
  const v1::ImportFilesResponse response = ImportAll("{\"_id\":\"a\",\"mapping\":{\"kolom\":\"C\"}}\n", 100);
  ASSERT_EQ(response.refused_count(), 1);
  EXPECT_EQ(response.refused_lines(0).line(), 1);
  EXPECT_EQ(response.refused_lines(0).field(), "mapping.kolom");
}

TEST_F(CatalogTest, AFileThatIsNotThereIsNotFound) {
  v1::GetFileRequest get;
  get.set_file_id("nope");
  v1::CatalogFile file;
  const grpc::Status status = Call(&Stub::GetFile, get, &file, "Viewer");
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("is not in the catalogue"));
  v1::ListIndicatorValuesRequest values;
  values.set_file_id("nope");
  v1::ListIndicatorValuesResponse values_response;
  EXPECT_EQ(ReasonOf(Call(&Stub::ListIndicatorValues, values, &values_response)), "FILE_NOT_FOUND");
  v1::DeleteFileRequest remove;
  remove.set_file_id("nope");
  v1::DeleteFileResponse removed;
  EXPECT_EQ(ReasonOf(Call(&Stub::DeleteFile, remove, &removed)), "FILE_NOT_FOUND");
}

TEST_F(CatalogTest, FileStatusListsEveryConfiguredTarget) {
  ImportAll(kVerified, 4096);
  grpc::ClientContext context;
  edge_->SignIn(context, "Viewer");
  v1::GetFileStatusRequest request;
  request.set_file_id("65f0");
  v1::GetFileStatusResponse response;
  ASSERT_TRUE(edge_->integration()->GetFileStatus(&context, request, &response).ok());
  ASSERT_EQ(response.statuses_size(), 2);
  EXPECT_EQ(response.statuses(0).target(), "sipd");
  EXPECT_EQ(response.statuses(0).state(), v1::Delivery::STATE_UNSPECIFIED);
  EXPECT_EQ(response.statuses(1).target(), "splp");
}

}  // namespace
}  // namespace satudata::rpc
