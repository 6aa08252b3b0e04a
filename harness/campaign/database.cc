// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/database.h"

#include <sqlite3.h>

#include <filesystem>
#include <system_error>

namespace rxcheck {

namespace {

Error error_of(int code, const std::string& what, const std::string& path) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"another process has this run open", path, "wait until it is done, or end it"};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {"this run store is damaged (" + what + ")", path, "begin the run anew in another folder"};
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return {"this run store cannot be read or written (" + what + ")", path,
              "check the folder, its permissions and the free space"};
    default:
      return {"this run store does not work (" + what + ")", path, "begin the run anew in another folder"};
  }
}

}  // namespace

Statement::Statement(sqlite3* database, const char* sql) {
  failed_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::with(uint64_t number) {
  failed_ |= sqlite3_bind_int64(statement_, ++values_, static_cast<sqlite3_int64>(number)) != SQLITE_OK;
  return *this;
}

Statement& Statement::with(std::string_view text) {
  failed_ |= sqlite3_bind_text64(statement_, ++values_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                                 SQLITE_UTF8) != SQLITE_OK;
  return *this;
}

Statement& Statement::blob(std::string_view bytes) {
  failed_ |= sqlite3_bind_blob64(statement_, ++values_, bytes.empty() ? "" : bytes.data(), bytes.size(),
                                 SQLITE_STATIC) != SQLITE_OK;
  return *this;
}

bool Statement::row() {
  if (failed_) return false;
  const int code = sqlite3_step(statement_);
  failed_ = code != SQLITE_ROW && code != SQLITE_DONE;
  return code == SQLITE_ROW;
}

uint64_t Statement::number(int column) { return static_cast<uint64_t>(sqlite3_column_int64(statement_, column)); }

std::string Statement::bytes(int column) {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

bool Statement::run() {
  while (row()) {
  }
  sqlite3_reset(statement_);
  values_ = 0;
  return !failed_;
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Database> Database::open(const std::string& path, bool make) {
  std::error_code ignored;
  if (!make && !std::filesystem::is_regular_file(path, ignored))
    return Error{"there is no run store", path, "name a folder that rxcheck fuzz --out has made"};
  if (make && std::filesystem::exists(path, ignored))
    return Error{"there is a run store here already", path, "name a new folder"};
  Database database;
  database.path_ = path;
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (make ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return error_of(code, sqlite3_errstr(code), path);
  // Exclusive: the lock stays until the end, and the journal needs no shared memory. A commit then outlives the
  // process; only a failing machine could take the latest with it.
  if (!database.run("PRAGMA locking_mode = EXCLUSIVE") || !database.run("PRAGMA synchronous = NORMAL"))
    return database.error();
  if (sqlite3_db_readonly(handle, "main") == 0 &&
      (!database.run("PRAGMA journal_mode = WAL") || !database.run("BEGIN IMMEDIATE") || !database.run("COMMIT")))
    return database.error();
  auto check = database.prepare("PRAGMA quick_check(1)");
  if (!check.row()) return database.error();
  if (const std::string found = check.bytes(0); found != "ok") return error_of(SQLITE_CORRUPT, found, path);
  return database;
}

bool Database::run(const char* sql) { return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

Error Database::error() const { return error_of(sqlite3_errcode(handle_.get()), sqlite3_errmsg(handle_.get()), path_); }

void Database::settle() { run("PRAGMA journal_mode = DELETE"); }

}  // namespace rxcheck
