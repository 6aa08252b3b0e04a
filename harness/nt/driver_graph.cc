// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/driver_graph.h"

#include <fmt/format.h>

#include <cstring>

#include "harness/nt/cross_import.h"

namespace rxcheck::nt {

namespace {

// The two parts are functions of one calling convention, so that the second is reached by a jump: a function of the
// drivers' convention that calls one of ours must save ten vector registers, which would cost more than all else that a
// hook does. The first calls nothing.
__attribute__((ms_abi, noinline)) void slow_hook(void* address, unsigned size, unsigned kind, void* site) {
  Executive::current().access(address, size, kind, site);
}

__attribute__((ms_abi)) void access_hook(void* address, unsigned size, unsigned kind, void* site) {
  if (Executive::current().access_is_quiet(address, size, kind)) return;
  slow_hook(address, size, kind, site);
}

__attribute__((ms_abi)) void ignore_access(void*, unsigned, unsigned, void*) {}

}  // namespace

Result<void*> DriverGraph::resolve(const PeImage& importer, const PeImage::Import& import, bool checks) {
  for (const auto& image : images_) {
    if (image->name() != import.library) continue;
    void* target = image->find_export(import.name);
    if (target == nullptr)
      return Error{fmt::format("it wants {} from {}, which does not export it", import.name, import.library),
                   importer.path(), "load drivers that were built together"};
    // The event log belongs to the harness: a switch before it would part an effect from its entry.
    const bool thunk = checks && import.name != "RxLogEvent" && image->is_code(target);
    return thunk ? make_cross_import(import.name, target) : target;
  }
  if (import.library == "ntoskrnl.exe" || import.library == "hal.dll") {
    const ServiceEntry* service = find_service(import.name);
    if (service != nullptr) return service->routine;
    if (void* variable = find_variable(import.name)) return variable;
    return Error{fmt::format("it imports {} from {}, which this executive does not have", import.name, import.library),
                 importer.path(), "this driver cannot run in process"};
  }
  return Error{
      fmt::format("it imports {} from {}, and no such driver was loaded before it", import.name, import.library),
      importer.path(), fmt::format("give --driver {} first", import.library)};
}

Result<std::unique_ptr<DriverGraph>> DriverGraph::load(const std::vector<std::string>& paths, Executive& executive,
                                                       bool checks, EventHook event_hook) {
  std::unique_ptr<DriverGraph> graph(new DriverGraph(executive));
  executive.hook().Access = checks ? &access_hook : &ignore_access;
  executive.hook().Event = event_hook;
  for (const std::string& path : paths) {
    auto image = PeImage::load(path);
    if (!image) return image.error();
    for (PeImage::Import& import : (*image)->imports()) {
      auto target = graph->resolve(**image, import, checks);
      if (!target) return target.error();
      *import.slot = *target;
    }
    // The access callbacks are inert until this is set. A driver without them can still be run, with yields at calls.
    if (void* hook = (*image)->find_export("RxHookTable")) {
      *static_cast<const RX_HOOK_TABLE**>(hook) = &executive.hook();
    }
    (*image)->seal();
    graph->images_.push_back(std::move(*image));
  }
  return graph;
}

void DriverGraph::restore() {
  for (auto& image : images_) image->restore();
  objects_.clear();
}

bool DriverGraph::same_as_fresh() const {
  for (const auto& image : images_)
    if (!image->same_as_fresh()) return false;
  return true;
}

NtStatus DriverGraph::start(size_t& failed) {
  for (size_t i = 0; i < images_.size(); ++i) {
    failed = i;
    auto* object =
        static_cast<DriverObject*>(executive_.pool().allocate(sizeof(DriverObject), make_tag("Driv"), false));
    std::memset(static_cast<void*>(object), 0, sizeof *object);
    object->type = 4;
    object->size = sizeof *object;
    object->driver_start = images_[i]->base();
    object->driver_size = images_[i]->size();
    object->driver_init = images_[i]->entry();
    objects_.push_back(object);
    static char16_t registry_path[] = u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\rxcheck";
    UnicodeString path{sizeof registry_path - 2, sizeof registry_path, 0, registry_path};
    auto entry =
        reinterpret_cast<NtStatus(__attribute__((ms_abi))*)(DriverObject*, UnicodeString*)>(images_[i]->entry());
    const NtStatus status = entry(object, &path);
    if (status != kStatusSuccess) return status;
  }
  return kStatusSuccess;
}

void DriverGraph::unload() {
  executive_.unloading = true;
  for (size_t i = objects_.size(); i-- > 0;)
    if (objects_[i]->driver_unload != nullptr) objects_[i]->driver_unload(objects_[i]);
}

std::vector<PeImage*> DriverGraph::images() const {
  std::vector<PeImage*> all;
  for (const auto& image : images_) all.push_back(image.get());
  return all;
}

std::vector<void*> DriverGraph::exports_named(std::string_view name) const {
  std::vector<void*> found;
  for (const auto& image : images_)
    if (void* exported = image->find_export(name)) found.push_back(exported);
  return found;
}

DeviceObject* DriverGraph::device() const { return objects_.empty() ? nullptr : objects_.back()->device_object; }

}  // namespace rxcheck::nt
