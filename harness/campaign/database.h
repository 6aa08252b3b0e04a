// SPDX-License-Identifier: Apache-2.0
//
// A SQLite file, opened for one process at a time: while it is open, nobody else can open it. What a process that was
// killed had committed is there when the file is opened again. A file is given no chance to have something done: views,
// triggers and functions of its own have no effect. Errors are values that name the file. Neither copied nor shared
// between threads; a forked process must not use it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rxcheck {

// One SQL statement, with its values and its rows. REQUIRES: its database outlives it.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // The next `?` gets this value.
  Statement& with(uint64_t number);
  Statement& with(std::string_view text);   // must live until it has run
  Statement& blob(std::string_view bytes);  // must live until it has run
  // True if there is a row (the next one). False at the end, and after an error.
  bool row();
  uint64_t number(int column);
  std::string bytes(int column);
  // Runs it to its end, and makes it ready for other values. False after an error.
  bool run();
  // There are no more rows because of an error.
  bool failed() const { return failed_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int values_ = 0;
  bool failed_ = false;
};

class Database {
 public:
  // `make`: there must be no such file yet; else there must be one. Fails if another process has it open, or if it is
  // damaged as far as SQLite can tell.
  static Result<Database> open(const std::string& path, bool make);

  Statement prepare(const char* sql) { return {handle_.get(), sql}; }
  // A database in memory, of which nothing is written anywhere: a file's bytes, or an empty one of small pages. Fails
  // as `open` does; a file whose journal is not put into it is none that can be read alone.
  static Result<Database> in_memory(std::string_view bytes);
  // Of one in memory: the bytes of such a file.
  std::string bytes() const;

  // SQL without values.
  bool run(const char* sql);
  // What went wrong last, as an error about this file.
  Error error() const;
  const std::string& path() const { return path_; }
  // Puts what is in the journal into the file itself, so that it can be copied and read alone.
  void settle();

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  // What is read need not be ours.
  bool distrust();
  std::optional<Error> look_for_damage();

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
};

}  // namespace rxcheck
