// `playhead pack`, `unpack` and `import`: between recordings and plain files.
#include <memory>

#include "cli/command.h"
#include "recording/import.h"
#include "recording/load.h"
#include "recording/pack.h"
#include "recording/writer.h"

namespace playhead::cli {
namespace {

struct Paths {
  std::string from;
  std::string to;
};

int run_pack(const Paths& paths) {
  const auto recording = recording::pack(paths.from);
  if (!recording) return fail(recording.error());
  const Status written = recording::write_recording(*recording, paths.to);
  return written ? kHeld : fail(written.error());
}

int run_unpack(const Paths& paths) {
  const auto recordings = recording::load(paths.from);
  if (!recordings) return fail(recordings.error());
  if (recordings->size() != 1) {
    return fail(Error{paths.from + ": holds " + std::to_string(recordings->size()) +
                      " recordings; unpack takes a file with one"});
  }
  const Status written = recording::unpack(recordings->front(), paths.to);
  return written ? kHeld : fail(written.error());
}

struct ImportCommandOptions {
  Paths paths;
  recording::ImportOptions import;
  std::string end = "complete";
};

int run_import(ImportCommandOptions& options) {
  const auto end = end_reason_named(options.end);
  if (!end) {
    std::string known;
    for (const auto& row : kEndReasons) known.append(known.empty() ? "" : ", ").append(row.name);
    return fail(Error{"--end " + options.end + ": unknown; known are " + known});
  }
  options.import.end = *end;
  if (const auto protocol = protocol_option(options.import.protocol); !protocol) {
    return fail(protocol.error());
  }
  const auto recording = recording::import_body(options.paths.from, options.import);
  if (!recording) return fail(recording.error());
  const Status written = recording::write_recording(*recording, options.paths.to);
  return written ? kHeld : fail(written.error());
}

}  // namespace

void add_pack(CLI::App& program, int& exit_code) {
  auto paths = std::make_shared<Paths>();
  CLI::App* command = program.add_subcommand("pack", "make a recording of a folder of plain files");
  command->add_option("FOLDER", paths->from, "as unpack writes it")->required();
  command->add_option("-o,--output", paths->to, "recording to write (.rec or .rec.zst)")
      ->required();
  command->callback([paths, &exit_code] { exit_code = run_pack(*paths); });
}

void add_unpack(CLI::App& program, int& exit_code) {
  auto paths = std::make_shared<Paths>();
  CLI::App* command =
      program.add_subcommand("unpack", "write a recording as a folder of plain files");
  command->add_option("RECORDING", paths->from, "recording")->required();
  command->add_option("-o,--output", paths->to, "folder to write; new or empty")->required();
  command->callback([paths, &exit_code] { exit_code = run_unpack(*paths); });
}

void add_import(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<ImportCommandOptions>();
  CLI::App* command = program.add_subcommand("import", "make a recording of a raw response body");
  command->add_option("BODY", options->paths.from, "file with the bytes of one body")->required();
  command->add_option("-o,--output", options->paths.to, "recording to write (.rec or .rec.zst)")
      ->required();
  recording::ImportOptions& import = options->import;
  command->add_option("--protocol", import.protocol, "protocol of the body");
  command->add_option("--boundaries", import.boundaries_path,
                      "JSON array of chunk lengths (default: BODY's .boundaries.json, if there)");
  command->add_option("--times", import.times_path, "time of each chunk in microseconds");
  command->add_option("--request", import.request_path, "file with the request's body");
  command->add_option("--status", import.status, "HTTP status")->check(CLI::Range(100, 599));
  command->add_option("--end", options->end, "how the stream ended");
  command->add_option("--title", import.title, "what the recording shows");
  command->add_option("--source", import.source, "where the body comes from");
  command->callback([options, &exit_code] { exit_code = run_import(*options); });
}

}  // namespace playhead::cli
