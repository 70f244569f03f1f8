// Content that is uploaded, through the service, over a real store in a directory of the test's own.
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "server/catalog/catalog.h"
#include "server/store/durable_store.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"

namespace satudata::rpc {
namespace {

namespace fs = std::filesystem;
using grpc::StatusCode;
using Verification = v1::CatalogFile;

constexpr char kCsv[] = "kodeindikator;tahun;nilai\n1.02.000318;2024;2,24\n";
constexpr char kOtherCsv[] = "kodeindikator;tahun;nilai\n1.02.000318;2024;2,25\n1.02.000319;2024;7\n";

class UploadTest : public testing::Test {
 protected:
  UploadTest() {
    std::string pattern = testing::TempDir() + "/upload_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    auto store = store::OpenStore({.database_url = "sqlite:///" + directory_ + "/test.db"}, clock_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    catalog_ = std::make_unique<catalog::Catalog>(
        *store_, clock_, catalog::ContentOptions{.directory = content(), .max_file_bytes = 1000});
    edge_ = std::make_unique<RpcEdge>(RpcOptions{
        .import_limits = {.stall = absl::Seconds(2)}, .store = store_.get(), .catalog = catalog_.get()});
    fs::create_directories(content());
    Upsert("padi.csv");
  }
  ~UploadTest() override {
    edge_.reset();
    catalog_.reset();
    store_.reset();
    fs::remove_all(directory_);
  }

  std::string content() const { return directory_ + "/content"; }
  void Upsert(const std::string& file_name) {
    v1::UpsertFileRequest request;
    request.mutable_file()->set_file_id("65f0");
    request.mutable_file()->set_name("Produksi padi");
    request.mutable_file()->set_file_name(file_name);
    grpc::ClientContext context;
    edge_->SignIn(context, "Operator");
    v1::CatalogFile file;
    ASSERT_TRUE(edge_->catalog()->UpsertFile(&context, request, &file).ok());
  }
  void Verify() {
    ASSERT_TRUE(catalog_->SetVerification("65f0", catalog::Verification::kVerified, std::nullopt).ok());
  }
  catalog::CatalogFile File() { return *store_->GetFile("65f0"); }
  size_t ValueCount() { return store_->ListValues("65f0", 0, 100)->size(); }

  static v1::UploadContentRequest Head(const std::string& file_id, const std::string& sha256) {
    v1::UploadContentRequest request;
    request.mutable_head()->set_file_id(file_id);
    request.mutable_head()->set_sha256(sha256);
    request.mutable_head()->set_file_name("padi 2024.csv");
    return request;
  }
  static v1::UploadContentRequest Head(const std::string& file_id, size_t size) {
    v1::UploadContentRequest request = Head(file_id, "");
    request.mutable_head()->set_size_bytes(static_cast<int64_t>(size));
    return request;
  }
  static std::vector<v1::UploadContentRequest> Whole(const std::string& bytes) {
    return {Head("65f0", bytes.size()), Piece(bytes)};
  }
  static v1::UploadContentRequest Piece(const std::string& bytes) {
    v1::UploadContentRequest request;
    request.set_chunk(bytes);
    return request;
  }
  grpc::Status Upload(const std::vector<v1::UploadContentRequest>& messages) {
    grpc::ClientContext context;
    edge_->SignIn(context, "Operator");
    context.AddMetadata("accept-language", "en");
    const auto writer = edge_->catalog()->UploadContent(&context, &response_);
    for (const auto& message : messages) {
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    return writer->Finish();
  }
  std::string ReasonOfUpload(const std::vector<v1::UploadContentRequest>& messages) {
    return ReasonOf(Upload(messages));
  }
  size_t StoredCount() const {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(content()))
      count += entry.is_regular_file() ? 1 : 0;
    return count;
  }

  base::SystemClock clock_;
  std::string directory_;
  std::unique_ptr<store::DurableStore> store_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<RpcEdge> edge_;
  v1::UploadContentResponse response_;
};

TEST_F(UploadTest, WhatIsUploadedIsTheContentFromThenOn) {
  const std::string csv = kCsv;
  const grpc::Status status =
      Upload({Head("65f0", base::Sha256Hex(csv)), Piece(csv.substr(0, 10)), Piece(csv.substr(10))});
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response_.sha256(), base::Sha256Hex(csv));
  EXPECT_EQ(response_.size_bytes(), csv.size());
  EXPECT_EQ(response_.file().file_name(), "padi.csv");
  ASSERT_EQ(ValueCount(), 1);
  EXPECT_EQ(store_->ListValues("65f0", 0, 1)->front().value, "2.24");

  // Another file of the same name beside it changes nothing, nor does the portal's next word about the file.
  std::ofstream(content() + "/padi.csv") << kOtherCsv;
  Upsert("padi.csv");
  EXPECT_EQ(ValueCount(), 1);
  // With another name the file speaks of other content.
  Upsert("padi-baru.csv");
  EXPECT_EQ(File().content_name, "");
  EXPECT_EQ(ValueCount(), 0);
}

TEST_F(UploadTest, OtherBytesTakeTheVerificationAwayAndTheSameDoNot) {
  std::ofstream(content() + "/padi.csv") << kCsv;
  Verify();
  ASSERT_TRUE(Upload(Whole(kCsv)).ok());
  EXPECT_EQ(response_.file().verification(), v1::CatalogFile::VERIFICATION_VERIFIED);
  ASSERT_TRUE(Upload(Whole(kCsv)).ok());
  EXPECT_EQ(response_.file().verification(), v1::CatalogFile::VERIFICATION_VERIFIED);
  ASSERT_TRUE(Upload(Whole(kOtherCsv)).ok());
  EXPECT_EQ(response_.file().verification(), v1::CatalogFile::VERIFICATION_UNVERIFIED);
  EXPECT_EQ(ValueCount(), 2);
}

TEST_F(UploadTest, TheFirstContentOfAVerifiedFileTakesItsVerificationAway) {
  Verify();
  ASSERT_TRUE(Upload(Whole(kCsv)).ok());
  EXPECT_EQ(response_.file().verification(), v1::CatalogFile::VERIFICATION_UNVERIFIED);
}

TEST_F(UploadTest, AFileWithoutANameTakesThatOfTheUpload) {
  Upsert("");
  ASSERT_TRUE(Upload(Whole(kCsv)).ok());
  EXPECT_EQ(response_.file().file_name(), "padi 2024.csv");
  EXPECT_EQ(ValueCount(), 1);
}

TEST_F(UploadTest, WhatCannotBeReadIsStoredAndItsValuesAreGone) {
  ASSERT_TRUE(Upload(Whole(kCsv)).ok());
  ASSERT_TRUE(Upload(Whole("kodeindikator;tahun\n1.02.000318;2024\n")).ok());
  EXPECT_EQ(ValueCount(), 0);
  const auto states = catalog_->RefreshContent({"65f0"});
  ASSERT_TRUE(states.ok());
  EXPECT_EQ(states->front().content_failure.reason, catalog::Reason::kColumnMissing);
}

TEST_F(UploadTest, WhatIsRefusedLeavesNothingBehind) {
  EXPECT_EQ(ReasonOfUpload({}), "FIELD_REQUIRED");
  EXPECT_EQ(ReasonOfUpload({Piece(kCsv)}), "FIELD_REQUIRED");
  EXPECT_EQ(ReasonOfUpload({Head("", 1)}), "FIELD_REQUIRED");
  EXPECT_EQ(ReasonOfUpload({Head("65f0", "ABC")}), "FIELD_INVALID");
  EXPECT_EQ(ReasonOfUpload({Head("65f1", 1)}), "FILE_NOT_FOUND");
  EXPECT_EQ(ReasonOfUpload({Head("65f0", ""), Piece(kCsv)}), "FIELD_REQUIRED");
  EXPECT_EQ(ReasonOfUpload({Head("65f0", 4), Piece("abc")}), "CONTENT_NOT_AS_STATED");
  EXPECT_EQ(ReasonOfUpload({Head("65f0", 1), Head("65f0", 1)}), "FIELD_INVALID");
  EXPECT_EQ(ReasonOfUpload({Head("65f0", 0)}), "CONTENT_EMPTY");
  EXPECT_EQ(ReasonOfUpload({Head("65f0", base::Sha256Hex("x")), Piece("y")}), "CONTENT_NOT_AS_STATED");
  EXPECT_EQ(ReasonOfUpload(Whole(std::string(1001, 'x'))), "CONTENT_TOO_LARGE");
  EXPECT_EQ(ReasonOfUpload(Whole(std::string((1 << 20) + 1, 'x'))), "MESSAGE_TOO_LARGE");
  EXPECT_EQ(StoredCount(), 0);
  EXPECT_EQ(File().content_name, "");
}

TEST_F(UploadTest, WhatBreaksOffLeavesNothingBehind) {
  grpc::ClientContext context;
  edge_->SignIn(context, "Operator");
  const auto writer = edge_->catalog()->UploadContent(&context, &response_);
  ASSERT_TRUE(writer->Write(Head("65f0", 1000)));
  ASSERT_TRUE(writer->Write(Piece(kCsv)));
  context.TryCancel();
  EXPECT_EQ(writer->Finish().error_code(), StatusCode::CANCELLED);
  Await([this] { return StoredCount() == 0; }, "cancelled");

  grpc::ClientContext silent;
  edge_->SignIn(silent, "Operator");
  const auto stalled = edge_->catalog()->UploadContent(&silent, &response_);
  ASSERT_TRUE(stalled->Write(Head("65f0", 1000)));
  EXPECT_EQ(ReasonOf(stalled->Finish()), "UPLOAD_STALLED");

  Await([this] { return StoredCount() == 0; }, "stalled");
}

}  // namespace
}  // namespace satudata::rpc
