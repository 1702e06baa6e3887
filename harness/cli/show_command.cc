// `playhead show`: what is in a recording.
#include <memory>

#include "base/json.h"
#include "cli/command.h"
#include "cli/recording_paths.h"
#include "cli/terminal.h"
#include "recording/load.h"
#include "replay/inspect.h"
#include "report/recording_text.h"
#include "report/recording_timeline.h"

namespace playhead::cli {
namespace {

struct ShowOptions {
  std::vector<std::string> paths;
  std::string protocol;
  std::string policy;
  bool json = false;
  bool raw = false;
  bool frames = false;
  bool timeline = false;
};

class ShowRun {
 public:
  ShowRun(const ShowOptions& options, Policy policy, std::optional<Protocol> protocol)
      : options_(options), policy_(std::move(policy)), protocol_(protocol) {}

  Status show(const Recording& recording) {
    if (options_.raw) {
      for (const RecordedExchange& exchange : recording.exchanges) print(exchange.body);
      return Done{};
    }
    const auto protocol = replay::protocol_of(recording, protocol_);
    if (!protocol) return protocol.error();
    const auto exchanges = inspect(recording, *protocol);
    ++shown_;
    if (options_.json) {
      JsonWriter json;
      report::write_recording(recording, exchanges, options_.frames, json);
      documents_.push_back(json.take());
    } else if (options_.frames) {
      for (const report::Shown& exchange : exchanges) print(report::frames_text(exchange));
    } else if (options_.timeline) {
      print((shown_ > 1 ? "\n" : "") +
            report::recording_timeline(recording, exchanges, stdout_style()));
    } else {
      print(report::recording_text(recording, exchanges));
    }
    return Done{};
  }

  // One object where one recording was asked for, of several an array; nothing where the one
  // failed.
  void print_json(bool several_asked) const {
    const bool several = several_asked || documents_.size() > 1;
    if (!options_.json || (documents_.empty() && !several)) return;
    if (!several) {
      print(documents_.front() + "\n");
      return;
    }
    print("[");
    for (std::size_t i = 0; i < documents_.size(); ++i) print((i > 0 ? "," : "") + documents_[i]);
    print("]\n");
  }

 private:
  std::vector<report::Shown> inspect(const Recording& recording, Protocol whole) const {
    std::vector<report::Shown> shown;
    for (const RecordedExchange& exchange : recording.exchanges) {
      const Protocol protocol = replay::protocol_of(recording, exchange, protocol_, whole);
      report::Shown& last = shown.emplace_back();
      if (!options_.timeline)
        last.facts.keep_only(options_.frames ? Facts::bit(FactKind::frame) : 0);
      last.report = replay::inspect(exchange, protocol, policy_, last.facts);
      last.unknown_members = replay::unknown_members(exchange, protocol);
      if (!options_.frames || !options_.json) continue;
      replay::each_frame(exchange, protocol, [&last](Instant at, const Frame& frame) {
        last.frames.push_back(report::frame_json(at, frame));
      });
    }
    return shown;
  }

  const ShowOptions& options_;
  Policy policy_;
  std::optional<Protocol> protocol_;
  std::vector<std::string> documents_;
  int shown_ = 0;
};

int run_show(const ShowOptions& options) {
  const auto protocol = protocol_option(options.protocol);
  if (!protocol) return fail(protocol.error());
  auto policy = policy_option(options.policy);
  if (!policy) return fail(policy.error());
  const auto paths = find_recordings(options.paths);
  if (!paths) return fail(paths.error());
  ShowRun run(options, *std::move(policy), *protocol);
  int exit_code = kHeld;
  for (const std::string& path : *paths) {
    const Status done = recording::each_recording(
        path, {.protocol = options.protocol},
        [&run](const Recording& recording) { return run.show(recording); });
    if (!done) exit_code = fail(done.error());
  }
  run.print_json(paths->size() > 1);
  return exit_code;
}

}  // namespace

void add_show(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = program.add_subcommand("show", "say what is in recordings");
  command->add_option("RECORDINGS", options->paths, "recordings, raw bodies, or folders of them")
      ->required();
  auto* json = command->add_flag("--json", options->json, "one JSON document on stdout");
  auto* raw = command->add_flag("--raw", options->raw, "the response bodies, byte for byte");
  auto* frames =
      command->add_flag("--frames", options->frames, "every decoded frame")->excludes(raw);
  command->add_flag("--timeline", options->timeline, "what came when, gaps, cuts")
      ->excludes(raw)
      ->excludes(frames)
      ->excludes(json);
  command->add_option("--protocol", options->protocol, "protocol of the bodies");
  command->add_option("--policy", options->policy, "a profile, or a file with a policy as JSON");
  command->callback([options, &exit_code] { exit_code = run_show(*options); });
}

}  // namespace playhead::cli
