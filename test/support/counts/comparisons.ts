/** Counts how often a factor compared an answer, without a hook in the product. */
import type { Resources } from '../../../server/services.ts';

export interface ComparisonCount {
  /** Answers that were given to `finish` of this factor. */
  compared: number;
  readonly wrap: (resources: Resources) => Resources;
}

export const countComparisons = (type: string): ComparisonCount => {
  const counted: ComparisonCount = {
    compared: 0,
    wrap: resources => ({
      ...resources,
      factors: resources.factors.map(factor =>
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

/** Widens the limits, so that only the guard under test can refuse. */
export const openLimits = (resources: Resources): Resources => ({
  ...resources,
  settings: {
    ...resources.settings,
    limits: {
      ...resources.settings.limits,
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
