#include "suite/case_runner.h"

#include <filesystem>
#include <utility>

#include "check/block_line.h"
#include "check/rechunking.h"
#include "recording/load.h"
#include "replay/inspect.h"
#include "replay/replayer.h"
#include "transcript/fact_line.h"

namespace playhead::suite {
namespace {

// A rewrite of a recording is drawn from this seed, so that a broken law breaks again.
constexpr std::uint64_t kRewriteSeed = 1;

std::string located(const check::Case& c, int line, const std::string& what) {
  return c.file + ":" + std::to_string(line) + ": " + what;
}

Result<std::string> find_recording(const check::Case& c, const std::string& root) {
  const std::filesystem::path written(*c.recording_path);
  const std::filesystem::path beside = std::filesystem::path(c.file).parent_path() / written;
  const std::filesystem::path below = std::filesystem::path(root) / written;
  for (const auto& path : {beside, below}) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return path.string();
  }
  return Error{located(c, c.line,
                       "no recording at " + beside.string() + " nor at " + below.string() +
                           "; name the folder with --root")};
}

Result<Recording> recording_of(const check::Case& c, const std::string& root) {
  if (c.stream) return *c.stream;
  if (!c.recording_path) return Recording{};  // session events alone
  auto path = find_recording(c, root);
  if (!path) return path.error();
  auto recordings = recording::load(*path);
  if (!recordings) return recordings.error();
  if (recordings->size() != 1) {
    return Error{located(c, c.line,
                         *path + " holds " + std::to_string(recordings->size()) +
                             " recordings; a case plays a file with one")};
  }
  return std::move(recordings->front());
}

std::string_view text_of_block(const std::optional<check::JsonBlock>& block) {
  return block ? std::string_view(block->text) : std::string_view();
}

}  // namespace

CaseRunner::CaseRunner(Recording recording, replay::Plan plan, EngineFactory engine)
    : recording_(std::move(recording)), plan_(std::move(plan)), engine_(std::move(engine)) {}

Result<CaseRunner> CaseRunner::prepare(const check::Case& c, const Options& options) {
  auto recording = recording_of(c, options.root);
  if (!recording) return recording.error();
  const bool has_turn = c.stream || c.recording_path;
  const auto protocol = has_turn ? replay::protocol_of(*recording, std::nullopt)
                                 : Result<Protocol>(Protocol::openai_chat);
  if (!protocol) return Error{located(c, c.line, protocol.error().message)};
  auto plan = replay::make_plan(*recording, *protocol,
                                {.base = options.policy,
                                 .policy = text_of_block(c.policy),
                                 .request = text_of_block(c.request),
                                 .run = text_of_block(c.run),
                                 .session = text_of_block(c.session)});
  if (!plan) {
    const std::string& message = plan.error().message;
    return Error{located(c, check::line_in_case(c, message), message)};
  }
  plan->has_turn = has_turn;
  if (!has_turn) plan->request.downstream = DownstreamFormat::none;
  return CaseRunner(*std::move(recording), *std::move(plan), options.engine);
}

Transcript CaseRunner::replay(const Recording& recording,
                              const std::vector<replay::TurnEvent>& events) const {
  if (events.empty()) return replay(recording, plan_);
  replay::Plan plan = plan_;
  plan.events.insert(plan.events.end(), events.begin(), events.end());
  return replay(recording, plan);
}

Transcript CaseRunner::replay(const Recording& recording, const replay::Plan& plan) const {
  if (!engine_) return replay::replay(recording, plan);
  const std::unique_ptr<Engine> engine = engine_(plan.policy);
  return replay::replay(recording, plan, *engine);
}

std::vector<check::LogLine> lines_of(const Facts& facts) {
  std::vector<check::LogLine> lines;
  lines.reserve(facts.size());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    lines.push_back({facts[i].kind, transcript::fact_line(facts[i])});
  }
  return lines;
}

std::vector<check::LawBreak> check_rewrites(const CaseRunner& runner, const Transcript& original) {
  const Recording& recording = runner.recording();
  const Transcript again = runner.replay();
  if (transcript::fingerprint(again.facts) != transcript::fingerprint(original.facts)) {
    return check::check_repeat(lines_of(original.facts), lines_of(again.facts));
  }
  const std::string timed = transcript::fingerprint(original.facts, false);
  const Transcript whole = runner.replay(check::rechunk(recording, 0, kRewriteSeed));
  const std::string flattened = transcript::fingerprint(whole.facts, false);
  for (std::size_t i = 1; i < check::rechunking_count(recording); ++i) {
    const check::Rechunking rewrite = check::rechunking(recording, i);
    const Transcript rewritten = runner.replay(check::rechunk(recording, i, kRewriteSeed));
    const std::string& wanted = rewrite.flattened ? flattened : timed;
    if (transcript::fingerprint(rewritten.facts, false) == wanted) continue;
    return check::check_rechunk(rewrite.name,
                                lines_of(rewrite.flattened ? whole.facts : original.facts),
                                lines_of(rewritten.facts));
  }
  return {};
}

}  // namespace playhead::suite
