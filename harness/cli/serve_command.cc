// `playhead serve`: a mock provider that answers with recordings, by itself or around a command.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/json.h"
#include "check/case_file.h"
#include "cli/base_urls.h"
#include "cli/command.h"
#include "cli/command_runner.h"
#include "cli/environment_secrets.h"
#include "cli/recording_paths.h"
#include "match/match_report.h"
#include "net/loop.h"
#include "recording/load.h"
#include "serve/server.h"

namespace playhead::cli {
namespace {

// What to do about exchanges that nobody asked for.
enum class Unused : std::uint8_t { ignore, warn, fail };

constexpr NameTable<Unused, 3> kUnused{{
    {Unused::ignore, "ignore", "nothing"},
    {Unused::warn, "warn", "name them"},
    {Unused::fail, "fail", "name them, and end with exit code 1"},
}};
static_assert(covers_enum(kUnused, Unused::fail));

struct ServeOptions {
  std::vector<std::string> paths;
  std::string case_name;
  std::string speed = "1";
  std::string match = "exact";
  std::string unused = "ignore";
  std::string listen;
  bool json = false;
};

// The streams of a case file, or of one case of it.
Result<std::vector<Recording>> load_case_streams(const std::string& path, const std::string& name) {
  auto file = check::load_case_file(path);
  if (!file) return file.error();
  std::vector<Recording> streams;
  for (check::Case& c : file->cases) {
    if (!c.stream || (!name.empty() && c.name != name)) continue;
    c.stream->path = path + ", " + c.name;
    // A stream has no request; its method is what a turn would ask with.
    for (RecordedExchange& exchange : c.stream->exchanges) {
      if (exchange.target.empty()) exchange.method.clear();
    }
    streams.push_back(std::move(*c.stream));
  }
  if (!streams.empty()) return streams;
  return Error{path + ": holds no case " + (name.empty() ? "" : "\"" + name + "\" ") +
               "with a stream"};
}

Result<std::vector<Recording>> load_all(const ServeOptions& options) {
  const auto files = find_recordings(options.paths);
  if (!files) return files.error();
  std::vector<Recording> all;
  for (const std::string& file : *files) {
    auto loaded =
        file.ends_with(".md") ? load_case_streams(file, options.case_name) : recording::load(file);
    if (!loaded) return loaded.error();
    for (Recording& recording : *loaded) all.push_back(std::move(recording));
  }
  return all;
}

Result<serve::ServerOptions> server_options(const ServeOptions& options) {
  serve::ServerOptions made;
  auto match = match::parse_match(options.match);
  if (!match) return match.error();
  made.match = std::move(*match);
  const auto speed = serve::parse_speed(options.speed);
  if (!speed) return Error{"--speed " + speed.error().message};
  made.speed = *speed;
  if (!options.listen.empty()) {
    auto endpoint = net::parse_endpoint(options.listen);
    if (!endpoint) return endpoint.error();
    made.listen = std::move(*endpoint);
  }
  for (const BaseUrlRow& row : kBaseUrls) made.prefixes.emplace_back(row.prefix);
  auto recordings = load_all(options);
  if (!recordings) return recordings.error();
  made.recordings = std::move(*recordings);
  made.secrets = secrets_of_environment();
  return made;
}

class ServeRun {
 public:
  explicit ServeRun(net::Loop& loop) : loop_(loop), runner_(loop, [this](bool) { loop_.stop(); }) {}

  Status start(const ServeOptions& options, const std::vector<std::string>& words);
  // Until it is told to end; the exit code.
  int wait();

 private:
  Status tell(const Variables& variables, bool as_json) const;
  void summarize() const;

  net::Loop& loop_;
  CommandRunner runner_;
  std::unique_ptr<serve::Server> server_;
  Unused unused_ = Unused::ignore;
  std::string origin_;
};

Status ServeRun::start(const ServeOptions& options, const std::vector<std::string>& words) {
  const auto unused = find_in(kUnused, options.unused);
  if (!unused) return Error{"--unused " + options.unused + ": write ignore, warn or fail"};
  unused_ = *unused;
  if (options.json && !words.empty()) {
    return Error{"--json goes without a command, whose output stdout is"};
  }
  auto made = server_options(options);
  if (!made) return made.error();
  const net::Endpoint listen = made->listen;
  auto server = serve::Server::start(loop_, std::move(*made), note);
  if (!server) return server.error();
  server_ = std::move(*server);
  origin_ = origin_of(listen, server_->port());
  const std::size_t exchanges = server_->matcher().counts().exchanges;
  note(fmt::format("serving {} at {}; {}{} shows what was served",
                   counted(exchanges, "recorded exchange"), origin_, origin_, serve::kControlPath));
  if (!listen.is_loopback()) {
    note("warning: other machines can reach this address, and read the recordings");
  }
  const Variables variables = prefixed_variables(origin_);
  if (words.empty()) return tell(variables, options.json);
  return runner_.start(words, beside_proxies(variables, process_environment()));
}

// Where it listens, for those who start their clients themselves.
Status ServeRun::tell(const Variables& variables, bool as_json) const {
  if (!as_json) {
    say_exports(variables);
    return Done{};
  }
  JsonWriter json;
  json.begin_object().key("url").string(origin_);
  json.key("state").string(origin_ + std::string(serve::kControlPath) + "state.json");
  json.key("variables").begin_object();
  for (const auto& [name, value] : variables) json.key(name).string(value);
  json.end_object().end_object();
  return print(json.take() + "\n") ? Status(Done{}) : Status(Error{"stdout: cannot be written"});
}

int ServeRun::wait() {
  loop_.run();
  summarize();
  if (runner_.exit_code() != kHeld) return runner_.exit_code();
  const MatchCounts counts = server_->matcher().counts();
  const bool left_over = unused_ == Unused::fail && counts.unused > 0;
  return counts.misses > 0 || left_over ? kFailed : kHeld;
}

void ServeRun::summarize() const {
  const MatchCounts counts = server_->matcher().counts();
  if (unused_ != Unused::ignore && counts.unused > 0) {
    say(match::unused_text(server_->matcher()));
  }
  note(fmt::format("requests: {}, served {}, missed {}; exchanges left over: {} of {}",
                   counts.requests, counts.hits, counts.misses, counts.unused, counts.exchanges));
}

int run_serve(const ServeOptions& options, const std::vector<std::string>& words) {
  net::Loop loop;
  ServeRun run(loop);
  if (Status status = run.start(options, words); !status) return fail(status.error());
  return run.wait();
}

}  // namespace

void add_serve(CLI::App& program, const std::vector<std::string>& words, int& exit_code) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = program.add_subcommand(
      "serve",
      "answer requests with recordings: same bytes, splits, times and endings\n"
      "playhead serve RECORDINGS... [OPTIONS] [-- COMMAND...]: with a command, runs it with the "
      "providers'\nbase-URL variables set, and ends with its exit code; 1 where a request was "
      "missed");
  command
      ->add_option("RECORDINGS", options->paths,
                   "recordings, raw bodies, or folders of them; case files (.md) for their streams")
      ->required();
  command->add_option("--case", options->case_name, "of case files only the case of this name");
  command->add_option("--speed", options->speed,
                      "1 as recorded (default), 10, 0.5, ... or instant");
  command->add_option(
      "--match", options->match,
      "exact (default) or fields=NAME,/POINTER,...: of exchanges with equal requests one after "
      "the other, the last as often as asked; sequence: each once, in recorded order for each "
      "method and path. Raw bodies and streams of cases were recorded without requests: only "
      "sequence serves them");
  command->add_option("--unused", options->unused,
                      "of exchanges that were not asked for: ignore (default), warn or fail");
  command->add_option("--listen", options->listen,
                      "host:port or port; default: a free port of 127.0.0.1");
  command->add_flag("--json", options->json, "where it listens, as one JSON document on stdout");
  command->callback([options, &words, &exit_code] { exit_code = run_serve(*options, words); });
}

}  // namespace playhead::cli
