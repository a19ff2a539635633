/** Writes what a right answer changes in the durable store, beside what it establishes. */
import type { DurableStore, Write } from '../../ports/stores.ts';
import { countedSend } from '../challenge-state/record.ts';
import { guessTarget, type FailedAttempts, type SeenCount } from '../limits/failed-attempts.ts';
import type { CountedSend, SendLimits } from '../limits/send-limits.ts';
import type { Burn } from './ceremonies.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

interface RightAnswerDeps {
  readonly failedAttempts: FailedAttempts;
  readonly sendLimits: SendLimits;
  readonly durable: Pick<DurableStore, 'batch'>;
}

/** The sends of a challenge that its owner answered: they cost nothing. */
export const answeredSend = ({
  record,
  contents,
  resends,
}: LoadedChallenge): { readonly counted: CountedSend; readonly messages: number } | undefined => {
  const counted = countedSend(record, contents.sentTo, contents.request);
  return counted && { counted, messages: 1 + (resends?.of === record.id ? resends.taken : 0) };
};

/**
 * Clears the failed attempts, and gives the daily sends back, because the owner answered. `burn` writes them with the authenticator,
 * in one commit. Where another request has changed one of them meanwhile, `finish` writes it alone. `guesses`: the failed attempts as
 * this answer was counted; undefined: it was not.
 */
export const rightAnswerWrites = (
  { failedAttempts, sendLimits, durable }: RightAnswerDeps,
  challenge: LoadedChallenge,
  guesses: SeenCount | undefined,
): { readonly burn: Burn; readonly finish: () => Promise<void> } => {
  const { record, factor, sent } = challenge;
  const target = guesses && guessTarget(factor, record.userId, record.chosen);
  const send = answeredSend(challenge);
  let left: readonly (readonly [write: Write | undefined, alone: () => Promise<void>])[] = [
    ...(guesses === undefined || target === undefined
      ? []
      : [[failedAttempts.clearing(target, guesses), async () => failedAttempts.clear(target)] as const]),
    ...(send === undefined
      ? []
      : [
          [
            sent?.today && sendLimits.refundingDaily(sent.today, send.messages),
            async () => sendLimits.refundAnsweredDaily(send.counted, send.messages),
          ] as const,
        ]),
  ];
  return {
    burn: async write => {
      let outcome = await durable.batch([write, ...left.flatMap(([each]) => each ?? [])]);
      if (outcome.ok) left = left.filter(([each]) => each === undefined);
      else if (outcome.lost > 0) outcome = await durable.batch([write]);
      return outcome.ok;
    },
    finish: async () => void (await Promise.all(left.map(async ([, alone]) => alone()))),
  };
};
