// File: freed.h
//
// Owns what a C library made, and gives it back: std::unique_ptr<X509, Freed<X509_free>>.
#ifndef SERVER_BASE_FREED_H_
#define SERVER_BASE_FREED_H_

namespace satudata::base {

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* value) const {
    kFree(value);
  }
};

}  // namespace satudata::base

#endif  // SERVER_BASE_FREED_H_
