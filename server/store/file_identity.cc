#include "server/store/file_identity.h"

#include <sys/stat.h>

#include "absl/strings/str_cat.h"

namespace satudata::store {

FileIdentity IdentityOf(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {.path = path};
  return {.path = path, .device = info.st_dev, .inode = info.st_ino};
}

void CheckInPlace(const FileIdentity& file) {
  if (file.inode == 0) return;
  const FileIdentity now = IdentityOf(file.path);
  if (now.inode == 0) throw Misplaced(absl::StrCat(file.path, " is not there any more"));
  if (now.inode == file.inode && now.device == file.device) return;
  throw Misplaced(absl::StrCat(file.path, " was replaced by another file"));
}

}  // namespace satudata::store
