// OwnEngine: the smallest engine that reads a streamed reply. Chunks in, facts out.
#ifndef PLAYHEAD_CI_CONSUMER_OWN_ENGINE_H_
#define PLAYHEAD_CI_CONSUMER_OWN_ENGINE_H_

#include <model/engine.h>

#include <string>

namespace consumer {

class OwnEngine : public playhead::Engine {
 public:
  void step(const playhead::Input& input, playhead::Facts& facts) override;

 private:
  void take_line(const std::string& line);
  void finish(playhead::Instant at, playhead::Facts& facts);

  std::string pending_;  // of the line that is not whole yet
  std::string content_;
  bool done_ = false;
};

}  // namespace consumer

#endif  // PLAYHEAD_CI_CONSUMER_OWN_ENGINE_H_
