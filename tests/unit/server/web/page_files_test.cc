#include "server/web/page_files.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/random.h"

namespace satudata::web {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class PageFilesTest : public testing::Test {
 protected:
  PageFilesTest() : base_(fs::temp_directory_path() / base::NewUuid()), root_(base_ / "page") {
    fs::create_directories(root_);
  }
  ~PageFilesTest() override { fs::remove_all(base_); }

  void Write(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  std::string Complaint() {
    const auto files = ReadPageFiles(root_.string());
    return files.ok() ? "none" : std::string(files.status().message());
  }

  const fs::path base_;
  const fs::path root_;
};

TEST_F(PageFilesTest, AllFilesButHiddenOnes) {
  Write(root_ / "index.html", "page");
  Write(root_ / "assets/deep/a.js", std::string("a\0b", 3));
  Write(root_ / ".env", "secret");
  Write(root_ / ".git/config", "secret");
  EXPECT_THAT(ReadPageFiles(root_.string()).value(),
              ElementsAre(Pair("/assets/deep/a.js", std::string("a\0b", 3)), Pair("/index.html", "page")));
}

TEST_F(PageFilesTest, LinksStayWithin) {
  Write(root_ / "v1/a.js", "a");
  fs::create_symlink("v1/a.js", root_ / "a.js");
  EXPECT_EQ(ReadPageFiles(root_.string())->count("/a.js"), 1U);
  Write(base_ / "secret", "s");
  fs::create_symlink("../secret", root_ / "b.js");
  EXPECT_THAT(Complaint(), HasSubstr("b.js: leads out of the directory"));
  fs::remove(root_ / "b.js");
  fs::create_directory_symlink("..", root_ / "up");
  EXPECT_THAT(Complaint(), HasSubstr("up: leads out of the directory"));
  fs::remove(root_ / "up");
  fs::create_symlink("nowhere", root_ / "c.js");
  EXPECT_THAT(Complaint(), HasSubstr("c.js"));
}

TEST_F(PageFilesTest, AreBounded) {
  for (int i = 0; i < 2000; ++i) Write(root_ / absl::StrCat(i), "");
  EXPECT_EQ(Complaint(), "none");
  Write(root_ / "one-more", "");
  EXPECT_THAT(Complaint(), HasSubstr("2,000 files"));
  fs::remove(root_ / "one-more");
  Write(root_ / "large", "x");
  fs::remove(root_ / "0");
  fs::resize_file(root_ / "large", (64 << 20) + 1);
  EXPECT_THAT(Complaint(), HasSubstr("64 MiB"));
}

TEST_F(PageFilesTest, ADirectoryThatIsNotThere) {
  EXPECT_FALSE(ReadPageFiles((base_ / "nothing").string()).ok());
}

}  // namespace
}  // namespace satudata::web
