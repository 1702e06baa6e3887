// Matcher: finds the recorded exchange that answers a request, or the nearest one and how it
// differs; keeps account of what was served, missed and left over.
#ifndef PLAYHEAD_MATCH_MATCHER_H_
#define PLAYHEAD_MATCH_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "match/canonical.h"
#include "match/differences.h"
#include "match/match_options.h"
#include "match/request_form.h"
#include "recording/recording.h"
#include "recording/redaction.h"

namespace playhead {

// The exchange to serve: recordings[recording].exchanges[exchange].
struct Hit {
  std::size_t recording = 0;
  std::size_t exchange = 0;
  bool repeated = false;  // served before; all equal ones were used up

  bool operator==(const Hit&) const = default;
};

enum class MissReason : std::uint8_t {
  differs,      // no exchange has this request
  used_up,      // some have, and all of them are taken
  no_requests,  // the exchanges there are were recorded without their requests
  no_exchanges  // there are none
};

// A recorded exchange as people are told of it.
struct ExchangeName {
  std::string
      recording;     // its path; "path#2" where a file holds several; "recording 2" without one
  int exchange = 0;  // counted from 1, as in the file
  std::string method;
  std::string target;  // canonical: without its secrets
};

// The request's secrets are masked in all of it.
struct Miss {
  MissReason reason = MissReason::differs;
  std::string method;
  std::string target;  // canonical
  std::optional<ExchangeName> nearest;
  DifferenceList differences;  // between `nearest` and the request
  // Of `nearest`, where nothing but the body may differ: it has none to compare with.
  BodyLoss loss = BodyLoss::none;
  std::size_t without_request = 0;  // exchanges that only mode `sequence` serves
};

using Match = std::variant<Hit, Miss>;

// One recorded exchange in the account.
struct ExchangeAccount {
  ExchangeName name;
  std::uint64_t served = 0;  // how often
};

struct MatchCounts {
  std::uint64_t requests = 0;  // hits and misses
  std::uint64_t hits = 0;
  std::uint64_t repeated = 0;  // of the hits
  std::uint64_t misses = 0;
  std::size_t exchanges = 0;  // recorded
  std::size_t unused = 0;     // of the exchanges, never served
};

namespace match {

// Our choices. Values of all recorded requests that are kept to find the nearest (16 bytes each);
// exchanges behind them are compared by method, path and query only.
inline constexpr std::size_t kLeavesKeptMax = std::size_t{1} << 20;
// Misses that are kept, from the first; all are counted.
inline constexpr std::size_t kMissesKeptMax = 100;
// Arrangements of masks that are tried for a request of one length; exchanges with further ones
// only answer requests that are masked themselves.
inline constexpr std::size_t kMaskLayoutsMax = 256;

// Requests match when their forms (request_form.h) have the same text; of a recording whose meta
// has `redacted`, also when the sent one has other bytes, as many, in place of masks, unless
// the whole body is one. The order is that of the recordings as given, and of the exchanges in
// each.
//
// An exchange has no request when its method and target are empty (the stream of a case) or it is
// an imported body under the stand-in target `/` (recording/import.h): any request takes it in mode
// `sequence`, none in the other modes.
//
// Mode `sequence` gives the first exchange not yet taken of those that fit, so each method and
// target has a sequence of its own, and a side request takes nothing from the main one.
class Matcher {
 public:
  // Borrows the recordings for its life. `secrets`: masked in every miss, beside the credentials
  // that the request itself has.
  Matcher(const std::vector<Recording>& recordings, MatchOptions options,
          const std::vector<std::string>& secrets = {});
  Matcher(std::vector<Recording>&& recordings, MatchOptions options) = delete;

  // `target`: as in the request line. Of the headers the content type is needed to compare, and the
  // others tell what is secret. Counts and takes what it returns.
  Match take(std::string_view method, std::string_view target, std::string_view body,
             const std::vector<Header>& headers = {});

  const MatchOptions& options() const { return options_; }
  const std::vector<ExchangeAccount>& exchanges() const { return accounts_; }  // all, in order
  const std::vector<Miss>& misses() const { return misses_; }  // the first kMissesKeptMax
  MatchCounts counts() const;

 private:
  struct Entry {
    std::size_t recording = 0;
    std::size_t exchange = 0;
    bool has_request = false;
    bool lost = false;  // its body
    CanonicalTarget target;
    Leaves leaves;
  };
  // Entries that answer the same requests, in order.
  struct Group {
    std::vector<std::size_t> entries;
    std::size_t next = 0;
    bool lost = false;  // the body of one is: only requests with the same text

    bool used_up() const { return next == entries.size(); }
  };

  void add(const ExchangeName& name, std::size_t recording, std::size_t exchange);
  void add_request(Entry& entry);
  const RecordedExchange& exchange_of(const Entry& entry) const;
  RequestForm form_of(const Entry& entry) const;
  Group* group_of(const RequestForm& form);
  std::optional<std::size_t> next_of(Group* group);
  Hit serve(std::size_t entry);
  RequestForm shown_form(std::string_view method, std::string_view target, std::string_view body,
                         const std::vector<Header>& headers);
  // What is told of an entry, in which there may be secrets if its recording is not redacted.
  RequestForm shown_form(const Entry& entry);
  // `form` is compared, `shown` is told.
  Miss miss(const RequestForm& form, const RequestForm& shown, const Group* group);
  std::optional<std::size_t> nearest(const RequestForm& form) const;

  const std::vector<Recording>& recordings_;
  MatchOptions options_;
  recording::Redactor redactor_;
  std::vector<bool> redacted_;  // of each recording: its meta says so
  std::vector<Entry> entries_;
  std::vector<ExchangeAccount> accounts_;  // one for each entry
  std::map<std::string, Group> groups_;    // by the hash of the form's text
  Group without_request_;
  // Where the texts of recorded forms are masked, by their size.
  std::map<std::size_t, std::set<std::vector<MaskSpan>>> layouts_;
  std::size_t leaves_kept_ = 0;
  MatchCounts counts_;
  std::vector<Miss> misses_;
};

}  // namespace match
}  // namespace playhead

#endif  // PLAYHEAD_MATCH_MATCHER_H_
