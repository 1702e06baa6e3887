// The known differences between the ollama client and Playhead, one sentence each.
// What a rule is: class_rules.mjs.
import { kLostByThrowing, kThinkTags, kToolIdMade } from './class_rules.mjs';

export const kClasses = [kToolIdMade, kThinkTags, kLostByThrowing];
