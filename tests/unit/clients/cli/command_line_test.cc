#include "clients/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::string>& AllVerbs() {
  static const auto& verbs = *new std::vector<std::string>{
      "sync-file",  "sync-all",     "watch",        "runs",          "run",   "cancel",
      "retry",      "deliveries",   "delivery",     "import",        "files", "status",
      "values",     "verify",       "delete-file",  "targets",       "token", "version",
      "completion", "check-target", "pause-target", "resume-target", "user"};
  return verbs;
}

TEST(CommandLineTest, HelpNamesAllVerbs) {
  TestShell shell;
  const Ran ran = shell.RunExactly({"--help"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood);
  EXPECT_THAT(ran.err, IsEmpty());
  for (const std::string& verb : AllVerbs()) EXPECT_THAT(ran.out, HasSubstr("\n  " + verb)) << verb;
  EXPECT_THAT(ran.out, HasSubstr("a short-lived Admin token is made"));
}

TEST(CommandLineTest, EachVerbHasHelp) {
  TestShell shell;
  for (const std::string& verb : AllVerbs()) {
    const Ran ran = shell.RunExactly({verb, "--help"});
    EXPECT_EQ(ran.exit_code, ExitCode::kGood) << verb;
    EXPECT_THAT(ran.out, HasSubstr("integrationctl " + verb));
  }
}

TEST(CommandLineTest, CompletionsNameAllVerbsAndFlags) {
  TestShell shell;
  for (const char* name : {"bash", "zsh", "fish"}) {
    const Ran ran = shell.RunExactly({"completion", name});
    EXPECT_EQ(ran.exit_code, ExitCode::kGood);
    for (const std::string& verb : AllVerbs()) EXPECT_THAT(ran.out, HasSubstr(verb)) << name;
    EXPECT_THAT(ran.out, HasSubstr("allow-mass-change"));
    EXPECT_THAT(ran.out, HasSubstr("token-file"));
    EXPECT_EQ(ran.out.find("S@"), std::string::npos);  // No place was left unfilled.
  }
  EXPECT_EQ(shell.RunExactly({"completion", "tcsh"}).exit_code, ExitCode::kUsage);
}

TEST(CommandLineTest, WrongUsageEndsWithTwo) {
  TestShell shell;
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"fly"},
                                                       {"sync-file"},
                                                       {"sync-file", "a", "b"},
                                                       {"sync-all", "--limit", "many"},
                                                       {"runs", "--limit", "-1"},
                                                       {"runs", "--unknown"},
                                                       {"-o", "xml", "runs"},
                                                       {"--lang", "fr", "runs"},
                                                       {"--timeout", "soon", "runs"},
                                                       {"--timeout", "0s", "runs"},
                                                       {"--client-key-file", "k", "runs"},
                                                       {"--ca-file", "/nonexistent", "runs"},
                                                       {"run", "\xff"}};
  for (const std::vector<std::string>& arguments : wrong) {
    const Ran ran = shell.Run(arguments);
    EXPECT_EQ(ran.exit_code, ExitCode::kUsage) << ::testing::PrintToString(arguments);
    EXPECT_THAT(ran.err, HasSubstr("integrationctl: "));
    EXPECT_THAT(ran.out, IsEmpty());
  }
  EXPECT_EQ(shell.server.notes.calls(), 0);
}

TEST(CommandLineTest, PointsAtTheVerbsHelp) {
  TestShell shell;
  EXPECT_THAT(shell.Run({"sync-file", "a", "b"}).err, HasSubstr("integrationctl sync-file --help"));
}

TEST(CommandLineTest, PrintsItsVersion) {
  TestShell shell;
  EXPECT_EQ(shell.RunExactly({"version"}).out.rfind("integrationctl ", 0), 0u);
  EXPECT_EQ(shell.RunExactly({"--version"}).exit_code, ExitCode::kGood);
  EXPECT_THAT(shell.RunExactly({"version", "-o", "json"}).out, HasSubstr(R"({"version":")"));
}

TEST(CommandLineTest, AsksForItsLanguage) {
  TestShell shell;
  shell.server.targets.list_targets = [](const auto&, auto*) { return grpc::Status::OK; };
  shell.Run({"targets"});
  EXPECT_EQ(shell.server.notes.Header("accept-language"), "en");
  shell.Run({"targets", "--lang", "id"});
  EXPECT_EQ(shell.server.notes.Header("accept-language"), "id");
  shell.variables.clear();
  shell.Run({"targets"});
  EXPECT_EQ(shell.server.notes.Header("accept-language"), "id");
  shell.Run({"--lang=en", "targets"});
  EXPECT_EQ(shell.server.notes.Header("accept-language"), "en");
}

TEST(CommandLineTest, HelpSpeaksTheLanguageThatIsAskedFor) {
  TestShell shell;
  EXPECT_THAT(shell.RunExactly({"--lang", "id", "--help"}).out, HasSubstr("Kirim satu berkas"));
  EXPECT_THAT(shell.RunExactly({"--help"}).out, HasSubstr("Send one verified file"));
}

TEST(CommandLineTest, TakesTheServerFromTheEnvironment) {
  TestShell shell;
  shell.server.targets.list_targets = [](const auto&, auto*) { return grpc::Status::OK; };
  shell.variables["INTEGRATION_SERVER"] = shell.server.address();
  EXPECT_EQ(shell.RunExactly({"targets"}).exit_code, ExitCode::kGood);
  EXPECT_EQ(shell.RunExactly({"targets", "--server", "127.0.0.1:1"}).exit_code, ExitCode::kNoAccess);
}

TEST(CommandLineTest, AFullDiskIsNotSuccess) {
  TestShell shell;
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  shell.surroundings.out = &out;
  shell.surroundings.err = &err;
  EXPECT_EQ(RunCommandLine({"version"}, shell.surroundings), ExitCode::kNotSucceeded);
  EXPECT_THAT(err.str(), HasSubstr("standard output"));
}

TEST(CommandLineTest, UnaryCallsHaveALimit) {
  TestShell shell;
  shell.server.targets.list_targets = [&](const auto&, auto*) {
    // Ends with the call: the client's limit is what cancels it.
    shell.interrupt.WaitFor(absl::Seconds(20));
    return grpc::Status::OK;
  };
  const Ran ran = shell.Run({"--timeout", "50ms", "targets"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess);
  EXPECT_THAT(ran.err, HasSubstr("--timeout"));
  shell.interrupt.Raise();
}

}  // namespace
}  // namespace satudata::cli
