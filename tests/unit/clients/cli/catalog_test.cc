// import, files, values, verify, delete-file, and the target verbs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/str_join.h"
#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() : path_(::testing::TempDir() + "/ctl-import-" + std::to_string(getpid()) + ".json") {
    shell_.server.catalog.import_files = [this](const std::vector<std::string>& chunks,
                                                v1::ImportFilesResponse* response) {
      chunks_ = chunks;
      *response = response_;
      return grpc::Status::OK;
    };
  }
  ~ImportTest() override { std::remove(path_.c_str()); }

  void WriteFile(const std::string& content) { std::ofstream(path_, std::ios::binary) << content; }

  const std::string path_;
  TestShell shell_;
  std::vector<std::string> chunks_;
  v1::ImportFilesResponse response_;
};

TEST_F(ImportTest, StreamsAFileInChunks) {
  std::string content(700'000, 'x');
  for (size_t i = 0; i < content.size(); i += 1000) content[i] = '\n';
  WriteFile(content);
  response_.set_created_count(1500);
  const Ran ran = shell_.Run({"import", path_});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  ASSERT_EQ(chunks_.size(), 3u);
  for (const std::string& chunk : chunks_) EXPECT_LE(chunk.size(), 256u << 10);
  EXPECT_EQ(absl::StrJoin(chunks_, ""), content);
  EXPECT_EQ(ran.out, path_ + ": 1,500 created, 0 updated, 0 unchanged, 0 refused\n");
}

TEST_F(ImportTest, TakesStandardInput) {
  shell_.standard_input = "{\"_id\": \"1\"}\n";
  response_.set_unchanged_count(1);
  EXPECT_EQ(shell_.Run({"import", "-"}).exit_code, ExitCode::kGood);
  EXPECT_EQ(absl::StrJoin(chunks_, ""), shell_.standard_input);
}

TEST_F(ImportTest, ReportsRefusedLines) {
  WriteFile("x");
  response_.set_updated_count(1);
  response_.set_refused_count(2);
  v1::RefusedLine* line = response_.add_refused_lines();
  line->set_line(17);
  line->set_field("_id");
  line->mutable_failure()->set_reason("ID_MISSING");
  line->mutable_failure()->set_message("The line has no _id.");
  const Ran ran = shell_.Run({"import", path_});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_THAT(ran.out, HasSubstr("2 refused\n  line 17, _id: The line has no _id. [ID_MISSING]\n  …\n"));
}

TEST_F(ImportTest, FailsWhenNothingWasTaken) {
  WriteFile("nonsense");
  response_.set_refused_count(1);
  EXPECT_EQ(shell_.Run({"import", path_}).exit_code, ExitCode::kNotSucceeded);
}

TEST_F(ImportTest, TakesAnEmptyFile) {
  WriteFile("");
  EXPECT_EQ(shell_.Run({"import", path_}).exit_code, ExitCode::kGood);
  EXPECT_THAT(chunks_, IsEmpty());
}

TEST_F(ImportTest, RefusesAFileThatCannotBeRead) {
  const Ran ran = shell_.Run({"import", "/nonexistent/file.json"});
  EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("cannot read /nonexistent/file.json"));
  EXPECT_EQ(shell_.Run({"import", "/"}).exit_code, ExitCode::kUsage);  // A directory.
  EXPECT_EQ(shell_.Run({"import"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(shell_.server.notes.calls(), 0);
}

TEST_F(ImportTest, PrintsAJsonObjectPerFile) {
  WriteFile("x");
  response_.set_created_count(1);
  EXPECT_EQ(Lines(shell_.Run({"-o", "json", "import", path_, path_}).out).size(), 2u);
}

TEST_F(ImportTest, UploadsAFileInChunksAfterItsHead) {
  WriteFile(std::string(300'000, 'x'));
  std::vector<v1::UploadContentRequest> messages;
  shell_.server.catalog.upload_content = [&](const std::vector<v1::UploadContentRequest>& seen,
                                             v1::UploadContentResponse* response) {
    messages = seen;
    response->mutable_file()->set_file_id("65f0");
    response->set_sha256("ab12");
    response->set_size_bytes(300'000);
    return grpc::Status::OK;
  };
  const Ran ran = shell_.Run({"upload", "65f0", path_, "--sha256", "ab12"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(ran.out, "65f0: 300,000 bytes stored, SHA-256 ab12\n");
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].head().file_id(), "65f0");
  EXPECT_EQ(messages[0].head().sha256(), "ab12");
  EXPECT_EQ(messages[0].head().size_bytes(), 300'000);
  EXPECT_EQ(messages[0].head().file_name(), path_.substr(path_.rfind('/') + 1));
  EXPECT_EQ(messages[1].chunk().size() + messages[2].chunk().size(), 300'000u);
}

TEST_F(ImportTest, UploadsNothingThatCannotBeRead) {
  EXPECT_EQ(shell_.Run({"upload", "65f0", "/nonexistent/file.csv"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(shell_.Run({"upload", "65f0", "/"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(shell_.Run({"upload", "65f0"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(shell_.server.notes.calls(), 0);
}

TEST(FilesTest, SendsItsFilters) {
  TestShell shell;
  v1::ListFilesRequest seen;
  shell.server.catalog.list_files = [&](const v1::ListFilesRequest& request,
                                        v1::ListFilesResponse* response) {
    seen = request;
    v1::CatalogFile* file = response->add_files();
    file->set_file_id("f1");
    file->set_name("Jumlah Penduduk");
    file->set_producer("Dinas Kependudukan");
    file->set_verification(v1::CatalogFile::VERIFICATION_VERIFIED);
    v1::FileTargetStatus* status = file->add_target_states();
    status->set_target("splp");
    status->set_state(v1::Delivery::STATE_CONFIRMED);
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"files", "--text", "pend", "--verification", "verified", "--theme", "T",
                             "--producer", "P", "--target", "splp", "--state", "CONFIRMED"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(seen.text(), "pend");
  EXPECT_EQ(seen.verification(), v1::CatalogFile::VERIFICATION_VERIFIED);
  EXPECT_EQ(seen.theme(), "T");
  EXPECT_EQ(seen.producer(), "P");
  EXPECT_EQ(seen.target(), "splp");
  EXPECT_EQ(seen.state(), v1::Delivery::STATE_CONFIRMED);
  EXPECT_EQ(ran.out,
            "FILE  VERIFICATION  NAME             PRODUCER            AT TARGETS\n"
            "f1    VERIFIED      Jumlah Penduduk  Dinas Kependudukan  splp:CONFIRMED\n");
}

TEST(FilesTest, StateNeedsATarget) {
  TestShell shell;
  EXPECT_EQ(shell.Run({"files", "--state", "CONFIRMED"}).exit_code, ExitCode::kUsage);
}

TEST(ValuesTest, ShowsWhatWasRead) {
  TestShell shell;
  shell.server.catalog.list_indicator_values = [](const v1::ListIndicatorValuesRequest& request,
                                                  v1::ListIndicatorValuesResponse* response) {
    EXPECT_EQ(request.file_id(), "f1");
    v1::IndicatorValue* value = response->add_indicator_values();
    value->set_position(1);
    value->set_kodeindikator("1.02.000318");
    value->set_tahun("2024");
    value->set_raw_value("1.234,5");
    value->set_value("1234.5");
    value->set_sheet("Data");
    value->set_cell("C7");
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"values", "f1"});
  EXPECT_THAT(ran.out, HasSubstr("1  Data!C7             1.02.000318    2024   1.234,5  1234.5\n"));
  EXPECT_EQ(Lines(shell.Run({"values", "f1", "-o", "json"}).out).size(), 1u);
}

TEST(VerifyTest, SetsWhatItIsTold) {
  TestShell shell;
  v1::SetVerificationRequest seen;
  shell.server.catalog.set_verification = [&](const v1::SetVerificationRequest& request,
                                              v1::CatalogFile* file) {
    seen = request;
    file->set_file_id(request.file_id());
    file->set_verification(request.verification());
    file->set_revision(8);
    return grpc::Status::OK;
  };
  EXPECT_EQ(shell.Run({"verify", "f1", "--revision", "7"}).out, "f1  VERIFIED  revision 8\n");
  EXPECT_EQ(seen.revision(), 7);
  EXPECT_EQ(shell.Run({"verify", "f1", "--refuse"}).out, "f1  REFUSED  revision 8\n");
  EXPECT_EQ(shell.Run({"verify", "f1", "--reset"}).out, "f1  UNVERIFIED  revision 8\n");
  EXPECT_EQ(shell.Run({"verify", "f1", "--reset", "--refuse"}).exit_code, ExitCode::kUsage);
}

TEST(DeleteFileTest, NamesTheFile) {
  TestShell shell;
  std::string deleted;
  shell.server.catalog.delete_file = [&](const v1::DeleteFileRequest& request, v1::DeleteFileResponse*) {
    deleted = request.file_id();
    return grpc::Status::OK;
  };
  EXPECT_EQ(shell.Run({"delete-file", "f1"}).out, "f1  deleted\n");
  EXPECT_EQ(deleted, "f1");
}

TEST(TargetsTest, ShowsWhyTheyWait) {
  TestShell shell;
  shell.server.targets.list_targets = [](const auto&, v1::ListTargetsResponse* response) {
    v1::Target* target = response->add_targets();
    target->set_target("sipd");
    target->set_profile("ewalidata");
    target->set_host("sipd.example:443");
    target->set_circuit(v1::Target::CIRCUIT_OPEN);
    target->set_concurrency_limit(4);
    target->set_rate_limit(2.5);
    target->set_queue_depth(1200);
    target->mutable_wait()->set_reason("TARGET_OUTAGE");
    target->mutable_wait_end_time()->set_seconds(1'700'000'000);
    return grpc::Status::OK;
  };
  EXPECT_EQ(
      shell.Run({"targets"}).out,
      "TARGET  PROFILE    HOST              CIRCUIT  LIMIT  RATE/S  IN FLIGHT  QUEUE  PAUSED  WAITS\n"
      "sipd    ewalidata  sipd.example:443  OPEN         4     2.5          0  1,200  no      TARGET_OUTAGE "
      "(until 2023-11-14 22:13:20)\n");
  EXPECT_THAT(shell.Run({"targets", "-o", "json"}).out, HasSubstr(R"("paused":false)"));
}

TEST(IndicatorsTest, ShowsOurValueBesideTheTargets) {
  TestShell shell;
  v1::ListReferenceIndicatorsRequest seen;
  shell.server.targets.list_reference_indicators = [&](const v1::ListReferenceIndicatorsRequest& request,
                                                       v1::ListReferenceIndicatorsResponse* response) {
    seen = request;
    v1::ReferenceIndicator* indicator = response->add_indicators();
    indicator->set_kodeindikator("1.02.000318");
    indicator->set_uraian_indikator("Jumlah Penduduk");
    indicator->set_satuan("orang");
    v1::IndicatorYear* year = indicator->add_years();
    year->set_tahun("2024");
    year->set_value("12.5");
    year->set_target_value("11");
    indicator->add_years()->set_tahun("2023");
    response->add_indicators()->set_kodeindikator("1.02.000319");
    return grpc::Status::OK;
  };
  const Ran ran =
      shell.Run({"indicators", "sipd", "--kodepemda", "1612", "--text", "pend", "--urusan", "1.02"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(seen.target(), "sipd");
  EXPECT_EQ(seen.kodepemda(), "1612");
  EXPECT_EQ(seen.text(), "pend");
  EXPECT_EQ(seen.urusan(), "1.02");
  EXPECT_THAT(ran.out, HasSubstr("1.02.000318"));
  EXPECT_THAT(ran.out, HasSubstr("2024"));
  EXPECT_THAT(ran.out, HasSubstr("12.5"));
  EXPECT_THAT(ran.out, HasSubstr("Jumlah Penduduk"));
  EXPECT_EQ(Lines(shell.Run({"-o", "json", "indicators", "sipd"}).out).size(), 2u);
  EXPECT_EQ(shell.Run({"indicators"}).exit_code, ExitCode::kUsage);
}

TEST(CheckTargetTest, ExitCodeSaysWhetherItIsHealthy) {
  TestShell shell;
  v1::CheckTargetResponse answer;
  answer.set_healthy(true);
  answer.set_latency_ms(12);
  shell.server.targets.check_target = [&](const v1::CheckTargetRequest& request,
                                          v1::CheckTargetResponse* response) {
    EXPECT_EQ(request.target(), "splp");
    *response = answer;
    return grpc::Status::OK;
  };
  const Ran healthy = shell.Run({"check-target", "splp"});
  EXPECT_EQ(healthy.exit_code, ExitCode::kGood);
  EXPECT_EQ(healthy.out, "splp  healthy  12 ms\n");
  answer.set_healthy(false);
  answer.set_http_code(401);
  answer.mutable_failure()->set_reason("CREDENTIALS_REFUSED");
  answer.mutable_failure()->set_message("Renew the key.");
  const Ran ill = shell.Run({"check-target", "splp"});
  EXPECT_EQ(ill.exit_code, ExitCode::kNotSucceeded);
  EXPECT_EQ(ill.out, "splp  not healthy  12 ms  HTTP 401\n  CREDENTIALS_REFUSED\n  Renew the key.\n");
}

TEST(PauseTest, SendsTheComment) {
  TestShell shell;
  v1::PauseTargetRequest seen;
  shell.server.targets.pause_target = [&](const v1::PauseTargetRequest& request, v1::Target* target) {
    seen = request;
    target->set_target(request.target());
    target->set_paused(true);
    return grpc::Status::OK;
  };
  shell.server.targets.resume_target = [](const v1::ResumeTargetRequest& request, v1::Target* target) {
    target->set_target(request.target());
    return grpc::Status::OK;
  };
  EXPECT_THAT(shell.Run({"pause-target", "sipd", "--comment", "maintenance"}).out, HasSubstr("yes"));
  EXPECT_EQ(seen.comment(), "maintenance");
  EXPECT_EQ(shell.Run({"pause-target", "sipd"}).exit_code, ExitCode::kGood);
  EXPECT_EQ(seen.comment(), "integrationctl");
  EXPECT_EQ(shell.Run({"resume-target", "sipd"}).exit_code, ExitCode::kGood);
}

TEST(PauseTest, SaysThatTheServerDoesNotOfferIt) {
  TestShell shell;
  for (const char* verb : {"pause-target", "resume-target"}) {
    const Ran ran = shell.Run({verb, "sipd"});
    EXPECT_EQ(ran.exit_code, ExitCode::kNotSucceeded);
    EXPECT_THAT(ran.err, HasSubstr("does not offer that command yet"));
  }
}

}  // namespace
}  // namespace satudata::cli
