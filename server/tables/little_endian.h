// File: little_endian.h
//
// Numbers out of bytes, the lowest first. The caller has checked that the bytes are there.
#ifndef SERVER_TABLES_LITTLE_ENDIAN_H_
#define SERVER_TABLES_LITTLE_ENDIAN_H_

#include <cstdint>

namespace satudata::tables {

inline uint16_t ReadU16(const char* bytes) {
  const auto at = [bytes](int i) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])); };
  return static_cast<uint16_t>(at(0) | (at(1) << 8U));
}

inline uint32_t ReadU32(const char* bytes) {
  return static_cast<uint32_t>(ReadU16(bytes)) | (static_cast<uint32_t>(ReadU16(bytes + 2)) << 16U);
}

inline uint64_t ReadU64(const char* bytes) {
  return static_cast<uint64_t>(ReadU32(bytes)) | (static_cast<uint64_t>(ReadU32(bytes + 4)) << 32U);
}

}  // namespace satudata::tables

#endif  // SERVER_TABLES_LITTLE_ENDIAN_H_
