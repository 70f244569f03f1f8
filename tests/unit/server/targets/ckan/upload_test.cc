#include "server/targets/ckan/upload.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "tests/unit/server/targets/ckan/memory_content.h"

namespace satudata::targets::ckan {
namespace {

using catalog::Reason;

Content ContentOf(const std::string& bytes, const std::string& name = "2024/data.csv") {
  return {.file_name = name,
          .sha256 = base::Sha256Hex(bytes),
          .size_bytes = static_cast<int64_t>(bytes.size()),
          .path = name};
}

// All of a body, or what its source said instead of the rest; `got` is what came before that.
absl::Status ReadAll(http::BodySource& body, std::string& got, size_t limit) {
  while (static_cast<int64_t>(got.size()) < body.size_bytes()) {
    const absl::StatusOr<absl::string_view> piece = body.Next(limit);
    if (!piece.ok()) return piece.status();
    EXPECT_FALSE(piece->empty());
    EXPECT_LE(piece->size(), limit);
    absl::StrAppend(&got, *piece);
  }
  return absl::OkStatus();
}

class UploadTest : public testing::TestWithParam<size_t> {
 protected:
  std::unique_ptr<http::BodySource> Open(const Content& content) {
    auto body = OpenUpload(source_, content, {{"id", "r1"}, {"name", "Data \"a\""}}, "b0undary");
    EXPECT_TRUE(body.ok()) << body.status();
    return *std::move(body);
  }
  MemoryContentSource source_;
};

TEST_P(UploadTest, IsAFormWithTheFile) {
  const std::string bytes = "a;b\n1;2\n";
  source_.files["2024/data.csv"] = bytes;
  auto body = Open(ContentOf(bytes));
  std::string got;
  ASSERT_TRUE(ReadAll(*body, got, GetParam()).ok());
  EXPECT_EQ(got,
            absl::StrCat("--b0undary\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nr1\r\n",
                         "--b0undary\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nData \"a\"\r\n",
                         "--b0undary\r\nContent-Disposition: form-data; name=\"upload\"; ",
                         "filename=\"data.csv\"\r\nContent-Type: application/octet-stream\r\n\r\n", bytes,
                         "\r\n--b0undary--\r\n"));
}

TEST_P(UploadTest, EndsBeforeItsLastByteWhenTheFileIsAnother) {
  std::string bytes(200'000, 'x');
  source_.files["2024/data.csv"] = bytes;
  bytes.back() = 'y';
  auto body = Open(ContentOf(bytes));
  std::string got;
  EXPECT_EQ(catalog::FailureOf(ReadAll(*body, got, GetParam())).reason, Reason::kContentChanged);
  EXPECT_THAT(got, testing::Not(testing::HasSubstr("--b0undary--")));
}

TEST_P(UploadTest, EndsWhenTheFileChangesWhileItIsRead) {
  const std::string bytes(200'000, 'x');
  source_.files["2024/data.csv"] = bytes;
  auto body = Open(ContentOf(bytes));
  ASSERT_TRUE(body->Next(1).ok());
  source_.files["2024/data.csv"].replace(150'000, 1, "y");
  std::string got = "-";
  EXPECT_EQ(catalog::FailureOf(ReadAll(*body, got, GetParam())).reason, Reason::kContentChanged);
}

TEST_P(UploadTest, EndsWhenTheFileIsCutWhileItIsRead) {
  const std::string bytes(200'000, 'x');
  source_.files["2024/data.csv"] = bytes;
  auto body = Open(ContentOf(bytes));
  source_.files["2024/data.csv"].resize(1000);
  std::string got;
  EXPECT_EQ(catalog::FailureOf(ReadAll(*body, got, GetParam())).reason, Reason::kContentChanged);
}

TEST_P(UploadTest, AnEmptyFileIsAFileToo) {
  source_.files["2024/data.csv"] = "";
  std::string got;
  EXPECT_TRUE(ReadAll(*Open(ContentOf("")), got, GetParam()).ok());
  EXPECT_THAT(got, testing::EndsWith("\r\n\r\n\r\n--b0undary--\r\n"));
}

INSTANTIATE_TEST_SUITE_P(Pieces, UploadTest, testing::Values(1, 1000, 64 << 10, 1 << 20));

TEST_F(UploadTest, IsNotOpenedForAnotherSizeOrNoFile) {
  EXPECT_EQ(catalog::FailureOf(OpenUpload(source_, ContentOf("a"), {}, "b").status()).reason,
            Reason::kContentMissing);
  source_.files["2024/data.csv"] = "ab";
  EXPECT_EQ(catalog::FailureOf(OpenUpload(source_, ContentOf("a"), {}, "b").status()).reason,
            Reason::kContentChanged);
}

TEST_F(UploadTest, VerifiesBySizeAndHash) {
  source_.files["f"] = "abc";
  const auto file = source_.Open("f");
  EXPECT_TRUE(VerifyContent(**file, ContentOf("abc")).ok());
  EXPECT_EQ(catalog::FailureOf(VerifyContent(**file, ContentOf("abd"))).reason, Reason::kContentChanged);
  EXPECT_EQ(catalog::FailureOf(VerifyContent(**file, ContentOf("abcd"))).reason, Reason::kContentChanged);
}

TEST_F(UploadTest, AFileNameCannotBreakTheForm) {
  source_.files["a\"\r\nX: y.csv"] = "1";
  auto body = OpenUpload(source_, ContentOf("1", "a\"\r\nX: y.csv"), {}, "b");
  ASSERT_TRUE(body.ok());
  std::string got;
  ASSERT_TRUE(ReadAll(**body, got, 1000).ok());
  EXPECT_THAT(got, testing::HasSubstr("filename=\"a%22%0D%0AX: y.csv\""));
}

TEST_F(UploadTest, ItsEvidenceHoldsNoBytes) {
  EXPECT_EQ(DescribeUpload(ContentOf("abc"), {{"id", "r1"}}),
            R"({"id":"r1","upload":"3 bytes of 2024/data.csv"})");
}

}  // namespace
}  // namespace satudata::targets::ckan
