// The known differences between the AI SDK and Playhead on Mistral streams, one sentence each.
// What a rule is: class_rules.mjs.
import { kLostByThrowing, kThinkTags } from './class_rules.mjs';
import { kSeveralChoices } from './classes_openai_chat.mjs';

export const kClasses = [kSeveralChoices, kThinkTags, kLostByThrowing];
