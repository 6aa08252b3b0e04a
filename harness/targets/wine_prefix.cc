// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/wine_prefix.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;

constexpr std::array kPlaces = {"/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine",
                                "/opt/wine-stable/bin/wine"};

Result<fs::path> make_folder(const fs::path& parent, const std::string& stem) {
  std::error_code error;
  fs::create_directories(parent, error);
  std::string name = (parent / (stem + "XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr)
    return Error{std::string("cannot make a folder: ") + std::strerror(errno), parent.string(),
                 "make room there, or set XDG_CACHE_HOME or TMPDIR"};
  return fs::path(name);
}

ChildProcess::Variables variables(const fs::path& prefix) {
  return {{"WINEPREFIX", prefix.string()},
          {"WINEARCH", "win64"},
          {"WINEDEBUG", "-all"},
          {"WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe="},
          {"DISPLAY", ""},
          {"WAYLAND_DISPLAY", ""}};
}

std::string server_of(const std::string& wine) {
  const fs::path beside = fs::path(wine).parent_path() / "wineserver";
  return fs::exists(beside) ? beside.string() : "/usr/bin/wineserver";
}

void run_server(const std::string& wine, const fs::path& prefix, const char* option, milliseconds limit) {
  auto server = ChildProcess::start({server_of(wine), option}, variables(prefix), "");
  if (server && !server->wait(limit)) server->kill();
}

// What Wine has started in the prefix: it is the only one in whose environment this folder stands.
std::vector<pid_t> processes_of(const fs::path& prefix) {
  const std::string wanted = "WINEPREFIX=" + prefix.string() + '\0';
  std::vector<pid_t> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const auto id = static_cast<pid_t>(std::atoi(entry.path().filename().c_str()));
    if (id <= 1 || id == getpid()) continue;
    std::ifstream file(entry.path() / "environ", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (text.str().find(wanted) != std::string::npos) found.push_back(id);
  }
  return found;
}

// Held as long as the folder is somebody's; -1: it is another's.
int lock_folder(const fs::path& folder) {
  const int file = open((folder / ".owner").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  if (file >= 0) close(file);
  return -1;
}

// What harnesses that were killed have left: prefixes, half-made templates, and what runs there.
void sweep(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("prefix-") && !name.starts_with("making-")) continue;
    const int owner = lock_folder(entry.path());
    if (owner < 0) continue;
    for (const pid_t id : processes_of(entry.path())) ::kill(id, SIGKILL);
    fs::remove_all(entry.path(), error);
    close(owner);
  }
}

// Has Wine fill a new folder, and gives it its name when it is whole.
std::optional<Error> make_template(const std::string& wine, const fs::path& place) {
  auto folder = make_folder(place.parent_path(), "making-");
  if (!folder) return folder.error();
  const int owner = lock_folder(*folder);
  auto boot = ChildProcess::start({wine, "wineboot", "-i"}, variables(*folder), "");
  if (!boot) return boot.error();
  const bool ended = boot->wait(milliseconds(180'000));
  run_server(wine, *folder, ended ? "-w" : "-k", milliseconds(60'000));
  std::error_code error;
  const bool whole = ended && fs::exists(*folder / "system.reg") && fs::exists(*folder / "drive_c/windows/system32");
  if (owner >= 0) close(owner);
  if (whole) {
    fs::remove(*folder / ".owner", error);
    fs::rename(*folder, place, error);
    if (!error) return std::nullopt;
  }
  fs::remove_all(*folder, error);
  if (whole && fs::exists(place)) return std::nullopt;  // another was faster
  return Error{"Wine did not make a prefix", place.string(), "see whether `wine64 wineboot -i` works, and make room"};
}

// Files as hard links where the file system lets us, links as they are.
std::optional<Error> copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(from, error)) {
    const fs::path target = to / entry.path().lexically_relative(from);
    if (entry.is_symlink()) {
      fs::copy_symlink(entry.path(), target, error);
    } else if (entry.is_directory()) {
      fs::create_directories(target, error);
    } else if (entry.path().parent_path() == from) {
      fs::copy_file(entry.path(), target, error);  // the registry, which Wine writes in place
    } else {
      fs::create_hard_link(entry.path(), target, error);
      if (error) error.clear(), fs::copy_file(entry.path(), target, error);
    }
    if (error) return Error{"cannot copy: " + error.message(), target.string(), "make room there"};
  }
  return std::nullopt;
}

}  // namespace

fs::path cache_folder() {
  if (const char* home = std::getenv("XDG_CACHE_HOME"); home != nullptr && *home != 0)
    return fs::path(home) / "rxcheck";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != 0) return fs::path(home) / ".cache/rxcheck";
  return fs::temp_directory_path() / "rxcheck";
}

std::optional<std::string> find_wine() {
  for (const char* place : kPlaces)
    if (access(place, X_OK) == 0) return place;
  return std::nullopt;
}

Result<WinePrefix> WinePrefix::make(const std::string& wine) {
  std::error_code error;
  // A template belongs to the files that it is made of.
  const auto stamp = fs::last_write_time(wine, error).time_since_epoch().count();
  const fs::path place = cache_folder() / fmt::format("wine-{:x}", static_cast<uint64_t>(stamp));
  if (!fs::exists(place))
    if (auto failed = make_template(wine, place)) return *failed;
  sweep(cache_folder());
  auto folder = make_folder(cache_folder(), fmt::format("prefix-{}-", getpid()));
  if (!folder) return folder.error();
  WinePrefix prefix;
  prefix.path_ = folder->string();
  prefix.wine_ = wine;
  prefix.owner_ = lock_folder(*folder);
  if (auto failed = copy_tree(place, *folder)) return *failed;
  return prefix;
}

WinePrefix& WinePrefix::operator=(WinePrefix&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(wine_, other.wine_);
  std::swap(owner_, other.owner_);
  return *this;
}

ChildProcess::Variables WinePrefix::environment() const { return variables(path_); }

void WinePrefix::end() {
  if (path_.empty()) return;
  run_server(wine_, path_, "-k", milliseconds(10'000));
  // A server that was killed leaves its processes behind, and they take their time.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const std::vector<pid_t> left = processes_of(path_);
    if (left.empty()) return;
    if (attempt >= 10)
      for (const pid_t id : left) ::kill(id, SIGKILL);
    std::this_thread::sleep_for(milliseconds(10));
  }
}

WinePrefix::~WinePrefix() {
  if (path_.empty()) return;
  end();
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (owner_ >= 0) close(owner_);
}

}  // namespace rxcheck
