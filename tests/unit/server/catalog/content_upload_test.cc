#include "server/catalog/content_upload.h"

#include <sys/file.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

constexpr char kText[] = "abc";
// FIPS 180-2, appendix B.1.
constexpr char kHash[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class ContentUploadTest : public ::testing::Test {
 protected:
  ContentUploadTest() {
    std::string path = (fs::temp_directory_path() / "upload-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    options_.directory = path + "/content";  // Not there yet.
  }
  ~ContentUploadTest() override { fs::remove_all(fs::path(options_.directory).parent_path()); }

  std::unique_ptr<ContentUpload> Begin(absl::string_view name = "a.csv") {
    auto upload = ContentUpload::Begin(options_, name);
    EXPECT_TRUE(upload.ok()) << upload.status();
    return *std::move(upload);
  }
  absl::StatusOr<StoredContent> Store(absl::string_view bytes, absl::string_view sha256,
                                      absl::string_view name) {
    const auto upload = Begin(name);
    if (absl::Status written = upload->Write(bytes); !written.ok()) return written;
    return upload->Finish({.sha256 = std::string(sha256)});
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(options_.directory)) {
      if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(options_.directory));
    }
    return files;
  }

  ContentOptions options_;
};

TEST_F(ContentUploadTest, IsStoredByItsHash) {
  const auto stored = Store(kText, kHash, "Data 2024.CSV");
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->sha256, kHash);
  EXPECT_EQ(stored->size_bytes, 3);
  EXPECT_EQ(stored->content_name, std::string("sha256/ba/") + kHash + ".csv");
  EXPECT_THAT(Files(), testing::ElementsAre(stored->content_name));
  std::ifstream file(fs::path(options_.directory) / stored->content_name);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), kText);
}

TEST_F(ContentUploadTest, EqualContentIsThereOnceAndMendsWhatWasSpoiled) {
  const auto first = Store(kText, "", "a.csv");
  ASSERT_TRUE(first.ok());
  const fs::path place = fs::path(options_.directory) / first->content_name;
  fs::permissions(place, fs::perms::owner_all);
  std::ofstream(place) << "spoiled";
  const auto again = Store(kText, "", "b.csv");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->content_name, first->content_name);
  EXPECT_EQ(fs::file_size(place), 3);
  EXPECT_EQ(Files().size(), 1);
}

TEST_F(ContentUploadTest, OnlyAPlainExtensionIsKept) {
  for (const char* name :
       {"", "tanpa", "a.", "a.b/c", "a.c\nd", "a.verylongextension", "a.%2e", "..", "a.ü"}) {
    const auto stored = Store(kText, "", name);
    ASSERT_TRUE(stored.ok()) << name;
    EXPECT_EQ(stored->content_name, std::string("sha256/ba/") + kHash) << name;
  }
}

TEST_F(ContentUploadTest, WhatIsRefusedOrBreaksOffLeavesNothingBehind) {
  EXPECT_EQ(FailureOf(Store("abd", kHash, "a.csv").status()).reason, Reason::kContentNotAsStated);
  EXPECT_EQ(FailureOf(Store("", "", "a.csv").status()).reason, Reason::kContentEmpty);
  const auto cut_off = Begin();
  ASSERT_TRUE(cut_off->Write(kText).ok());
  EXPECT_EQ(FailureOf(cut_off->Finish({.size_bytes = 4}).status()).reason, Reason::kContentNotAsStated);
  options_.max_file_bytes = 2;
  const Failure too_large = FailureOf(Store(kText, "", "a.csv").status());
  EXPECT_EQ(too_large.reason, Reason::kContentTooLarge);
  EXPECT_EQ(too_large.args.at("file_name"), "a.csv");
  options_.max_file_bytes = 3;
  EXPECT_TRUE(Begin()->Write(kText).ok());
  EXPECT_EQ(Files().size(), 1) << "the one that is still under way";
}

TEST_F(ContentUploadTest, TheLimitItselfIsTaken) {
  options_.max_file_bytes = 3;
  EXPECT_TRUE(Store(kText, kHash, "a.csv").ok());
}

// A limit of the process stands in for the end of the disk.
TEST_F(ContentUploadTest, AFullDiskIsSaidAndLeavesNothingBehind) {
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const auto upload = Begin();
  const rlimit small{.rlim_cur = 2, .rlim_max = old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const absl::Status written = upload->Write(kText);
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, before);
  EXPECT_TRUE(absl::IsUnavailable(written));
  EXPECT_EQ(FailureOf(written).reason, Reason::kContentNotStored);
}

TEST_F(ContentUploadTest, ADirectoryThatCannotBeMadeIsSaid) {
  std::ofstream(options_.directory) << "a file in its place";
  const auto upload = ContentUpload::Begin(options_, "a.csv");
  EXPECT_EQ(FailureOf(upload.status()).reason, Reason::kContentNotStored);
}

TEST_F(ContentUploadTest, OnlyWhatNobodyWritesAnyMoreIsRemoved) {
  const auto alive = Begin();
  ASSERT_TRUE(alive->Write(kText).ok());
  std::ofstream(options_.directory + "/incoming/upload-dead00") << "half";
  ASSERT_EQ(Files().size(), 2);
  RemoveAbandonedUploads(options_);
  EXPECT_EQ(Files().size(), 1);
  EXPECT_TRUE(alive->Finish({.sha256 = kHash}).ok());
}

TEST_F(ContentUploadTest, NothingIsRemovedWhereNothingWasUploaded) {
  RemoveAbandonedUploads(options_);
  EXPECT_FALSE(fs::exists(options_.directory));
}

}  // namespace
}  // namespace satudata::catalog
