// `playhead record`: a recording proxy, by itself or around a command.
#include <fmt/format.h>
#include <sys/prctl.h>

#include <memory>
#include <utility>

#include "cli/base_urls.h"
#include "cli/command.h"
#include "cli/command_runner.h"
#include "cli/environment_secrets.h"
#include "net/clock.h"
#include "net/loop.h"
#include "record/recorder.h"

namespace playhead::cli {
namespace {

// Our choice: how long, after the command has ended, answers that are still on their way may take.
constexpr Duration kGrace = seconds(2);

struct RecordOptions {
  std::string output;
  std::vector<std::string> upstreams;
  std::string listen;
  std::string ca_file;
  std::string name;
  bool strict = false;
};

Result<record::RecorderOptions> recorder_options(const RecordOptions& options,
                                                 const UpstreamPlan& plan) {
  record::RecorderOptions made;
  made.upstreams = plan.upstreams;
  made.output = record::output_of(options.output, net::wall_now_rfc3339());
  made.name = options.name;
  made.recorder = "playhead " PLAYHEAD_VERSION;
  made.ca_file = options.ca_file;
  made.secrets = secrets_of_environment();
  made.strict = options.strict;
  if (!options.name.empty() && !made.output.folder) {
    return Error{"--name needs a folder: write -o FOLDER, a recording is then FOLDER/NAME.rec.zst"};
  }
  if (options.listen.empty()) return made;
  auto endpoint = net::parse_endpoint(options.listen);
  if (!endpoint) return endpoint.error();
  made.listen = std::move(*endpoint);
  return made;
}

class RecordRun {
 public:
  explicit RecordRun(net::Loop& loop)
      : loop_(loop), command_(loop, [this](bool again) { stop(again); }) {}

  Status start(const RecordOptions& options, const std::vector<std::string>& words);
  // Until the recordings are finished; the exit code.
  int wait();

 private:
  void stop(bool again);
  void summarize() const;

  net::Loop& loop_;
  std::unique_ptr<record::Recorder> recorder_;
  CommandRunner command_;
  bool has_command_ = false;
};

Status RecordRun::start(const RecordOptions& options, const std::vector<std::string>& words) {
  const Environment environment = process_environment();
  const auto plan = plan_upstreams(options.upstreams, environment);
  if (!plan) return plan.error();
  auto made = recorder_options(options, *plan);
  if (!made) return made.error();
  const net::Endpoint listen = made->listen;
  const std::string output = made->output.path;
  has_command_ = !words.empty();
  record::RecorderLog log;
  log.warning = note;
  // A command has the terminal for itself.
  if (!has_command_) log.exchange = note;
  auto recorder = record::Recorder::start(loop_, std::move(*made), std::move(log));
  if (!recorder) return recorder.error();
  recorder_ = std::move(*recorder);
  const std::string origin = origin_of(listen, recorder_->port());
  note(fmt::format("recording to {}, listening on {}", output, origin));
  if (!listen.is_loopback()) {
    note("warning: other machines can reach this address, and the upstream through it");
  }
  const Variables variables = plan->variables(origin);
  if (has_command_) return command_.start(words, beside_proxies(variables, environment));
  say_exports(variables);
  return Done{};
}

void RecordRun::stop(bool again) {
  // A further signal waits for nothing more: not for connections, nor for the command.
  if (again) return loop_.stop();
  recorder_->stop(has_command_ ? kGrace : Duration{}, [this] { loop_.stop(); });
}

int RecordRun::wait() {
  loop_.run();
  recorder_->end();
  summarize();
  const bool incomplete = recorder_->stats().incomplete;
  return command_.exit_code() == kHeld && incomplete ? kUnusable : command_.exit_code();
}

// "1 exchange in x.rec.zst, incomplete, secrets masked in 3 places, 1 body masked whole"
std::string summary_of(const record::FinishedFile& file) {
  std::string text =
      counted(static_cast<std::uint64_t>(file.exchanges), "exchange") + " in " + file.path;
  if (file.incomplete) text += ", incomplete";
  if (file.masked_places > 0) text += ", secrets masked in " + counted(file.masked_places, "place");
  if (file.bodies_masked_whole == 1) text += ", 1 body masked whole";
  if (file.bodies_masked_whole > 1) {
    text += fmt::format(", {} bodies masked whole", file.bodies_masked_whole);
  }
  return text;
}

void RecordRun::summarize() const {
  if (recorder_->finished().empty()) note("nothing was recorded");
  for (const record::FinishedFile& file : recorder_->finished()) note(summary_of(file));
}

int run_record(const RecordOptions& options, const std::vector<std::string>& words) {
  // A crash must not write the secrets that pass through here into a core file.
  ::prctl(PR_SET_DUMPABLE, 0);
  net::Loop loop;
  RecordRun run(loop);
  if (Status status = run.start(options, words); !status) return fail(status.error());
  return run.wait();
}

}  // namespace

void add_record(CLI::App& program, const std::vector<std::string>& words, int& exit_code) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* command = program.add_subcommand(
      "record",
      "record what passes between clients and providers\n"
      "playhead record [OPTIONS] [-- COMMAND...]: with a command, runs it with the providers' "
      "base-URL variables\nset, and ends with its exit code");
  command->add_option("-o,--output", options->output,
                      "a recording (.rec, .rec.zst), or a folder for one recording a name");
  command
      ->add_option("--upstream", options->upstreams,
                   "[/PREFIX=]URL to relay to; several by prefix; without, each provider's own")
      ->allow_extra_args(false);
  command->add_option("--listen", options->listen,
                      "host:port or port; default: a free port of 127.0.0.1");
  command->add_option("--ca", options->ca_file, "further trusted certificates for https, PEM");
  command->add_option("--name", options->name,
                      "of recordings in a folder; a request's x-playhead-recording goes before");
  command->add_flag("--strict", options->strict, "do not forward what cannot be recorded");
  command->callback([options, &words, &exit_code] { exit_code = run_record(*options, words); });
}

}  // namespace playhead::cli
