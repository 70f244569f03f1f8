#include "server/web/request_scan.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace satudata::web {
namespace {

constexpr absl::string_view kEndOfHead = "\r\n\r\n";
constexpr absl::string_view kEndOfLine = "\r\n";
// A size and an extension or two.
constexpr size_t kMaxChunkLine = 256;

bool IsNumber(absl::string_view text) {
  return !text.empty() && text.size() < 16 && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

RequestScan::State RequestScan::Advance(absl::string_view bytes) {
  if (head_size_ == 0) {
    const size_t end = bytes.find(kEndOfHead, searched_);
    if (end == absl::string_view::npos) {
      searched_ = bytes.size() - std::min(bytes.size(), kEndOfHead.size() - 1);
      return searched_ > limits_.head_bytes ? State::kHeadTooLarge : State::kPartial;
    }
    if (end > limits_.head_bytes) return State::kHeadTooLarge;
    head_size_ = size_ = chunk_at_ = end + kEndOfHead.size();
    if (!ReadHead(bytes.substr(0, end))) return State::kMalformed;
  }
  if (chunked_) return WalkChunks(bytes);
  if (body_size_ > limits_.body_bytes) return State::kBodyTooLarge;
  size_ = head_size_ + body_size_;
  return bytes.size() < size_ ? State::kPartial : State::kWhole;
}

// False when the body's length is stated twice, in two ways or not readably: what one reader takes for the
// body another takes for the next request.
bool RequestScan::ReadHead(absl::string_view head) {
  int statements = 0;
  std::vector<absl::string_view> lines = absl::StrSplit(head, kEndOfLine);
  for (const absl::string_view line : lines) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    const absl::string_view value = absl::StripAsciiWhitespace(field.second);
    if (absl::EqualsIgnoreCase(field.first, "content-length")) {
      if (++statements > 1 || !IsNumber(value) || !absl::SimpleAtoi(value, &body_size_)) return false;
    } else if (absl::EqualsIgnoreCase(field.first, "transfer-encoding")) {
      chunked_ = absl::EqualsIgnoreCase(value, "chunked");
      if (++statements > 1 || !chunked_) return false;
    } else if (absl::EqualsIgnoreCase(field.first, "expect")) {
      waits_for_continue_ = absl::EqualsIgnoreCase(value, "100-continue");
    }
  }
  return true;
}

// Without trailers, which nobody sends with a request.
RequestScan::State RequestScan::WalkChunks(absl::string_view bytes) {
  while (true) {
    if (chunk_at_ > head_size_ + limits_.body_bytes) return State::kBodyTooLarge;
    if (chunk_at_ >= bytes.size()) return State::kPartial;
    const absl::string_view rest = bytes.substr(chunk_at_);
    const size_t end = rest.substr(0, kMaxChunkLine).find(kEndOfLine);
    if (end == absl::string_view::npos) {
      return rest.size() < kMaxChunkLine ? State::kPartial : State::kMalformed;
    }
    const std::optional<size_t> length = ChunkLength(rest.substr(0, end));
    if (!length) return State::kMalformed;
    const size_t next = chunk_at_ + end + kEndOfLine.size() + *length + kEndOfLine.size();
    if (*length > 0) {
      chunk_at_ = next;
      continue;
    }
    if (bytes.size() < next) return State::kPartial;
    size_ = next;
    return bytes.substr(next - kEndOfLine.size(), kEndOfLine.size()) == kEndOfLine ? State::kWhole
                                                                                   : State::kMalformed;
  }
}

std::optional<size_t> RequestScan::ChunkLength(absl::string_view line) const {
  const absl::string_view digits = line.substr(0, line.find(';'));
  size_t length = 0;
  if (digits.empty() || digits.size() > 8) return std::nullopt;
  for (const char digit : digits) {
    if (!absl::ascii_isxdigit(digit)) return std::nullopt;
    const int value = absl::ascii_isdigit(digit) ? digit - '0' : absl::ascii_tolower(digit) - 'a' + 10;
    length = length * 16 + static_cast<size_t>(value);
  }
  return length;
}

}  // namespace satudata::web
