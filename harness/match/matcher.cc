#include "match/matcher.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/hash.h"
#include "base/json.h"

namespace playhead::match {
namespace {

// 128 bits: texts with one key are one text, so the texts need not be kept.
std::string key_of(std::string_view text) {
  StreamHash hash;
  hash.add(text);
  return hash.hex();
}

bool has_request(const Recording& recording, const RecordedExchange& exchange) {
  const bool unknown = exchange.method.empty() && exchange.target.empty();
  const bool stands_in = recording.meta.origin == "imported" && exchange.target == "/";
  return !unknown && !stands_in;
}

// Whether the meta has a note of what was masked (recordings/FORMAT.md). Without it nothing was,
// and what looks like a mask is text.
bool is_redacted(const Recording& recording) {
  const auto meta = parse_json(recording.meta.json);
  const JsonValue* note = meta ? member(*meta, "redacted") : nullptr;
  return note != nullptr && !note->IsNull();
}

// What to call each recording, by position.
std::vector<std::string> names_of(const std::vector<Recording>& recordings) {
  std::map<std::string_view, std::size_t> count_of;
  for (const Recording& recording : recordings) ++count_of[recording.path];
  std::map<std::string_view, std::size_t> seen_of;
  std::vector<std::string> names;
  for (const Recording& recording : recordings) {
    const std::size_t seen = ++seen_of[recording.path];
    std::string name = recording.path;
    if (name.empty()) name = "recording " + std::to_string(names.size() + 1);
    if (!recording.path.empty() && count_of[recording.path] > 1) name += "#" + std::to_string(seen);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

Matcher::Matcher(const std::vector<Recording>& recordings, MatchOptions options,
                 const std::vector<std::string>& secrets)
    : recordings_(recordings), options_(std::move(options)) {
  for (const std::string& secret : secrets) redactor_.add_environment(secret);
  const std::vector<std::string> names = names_of(recordings);
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    redacted_.push_back(is_redacted(recordings[i]));
    for (std::size_t k = 0; k < recordings[i].exchanges.size(); ++k) {
      add({names[i], recordings[i].exchanges[k].index, "", ""}, i, k);
    }
  }
  counts_.exchanges = entries_.size();
  counts_.unused = entries_.size();
}

void Matcher::add(const ExchangeName& name, std::size_t recording, std::size_t exchange) {
  const RecordedExchange& recorded = recordings_[recording].exchanges[exchange];
  Entry entry{recording, exchange, has_request(recordings_[recording], recorded), false, {}, {}};
  if (entry.has_request) {
    add_request(entry);
  } else {
    without_request_.entries.push_back(entries_.size());
  }
  accounts_.push_back({name, 0});
  accounts_.back().name.method = recorded.method;
  accounts_.back().name.target = entry.target.text();
  entries_.push_back(std::move(entry));
}

void Matcher::add_request(Entry& entry) {
  const RequestForm form = form_of(entry);
  const std::string text = form.text();
  Group& group = groups_[key_of(text)];
  group.entries.push_back(entries_.size());
  entry.lost = form.loss != BodyLoss::none;
  group.lost = group.lost || entry.lost;
  auto spans = form.redacted && !entry.lost ? mask_spans(text) : std::vector<MaskSpan>();
  if (!spans.empty()) {
    auto& layouts = layouts_[text.size()];
    if (layouts.size() < kMaskLayoutsMax) layouts.insert(std::move(spans));
  }
  entry.target = form.target;
  Leaves leaves = leaves_of(form);
  if (leaves_kept_ + leaves.size() > kLeavesKeptMax) return;
  leaves_kept_ += leaves.size();
  entry.leaves = std::move(leaves);
}

const RecordedExchange& Matcher::exchange_of(const Entry& entry) const {
  return recordings_[entry.recording].exchanges[entry.exchange];
}

RequestForm Matcher::form_of(const Entry& entry) const {
  return recorded_form(exchange_of(entry), redacted_[entry.recording], options_);
}

Match Matcher::take(std::string_view method, std::string_view target, std::string_view body,
                    const std::vector<Header>& headers) {
  ++counts_.requests;
  const RequestForm form =
      request_form(method, target, body, options_, header_value(headers, "content-type"));
  Group* group = group_of(form);
  if (const auto entry = next_of(group)) return serve(*entry);
  Miss missed = miss(form, shown_form(method, target, body, headers), group);
  ++counts_.misses;
  if (misses_.size() < kMissesKeptMax) misses_.push_back(missed);
  return missed;
}

Matcher::Group* Matcher::group_of(const RequestForm& form) {
  const std::string text = form.text();
  if (const auto same = groups_.find(key_of(text)); same != groups_.end()) return &same->second;
  const auto layouts = layouts_.find(text.size());
  if (layouts == layouts_.end()) return nullptr;
  Group* first = nullptr;
  for (const std::vector<MaskSpan>& spans : layouts->second) {
    const auto found = groups_.find(key_of(masked_at(spans, text, form.is_json())));
    if (found == groups_.end()) continue;
    Group& group = found->second;
    if (group.lost) continue;
    if (first == nullptr || group.entries[0] < first->entries[0]) first = &group;
  }
  return first;
}

std::optional<std::size_t> Matcher::next_of(Group* group) {
  const bool is_sequence = options_.mode == MatchMode::sequence;
  const bool may_repeat = options_.repeat_last && !is_sequence;
  const bool group_has = group != nullptr && !group->used_up();
  if (is_sequence && !without_request_.used_up()) {
    const std::size_t free = without_request_.entries[without_request_.next];
    if (!group_has || free < group->entries[group->next]) {
      ++without_request_.next;
      return free;
    }
  }
  if (group_has) return group->entries[group->next++];
  if (group != nullptr && may_repeat) return group->entries.back();
  return std::nullopt;
}

Hit Matcher::serve(std::size_t entry) {
  const bool repeated = accounts_[entry].served++ > 0;
  ++counts_.hits;
  if (repeated) {
    ++counts_.repeated;
  } else {
    --counts_.unused;
  }
  return {entries_[entry].recording, entries_[entry].exchange, repeated};
}

// As a recorder would store it.
RequestForm Matcher::shown_form(std::string_view method, std::string_view target,
                                std::string_view body, const std::vector<Header>& headers) {
  recording::RedactionNote note;
  recording::ExchangeRedactor redactor(redactor_, note);
  const recording::StoredRequest stored = redactor.request(target, headers);
  RecordedExchange masked;
  masked.request_body = redactor.request_body(body);
  apply_corrections(redactor.finish(), masked);
  return request_form(redactor.text(method), stored.target, masked.request_body, options_,
                      header_value(stored.headers, "content-type"));
}

RequestForm Matcher::shown_form(const Entry& entry) {
  const RecordedExchange& exchange = exchange_of(entry);
  RecordedExchange masked;
  masked.method = exchange.method;
  masked.target = redactor_.text(exchange.target);
  masked.request_headers = exchange.request_headers;
  masked.request_body = redactor_.text(exchange.request_body);
  return recorded_form(masked, redacted_[entry.recording], options_);
}

Miss Matcher::miss(const RequestForm& form, const RequestForm& shown, const Group* group) {
  Miss out;
  out.method = shown.method;
  out.target = shown.target.text();
  const bool is_sequence = options_.mode == MatchMode::sequence;
  if (!is_sequence) out.without_request = without_request_.entries.size();
  if (group != nullptr) {
    out.reason = MissReason::used_up;
    out.nearest = accounts_[group->entries.back()].name;
    return out;
  }
  const auto entry = nearest(form);
  if (!entry) {
    out.reason = entries_.empty() ? MissReason::no_exchanges
                 : is_sequence    ? MissReason::used_up
                                  : MissReason::no_requests;
    if (out.reason == MissReason::used_up) out.nearest = accounts_.back().name;
    return out;
  }
  out.nearest = accounts_[*entry].name;
  const RequestForm recorded = form_of(entries_[*entry]);
  if (recorded.method == form.method && recorded.target == form.target) out.loss = recorded.loss;
  if (out.loss == BodyLoss::none) {
    out.differences = differences_between(shown_form(entries_[*entry]), shown);
  }
  return out;
}

// The one with the fewest differences: path and method count more than all the rest, a lost body is
// none that JSON could be near to, and the first in order wins.
std::optional<std::size_t> Matcher::nearest(const RequestForm& form) const {
  const Leaves sent = leaves_of(form);
  std::optional<std::size_t> best;
  std::tuple<int, bool, std::size_t> least;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (!entry.has_request) continue;
    const int far = (entry.target.path == form.target.path ? 0 : 2) +
                    (exchange_of(entry).method == form.method ? 0 : 1);
    if (best && far > std::get<0>(least)) continue;
    const std::size_t query = entry.target.query == form.target.query ? 0 : 1;
    const std::tuple cost{far, entry.lost && form.is_json(),
                          query + count_differences(entry.leaves, sent)};
    if (best && cost >= least) continue;
    best = i;
    least = cost;
  }
  return best;
}

MatchCounts Matcher::counts() const { return counts_; }

}  // namespace playhead::match
