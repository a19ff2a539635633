/** Reports conversations without HTTP, in the order of a carrier: a call is picked up before its first keys. */
import type { Heard } from '../../../src/ports/carriers.ts';
import type { CallbackResult } from '../../../src/mfa/challenge/result.ts';
import { untilHeard, type TestClock } from '../world/clock.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { VoiceDialogue } from '../../../src/mfa/challenge/voice-dialogue.ts';

/** `keys`: earlier ones included, as an address carries them. Without a key of a telephone at their end: silence. */
export interface Spoken extends Partial<Heard> {
  readonly token: string;
  readonly reference: string;
  readonly keys: string;
}

/**
 * The first report about a call without keys is its pick-up; keys without a pick-up are reported after one. Keys come when the
 * beginning of the first question was heard.
 */
export const createConversation = (dialogue: Pick<VoiceDialogue, 'hear'>, clock: TestClock) => {
  const pickedUp = new Map<string, EpochMillis>();
  return async ({ token, reference, keys, by = 'human', ...told }: Spoken): Promise<CallbackResult> => {
    const isFirst = !pickedUp.has(token);
    if (isFirst || told.step === 'picked-up') pickedUp.set(token, clock());
    const call = { token, reference, by, isConnected: true };
    const beginning = { ...call, step: 'picked-up', keys: '', isSilent: true } as const;
    if (isFirst && keys === '') return dialogue.hear({ ...beginning, ...told });
    if (isFirst) await dialogue.hear(beginning);
    const asked = pickedUp.get(token) ?? clock();
    if (keys !== '' && clock() < asked + untilHeard) clock.set(asked + untilHeard);
    return dialogue.hear({ ...call, step: 'keys', keys, isSilent: !/[0-9*#]$/.test(keys), ...told });
  };
};
