#include "server/catalog/content_sweep.h"

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/content_upload.h"

namespace satudata::catalog {
namespace {

namespace fs = std::filesystem;

class ContentSweepTest : public ::testing::Test {
 protected:
  ContentSweepTest() {
    std::string path = (fs::temp_directory_path() / "sweep-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    options_.directory = path;
    used_ = {Store("kept")};
  }
  ~ContentSweepTest() override { fs::remove_all(options_.directory); }

  std::string Store(absl::string_view bytes) {
    const auto upload = ContentUpload::Begin(options_, "a.csv");
    EXPECT_TRUE((*upload)->Write(bytes).ok());
    return (*upload)->Finish({.size_bytes = static_cast<int64_t>(bytes.size())})->content_name;
  }
  absl::StatusOr<int64_t> SweepAfter(absl::Duration time) {
    now_ += time;
    return SweepContent(
        options_,
        [this](absl::Span<const std::string> names) -> absl::StatusOr<std::vector<std::string>> {
          if (on_ask) on_ask();
          std::vector<std::string> used;
          for (const std::string& name : names) {
            if (used_.contains(name)) used.push_back(name);
          }
          return used;
        },
        absl::Hours(24), now_);
  }
  bool IsThere(const std::string& name) const { return fs::exists(fs::path(options_.directory) / name); }
  size_t NoteCount() const {
    const fs::path notes = fs::path(options_.directory) / "unreferenced";
    if (!fs::exists(notes)) return 0;
    return static_cast<size_t>(std::distance(fs::directory_iterator(notes), fs::directory_iterator()));
  }

  std::function<void()> on_ask;
  ContentOptions options_;
  std::set<std::string> used_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(ContentSweepTest, WhatNoFileHasForADayIsRemovedAndNothingElse) {
  const std::string unused = Store("unused");
  EXPECT_EQ(*SweepAfter(absl::ZeroDuration()), 0);
  EXPECT_EQ(*SweepAfter(absl::Hours(23)), 0);
  EXPECT_TRUE(IsThere(unused));
  EXPECT_EQ(*SweepAfter(absl::Hours(1)), 1);
  EXPECT_FALSE(IsThere(unused));
  EXPECT_TRUE(IsThere(*used_.begin()));
  EXPECT_EQ(NoteCount(), 0U);
}

TEST_F(ContentSweepTest, TheDayBeginsWhenItLastLostItsFile) {
  const std::string name = Store("a");
  EXPECT_EQ(*SweepAfter(absl::ZeroDuration()), 0);
  used_.insert(name);
  EXPECT_EQ(*SweepAfter(absl::Hours(20)), 0);
  EXPECT_EQ(NoteCount(), 0U) << "a file has it again";
  used_.erase(name);
  EXPECT_EQ(*SweepAfter(absl::Hours(20)), 0);
  EXPECT_EQ(*SweepAfter(absl::Hours(20)), 0);
  EXPECT_TRUE(IsThere(name));
  EXPECT_EQ(*SweepAfter(absl::Hours(4)), 1);
}

TEST_F(ContentSweepTest, AnUploadUnderWayKeepsWhatItHasPutThere) {
  const std::string name = Store("same");
  EXPECT_EQ(*SweepAfter(absl::ZeroDuration()), 0);
  const auto again = ContentUpload::Begin(options_, "b.csv");
  ASSERT_TRUE((*again)->Write("same").ok());
  ASSERT_EQ((*again)->Finish({.size_bytes = 4})->content_name, name);
  EXPECT_EQ(*SweepAfter(absl::Hours(48)), 0) << "its file does not have it yet";
  EXPECT_TRUE(IsThere(name));
}

TEST_F(ContentSweepTest, AFileThatTakesItUpAtTheLastMomentHasIt) {
  const std::string name = Store("a");
  EXPECT_EQ(*SweepAfter(absl::ZeroDuration()), 0);
  int asked = 0;
  on_ask = [&] {
    if (++asked == 2) used_.insert(name);
  };
  EXPECT_EQ(*SweepAfter(absl::Hours(48)), 0);
  EXPECT_TRUE(IsThere(name));
}

TEST_F(ContentSweepTest, WhatASweepLeftHalfwayIsPutBackFirst) {
  const std::string name = Store("a");
  const fs::path notes = fs::path(options_.directory) / "unreferenced";
  fs::create_directories(notes);
  fs::rename(fs::path(options_.directory) / name,
             notes / (fs::path(name).filename().string() + ".going.4711"));
  used_.insert(name);
  EXPECT_EQ(*SweepAfter(absl::Hours(48)), 0);
  EXPECT_TRUE(IsThere(name));
  EXPECT_EQ(NoteCount(), 0U);
}

TEST_F(ContentSweepTest, WhereNothingIsInUseNothingIsTouched) {
  used_.clear();
  EXPECT_EQ(*SweepAfter(absl::ZeroDuration()), 0);
  EXPECT_EQ(*SweepAfter(absl::Hours(48)), 0);
  EXPECT_EQ(NoteCount(), 0U);
}

TEST_F(ContentSweepTest, ADirectoryThatIsNotThereHoldsNothing) {
  options_.directory += "/nowhere";
  EXPECT_EQ(*SweepAfter(absl::ZeroDuration()), 0);
  EXPECT_FALSE(fs::exists(options_.directory));
}

}  // namespace
}  // namespace satudata::catalog
