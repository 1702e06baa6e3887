// `playhead replay`: one recording through the engine, to transcript and outcome.
#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "recording/load.h"
#include "replay/inspect.h"
#include "replay/plan.h"
#include "replay/replayer.h"
#include "report/replay_text.h"
#include "transcript/documents.h"

namespace playhead::cli {
namespace {

struct ReplayOptions {
  std::string path;
  std::string protocol;
  std::string policy;
  int exchange = 0;
  std::optional<std::uint64_t> seed;
  bool json = false;
  bool facts = false;
};

Result<Recording> load_one(const ReplayOptions& options) {
  auto recordings = recording::load(options.path, {.protocol = options.protocol});
  if (!recordings) return recordings.error();
  if (recordings->size() != 1) {
    return Error{options.path + ": holds " + std::to_string(recordings->size()) +
                 " recordings; replay plays a file with one"};
  }
  Recording recording = std::move(recordings->front());
  if (options.exchange > 0) {
    std::erase_if(recording.exchanges, [&options](const RecordedExchange& exchange) {
      return exchange.index != options.exchange;
    });
    if (recording.exchanges.empty()) {
      return Error{options.path + ": has no exchange " + std::to_string(options.exchange)};
    }
  }
  return recording;
}

int run_replay(const ReplayOptions& options) {
  const auto wanted = protocol_option(options.protocol);
  if (!wanted) return fail(wanted.error());
  const auto recording = load_one(options);
  if (!recording) return fail(recording.error());
  const auto protocol = replay::protocol_of(*recording, *wanted);
  if (!protocol) return fail(protocol.error());
  auto policy = policy_option(options.policy);
  if (!policy) return fail(policy.error());
  auto plan = replay::make_plan(*recording, *protocol, {.base = *std::move(policy)});
  if (!plan) return fail(Error{options.path + ": " + plan.error().message});
  if (options.seed) plan->request.seed = *options.seed;
  const Transcript transcript = replay::replay(*recording, *plan);
  const std::string text = options.json    ? transcript::replay_document(transcript) + "\n"
                           : options.facts ? report::facts_text(transcript)
                                           : report::replay_text(transcript, stdout_style());
  return print(text) ? kHeld : fail(Error{"stdout: cannot be written"});
}

}  // namespace

void add_replay(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = program.add_subcommand("replay", "play one recording through the engine");
  command->add_option("RECORDING", options->path, "recording or raw body")->required();
  auto* json = command->add_flag("--json", options->json, "one JSON document on stdout");
  command->add_flag("--facts", options->facts, "every fact instead of the timeline")
      ->excludes(json);
  command->add_option("--exchange", options->exchange, "only this exchange")
      ->check(CLI::PositiveNumber);
  command->add_option("--policy", options->policy, "a profile, or a file with a policy as JSON");
  command->add_option("--protocol", options->protocol, "protocol of the bodies");
  command->add_option("--seed", options->seed, "seed of back-off jitter and made ids");
  command->callback([options, &exit_code] { exit_code = run_replay(*options); });
}

}  // namespace playhead::cli
