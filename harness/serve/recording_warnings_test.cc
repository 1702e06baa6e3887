// The lines by which a server tells what is wrong with its recordings.
#include "serve/recording_warnings.h"

#include <gtest/gtest.h>

#include "serve/testing.h"

namespace playhead::serve {
namespace {

using Lines = std::vector<std::string>;

Recording ending(std::vector<EndReason> reasons, std::string path = "a.rec") {
  std::vector<RecordedExchange> exchanges;
  for (const EndReason reason : reasons) {
    exchanges.push_back(exchange_of("GET", "/"));
    exchanges.back().end.reason = reason;
  }
  return recording_of(std::move(exchanges), std::move(path));
}

TEST(RecordingWarnings, AreNoneForWholeRecordings) {
  EXPECT_EQ(recording_warnings({}), Lines{});
  Recording finished = ending({EndReason::complete, EndReason::reset, EndReason::client_closed});
  finished.meta.json = R"({"redacted":{"finished":true}})";
  EXPECT_EQ(recording_warnings({finished, ending({})}), Lines{});
}

TEST(RecordingWarnings, SayOnceWhatAFileDoesNotHave) {
  Recording killed = ending({EndReason::torn, EndReason::complete, EndReason::torn}, "killed.rec");
  killed.torn = true;
  killed.meta.json = R"({"redacted":{"finished":false}})";
  Recording cut = ending({EndReason::complete}, "cut.rec");
  cut.torn = true;
  const Recording capped = ending({EndReason::size_cap}, "two.rec");
  const Recording stopped =
      ending({EndReason::recorder_stopped, EndReason::recorder_stopped}, "two.rec");
  EXPECT_EQ(recording_warnings({killed, cut, capped, stopped}),
            (Lines{"warning: killed.rec is incomplete: its recorder was killed or still runs, "
                   "2 exchanges without an end",
                   "warning: cut.rec is incomplete: it stops inside a record",
                   "warning: two.rec is incomplete: 1 exchange cut at a size limit, "
                   "2 exchanges cut when the recorder was stopped"}));
}

TEST(RecordingWarnings, SayThatBodiesAreMaskedWhole) {
  Recording masked = ending({EndReason::complete});
  masked.meta.json = R"({"redacted":{"finished":true,"bodies_masked_whole":1}})";
  EXPECT_EQ(recording_warnings({masked}),
            Lines{"warning: a.rec is incomplete: 1 body masked whole, because it could not be "
                  "searched"});
}

TEST(RecordingWarnings, LeaveTheStreamsOfCasesAlone) {
  Recording stream = ending({EndReason::torn});
  stream.exchanges[0].method.clear();
  stream.exchanges[0].target.clear();
  stream.torn = true;
  EXPECT_EQ(recording_warnings({stream}), Lines{});
}

TEST(RecordingWarnings, NameWhatTheControlPageStandsBefore) {
  const Recording one =
      recording_of({exchange_of("GET", "/"), exchange_of("GET", "/_playhead/x?y")});
  EXPECT_EQ(recording_warnings({one}),
            Lines{"warning: exchange 2 of a.rec cannot be asked for: /_playhead/ is the control "
                  "page"});
  const Recording more = recording_of({exchange_of("GET", "/_playhead")}, "b.rec");
  EXPECT_EQ(recording_warnings({one, more}),
            Lines{"warning: exchange 2 of a.rec and 1 more cannot be asked for: /_playhead/ is "
                  "the control page"});
  EXPECT_EQ(recording_warnings({recording_of({exchange_of("GET", "/a/_playhead/x")})}), Lines{});
}

}  // namespace
}  // namespace playhead::serve
