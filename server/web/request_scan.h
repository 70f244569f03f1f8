// File: request_scan.h
//
// How far the first HTTP request reaches in what has come of a connection, so that it can be given to a
// thread whole. What is in the request is for the HTTP library to judge; this finds only its end. Not
// thread-safe.
#ifndef SERVER_WEB_REQUEST_SCAN_H_
#define SERVER_WEB_REQUEST_SCAN_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::web {

struct RequestLimits {
  size_t head_bytes = 32 << 10;  // Default: 32 KiB of request line and headers.
  size_t body_bytes = 6 << 20;   // Default: 6 MiB, a message of 4 MiB as base64 and more.
};

class RequestScan {
 public:
  enum class State {
    kPartial,
    kWhole,
    kHeadTooLarge,
    kBodyTooLarge,  // By its own statement or by what has come; size() is that of the head.
    kMalformed,     // Its end cannot be told for sure.
  };

  explicit RequestScan(RequestLimits limits = {}) : limits_(limits) {}

  // `bytes` is what it was the last time and perhaps more.
  State Advance(absl::string_view bytes);
  // After kWhole and kBodyTooLarge: how much of the bytes is the request.
  size_t size() const { return size_; }
  // The client waits for a word before it sends the body.
  bool waits_for_continue() const { return waits_for_continue_; }

 private:
  bool ReadHead(absl::string_view head);
  State WalkChunks(absl::string_view bytes);
  std::optional<size_t> ChunkLength(absl::string_view line) const;

  RequestLimits limits_;
  size_t head_size_ = 0;  // 0: its end has not come.
  size_t searched_ = 0;   // Up to here there is no end of the head.
  bool chunked_ = false;
  size_t body_size_ = 0;  // Unless chunked.
  size_t chunk_at_ = 0;   // Where the next chunk's line begins.
  size_t size_ = 0;
  bool waits_for_continue_ = false;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_REQUEST_SCAN_H_
