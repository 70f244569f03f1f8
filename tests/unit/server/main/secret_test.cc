#include "server/main/secret.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/log.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/temporary_directory.h"

namespace satudata::main {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FileSecretTest : public ::testing::Test {
 protected:
  FileSecretTest() {
    base::SetLogSink([this](absl::string_view line) { lines_.emplace_back(line); });
  }
  ~FileSecretTest() override {
    base::SetLogSink([](absl::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); });
  }

  Secret Open(const std::string& path) {
    auto secret = FileSecret(path, clock_);
    EXPECT_TRUE(secret.ok()) << secret.status();
    return secret.ok() ? *secret : FixedSecret("");
  }
  std::string Later(const Secret& secret) {
    clock_.Advance(absl::Seconds(1));
    return secret();
  }

  fakes::TemporaryDirectory directory_;
  fakes::FakeClock clock_;
  std::vector<std::string> lines_;
};

TEST_F(FileSecretTest, IsReadAgainWhenItChanges) {
  const std::string path = directory_.Write("key", "one\n");
  const Secret secret = Open(path);
  EXPECT_EQ(secret(), "one");
  directory_.Write("key", "two\n");
  EXPECT_EQ(secret(), "one") << "not at every request";
  EXPECT_EQ(Later(secret), "two");
  EXPECT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], ::testing::Not(HasSubstr("two")));
}

// As Kubernetes does it: key -> ..data/key, ..data -> ..2024, and ..data is replaced by a rename.
TEST_F(FileSecretTest, FollowsASymbolicLinkThatIsReplaced) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(directory_.Write("root", "")).parent_path();
  for (const char* version : {"..1", "..2"}) {
    fs::create_directory(root / version);
    directory_.Write(absl::StrCat(version, "/key"), version);
  }
  fs::create_directory_symlink("..1", root / "..data");
  fs::create_symlink("..data/key", root / "key");
  const Secret secret = Open((root / "key").string());
  EXPECT_EQ(secret(), "..1");
  fs::create_directory_symlink("..2", root / "..next");
  fs::rename(root / "..next", root / "..data");
  EXPECT_EQ(Later(secret), "..2");
}

TEST_F(FileSecretTest, ABadFileLeavesTheLastKeyInUseAndIsToldOnce) {
  const std::string path = directory_.Write("key", "good");
  const Secret secret = Open(path);
  for (const char* bad : {"", " \n", "two\nlines", "nul\x01"}) {
    lines_.clear();
    directory_.Write("key", bad);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Later(secret), "good");
    ASSERT_THAT(lines_, SizeIs(1)) << bad;
    EXPECT_THAT(lines_[0], HasSubstr(path));
    directory_.Write("key", "good");
    EXPECT_EQ(Later(secret), "good");
  }
  lines_.clear();
  std::filesystem::remove(path);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Later(secret), "good");
  EXPECT_THAT(lines_, SizeIs(1));
  directory_.Write("key", "new");
  EXPECT_EQ(Later(secret), "new");
}

TEST_F(FileSecretTest, AtTheStartABadFileIsAnError) {
  for (const char* bad : {"", "\n", "two\nlines"}) {
    const std::string path = directory_.Write("key", bad);
    const auto secret = FileSecret(path, clock_);
    EXPECT_EQ(secret.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(secret.status().message()), HasSubstr(path));
  }
  EXPECT_FALSE(FileSecret("/no/such/file", clock_).ok());
  EXPECT_THAT(lines_, IsEmpty());
}

}  // namespace
}  // namespace satudata::main
