// File: file_identity.h
//
// Which file a path led to when the store was opened. SQLite goes on writing into a file that was removed or
// replaced under it, and whoever opens the path next finds none of that; and a path that leads nowhere would
// be made a new, empty database. So the store looks before it commits. Plain value. Internal to store/.
#ifndef SERVER_STORE_FILE_IDENTITY_H_
#define SERVER_STORE_FILE_IDENTITY_H_

#include <sys/types.h>

#include <stdexcept>
#include <string>

namespace satudata::store {

// Thrown when the path does not lead to the file that it led to at the start.
class Misplaced : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct FileIdentity {
  std::string path;
  dev_t device = 0;
  ino_t inode = 0;  // 0: not known, which is never misplaced.
};

// Of the file that is there now; of nothing when there is none.
FileIdentity IdentityOf(const std::string& path);
// Throws Misplaced.
void CheckInPlace(const FileIdentity& file);

}  // namespace satudata::store

#endif  // SERVER_STORE_FILE_IDENTITY_H_
