// Drives the service as pages do: standard gRPC-Web clients, unchanged, run by Node against WEB_LISTEN.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/rpc/error_details.pb.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "satudata/integration/v1/integration_service.pb.h"
#include "satudata/integration/v1/target_service.pb.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorSet;
using testing::HasSubstr;
namespace v1 = ::satudata::integration::v1;

// Each file after those that it imports.
void Add(const FileDescriptor* file, std::set<std::string>* known, FileDescriptorSet* set) {
  if (!known->insert(file->name()).second) return;
  for (int i = 0; i < file->dependency_count(); ++i) Add(file->dependency(i), known, set);
  file->CopyTo(set->add_file());
}

FileDescriptorSet Api() {
  FileDescriptorSet set;
  std::set<std::string> known;
  for (const auto* message : {v1::SyncAllRequest::descriptor(), v1::GetFileRequest::descriptor(),
                              v1::ListTargetsRequest::descriptor(), google::rpc::ErrorInfo::descriptor()}) {
    Add(message->file(), &known, &set);
  }
  return set;
}

class GrpcWebTest : public testing::Test {
 protected:
  void SetUp() override { Start("0ms"); }

  void Start(const std::string& target_latency) {
    stack_ = std::make_unique<Stack>(Stack::Options{.simulator_flags = {"--latency", target_latency}});
    const Finished found = stack_->RunProgram({"sh", "-c", "command -v node && command -v npm"});
    if (found.code != 0) GTEST_SKIP() << "no node and npm here";
    const Finished installed = stack_->RunProgram({absl::StrCat(SATUDATA_GRPC_WEB_DIR, "/install.sh")});
    ASSERT_EQ(installed.code, 0) << installed.errors;
    folder_ = std::string(absl::StripSuffix(installed.output, "\n"));
    std::ofstream file(stack_->Path("api.binpb"), std::ios::binary);
    ASSERT_TRUE(Api().SerializeToOstream(&file));
    const Finished token = stack_->Ctl({"token", "--role", "Operator", "--user", "siti"});
    token_ = token.output.substr(0, token.output.find('\n'));
    ASSERT_EQ(stack_->Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  }

  // Modules are looked for beside the script, so it runs from where they were installed.
  void Run(const std::string& scenario) {
    const std::filesystem::path script =
        std::filesystem::path(folder_) / absl::StrCat(scenario, "-", getpid(), ".mjs");
    std::filesystem::copy_file(absl::StrCat(SATUDATA_GRPC_WEB_DIR, "/client.mjs"), script,
                               std::filesystem::copy_options::overwrite_existing);
    const Finished run =
        stack_->RunProgram({"node", script.string(), scenario, "http://" + stack_->web_address(), token_,
                            stack_->Path("api.binpb")});
    std::filesystem::remove(script);
    EXPECT_EQ(run.code, 0) << run.errors;
  }
  bool NoCallIsLeft() {
    return WaitUntil(
        [this] {
          int status = 0;
          return absl::StrContains(stack_->AdminGet("/metrics", &status), "integration_web_streams 0\n");
        },
        absl::Seconds(10));
  }

  std::unique_ptr<Stack> stack_;
  std::string folder_;
  std::string token_;
};

TEST_F(GrpcWebTest, UnaryAndItsErrors) {
  Run("unary");
  Run("error");
}

TEST_F(GrpcWebTest, StreamsToTheirEnd) { Run("sync-all"); }

TEST_F(GrpcWebTest, AStreamThatFails) {
  const std::string line =
      R"({"_id": "unfit", "name": "Tanpa produsen", "StatusVerifikasi": "Sudah Verifikasi"})";
  std::ofstream(stack_->Path("unfit.jsonl")) << line << "\n";
  ASSERT_EQ(stack_->Ctl({"import", stack_->Path("unfit.jsonl")}).code, 0);
  Run("stream-error");
}

TEST_F(GrpcWebTest, AWatchGoesOnWhereItWas) { Run("resume"); }

TEST_F(GrpcWebTest, AnAbortEndsTheStreamAndNotTheRun) {
  Start("300ms");
  Run("abort");
  EXPECT_TRUE(NoCallIsLeft());
  EXPECT_THAT(stack_->Ctl({"runs", "-o", "json"}).output, HasSubstr("STATE_RUNNING"));
}

TEST_F(GrpcWebTest, ADeadlineEndsTheStream) {
  Start("300ms");
  Run("timeout");
  EXPECT_TRUE(NoCallIsLeft());
}

TEST_F(GrpcWebTest, TheTextFormServesTheOtherClient) { Run("text"); }

}  // namespace
}  // namespace satudata::e2e
