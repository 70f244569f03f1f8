// Drives the service as grpcurl would: by reflection, with JSON, knowing nothing but the address and a token.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class BufCurlTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* configured = std::getenv("BUF");
    buf_ = configured != nullptr ? configured : SATUDATA_BUF;
    if (!std::filesystem::exists(buf_))
      GTEST_SKIP() << "no buf at " << buf_ << "; tests/checks/run.sh protos installs it";
    stack_ = std::make_unique<Stack>();
    const Finished token = stack_->Ctl({"token", "--role", "Operator", "--user", "siti"});
    token_ = token.output.substr(0, token.output.find('\n'));
  }

  Finished Call(const std::string& method, const json& request, std::vector<std::string> headers = {}) {
    std::vector<std::string> command = {
        buf_,           "curl",   "--protocol",  "grpc", "--http2-prior-knowledge", "--reflect-protocol",
        "grpc-v1alpha", "--data", request.dump()};
    headers.push_back("authorization: Bearer " + token_);
    for (const std::string& header : headers) {
      command.push_back("--header");
      command.push_back(header);
    }
    command.push_back(absl::StrCat("http://", stack_->server_address(), "/satudata.integration.v1.", method));
    return stack_->RunProgram(std::move(command));
  }

  // The reason in the error's google.rpc.ErrorInfo; empty if there is none.
  static std::string ReasonOf(const Finished& call) {
    const json error = json::parse(call.errors, nullptr, /*allow_exceptions=*/false);
    for (const json& detail : error.is_object() ? error.value("details", json::array()) : json::array()) {
      google::rpc::ErrorInfo info;
      std::string bytes;
      if (detail.value("type", "") == "google.rpc.ErrorInfo" &&
          absl::Base64Unescape(detail.value("value", ""), &bytes) && info.ParseFromString(bytes)) {
        return info.reason();
      }
    }
    return "";
  }

  void AddFile(const std::string& id) {
    const json file = {{"fileId", id},
                       {"name", "Jumlah Puskesmas"},
                       {"theme", "Kesehatan"},
                       {"producer", "Dinas Kesehatan"},
                       {"coverage", "Kabupaten"},
                       {"frequency", "Tahunan"},
                       {"dimension", "Kecamatan"},
                       {"fileName", id + ".pdf"},
                       {"fileType", "pdf"},
                       {"public", true}};
    const Finished added = Call("CatalogService/UpsertFile", {{"file", file}});
    ASSERT_EQ(added.code, 0) << added.errors;
  }
  void Verify(const std::string& id) {
    const Finished verified =
        Call("CatalogService/SetVerification", {{"fileId", id}, {"verification", "VERIFICATION_VERIFIED"}});
    ASSERT_EQ(verified.code, 0) << verified.errors;
  }

  std::string buf_;
  std::string token_;
  std::unique_ptr<Stack> stack_;
};

TEST_F(BufCurlTest, SyncFileAndSyncAllStreamToTheirEnd) {
  AddFile("f1");
  AddFile("f2");
  Verify("f1");
  const Finished file =
      Call("IntegrationService/SyncFile", {{"fileId", "f1"}, {"targets", {"splp"}}, {"strict", true}});
  EXPECT_EQ(file.code, 0) << file.errors;
  EXPECT_THAT(file.output, HasSubstr("STATE_SENDING"));
  EXPECT_THAT(file.output, HasSubstr("STATE_SUCCEEDED"));
  EXPECT_TRUE(stack_->Truth()["splp"]["f1"]["held"].get<bool>());
  const Finished all = Call("IntegrationService/SyncAll", {{"targets", {"splp"}}});
  EXPECT_EQ(all.code, 0) << all.errors;
  EXPECT_THAT(all.output, HasSubstr("fileSkipped"));
  EXPECT_THAT(all.output, HasSubstr("STATE_SUCCEEDED"));
}

TEST_F(BufCurlTest, ErrorsCarryReasonsInTheCallersLanguage) {
  AddFile("f1");
  const Finished unverified = Call("IntegrationService/SyncFile", {{"fileId", "f1"}});
  EXPECT_NE(unverified.code, 0);
  EXPECT_THAT(unverified.errors, HasSubstr("failed_precondition"));
  EXPECT_EQ(ReasonOf(unverified), "FILE_NOT_VERIFIED");
  const Finished missing = Call("IntegrationService/SyncFile", {{"fileId", "zzz"}});
  EXPECT_THAT(missing.errors, HasSubstr("not_found"));
  EXPECT_EQ(ReasonOf(missing), "FILE_NOT_FOUND");
  const Finished target = Call("IntegrationService/SyncAll", {{"targets", {"mars"}}});
  EXPECT_THAT(target.errors, HasSubstr("invalid_argument"));
  EXPECT_EQ(ReasonOf(target), "TARGET_UNKNOWN");
  const Finished page = Call("IntegrationService/ListRuns", {{"pageSize", -1}});
  EXPECT_EQ(ReasonOf(page), "PAGE_SIZE_INVALID");
  const Finished foreign = Call("IntegrationService/ListRuns", {{"pageToken", "bm9uc2Vuc2U="}});
  EXPECT_EQ(ReasonOf(foreign), "PAGE_TOKEN_INVALID");
  const Finished nobody = Call("IntegrationService/RetryRun", {{"runId", "x"}});
  EXPECT_THAT(nobody.errors, HasSubstr("not_found"));
  EXPECT_EQ(ReasonOf(nobody), "RUN_NOT_FOUND");

  const Finished indonesian =
      Call("IntegrationService/SyncFile", {{"fileId", "zzz"}}, {"accept-language: id"});
  const Finished english = Call("IntegrationService/SyncFile", {{"fileId", "zzz"}}, {"accept-language: en"});
  EXPECT_NE(indonesian.errors, english.errors);
}

TEST_F(BufCurlTest, StrictSpeaksThroughTheStatus) {
  const json bad_file = {{"fileId", "f3"}, {"name", "Tanpa produsen"}};
  ASSERT_EQ(Call("CatalogService/UpsertFile", {{"file", bad_file}}).code, 0);
  Verify("f3");
  const Finished strict =
      Call("IntegrationService/SyncFile", {{"fileId", "f3"}, {"targets", {"splp"}}, {"strict", true}});
  EXPECT_NE(strict.code, 0);
  EXPECT_THAT(strict.errors, HasSubstr("aborted"));
  EXPECT_EQ(ReasonOf(strict), "RUN_NOT_SUCCEEDED");
  EXPECT_THAT(strict.output, HasSubstr("METADATA_MISSING"));
}

TEST_F(BufCurlTest, ATokenThatIsMissingOrWrongIsRefused) {
  token_ = "not.a.token";
  const Finished wrong = Call("IntegrationService/ListRuns", json::object());
  EXPECT_NE(wrong.code, 0);
  EXPECT_THAT(wrong.errors, HasSubstr("unauthenticated"));
}

}  // namespace
}  // namespace satudata::e2e
