// Recordings out of files: records to recordings, raw bodies to one exchange.
#include "recording/load.h"

#include <memory>
#include <optional>
#include <utility>

#include "recording/builder.h"
#include "recording/import.h"
#include "recording/reader.h"

namespace playhead::recording {
namespace {

Status visit_all(RecordReader& reader, const std::string& path, const RecordingVisitor& visit) {
  std::optional<RecordingBuilder> builder;
  while (true) {
    const Result<ReadStep> step = reader.next();
    if (!step.ok()) return step.error();
    if (*step == ReadStep::record) {
      const Status added = builder->add(reader.record());
      if (!added.ok()) return reader.error_here(added.error().message);
      continue;
    }
    if (*step == ReadStep::end) {
      if (!builder) builder.emplace(path);  // torn inside its first line
      return visit(builder->take(reader.torn()));
    }
    if (builder) {
      if (Status status = visit(builder->take(false)); !status.ok()) return status;
    }
    builder.emplace(path);
  }
}

RecordingVisitor collect_into(std::vector<Recording>& all) {
  return [&all](Recording recording) -> Status {
    all.push_back(std::move(recording));
    return Done{};
  };
}

}  // namespace

Status each_recording(const std::string& path, const LoadOptions& options,
                      const RecordingVisitor& visit) {
  if (is_raw_body(path)) {
    ImportOptions import;
    import.protocol = options.protocol;
    import.look_beside = false;
    Result<Recording> recording = import_body(path, import);
    return recording.ok() ? visit(std::move(recording).value()) : Status(recording.error());
  }
  Result<RecordReader> reader = RecordReader::open(path);
  if (!reader.ok()) return reader.error();
  return visit_all(*reader, path, visit);
}

Result<std::vector<Recording>> load(const std::string& path, const LoadOptions& options) {
  std::vector<Recording> all;
  const Status status = each_recording(path, options, collect_into(all));
  if (!status.ok()) return status.error();
  return all;
}

Result<std::vector<Recording>> parse_recordings(std::string_view bytes, const std::string& name) {
  std::vector<Recording> all;
  RecordReader reader(std::make_unique<MemorySource>(bytes), name);
  const Status status = visit_all(reader, name, collect_into(all));
  if (!status.ok()) return status.error();
  return all;
}

}  // namespace playhead::recording
