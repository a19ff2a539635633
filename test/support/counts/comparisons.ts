/** Counts from outside how often a factor really compared an answer. */
import type { Resources } from '../../../server/services.ts';

export interface Counted {
  /** Answers that reached `finish` of this factor. */
  compared: number;
  readonly wrap: (parts: Resources) => Resources;
}

export const countComparisons = (type: string): Counted => {
  const counted: Counted = {
    compared: 0,
    wrap: parts => ({
      ...parts,
      factors: parts.factors.map(factor =>
        factor.type === type
          ? {
              ...factor,
              challenge: {
                ...factor.challenge,
                finish(...answered) {
                  counted.compared += 1;
                  return factor.challenge.finish(...answered);
                },
              },
            }
          : factor,
      ),
    }),
  };
  return counted;
};

/** Limits so wide that only the guard under test stands in the way. */
export const openLimits = (parts: Resources): Resources => ({
  ...parts,
  settings: {
    ...parts.settings,
    limits: {
      ...parts.settings.limits,
      attemptsPerChallenge: 10_000,
      failedAttemptsBeforeWait: 10_000,
      failedAttemptsBeforeDisabled: 10_000,
      sendsPerNumberAndHour: 10_000,
      sendsPerNumberAndDay: 10_000,
      allSendsPerNumberAndDay: 10_000,
      sendsPerAccountAndHour: 10_000,
      sendsPerPrefixAndHour: 10_000,
      sendsPerSwitchboardAndHour: 10_000,
    },
  },
});
