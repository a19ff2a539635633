/** Ends a call, however far it got. */
import { Undelivered } from '../../src/errors.ts';
import type { Api } from './api.ts';
import { failureOf, undelivered } from './refusals.ts';

const attempts = 3;
/** Twilio's error 21220: the call's state does not permit this change. */
const invalidCallState = 21_220;

/** What ends a call depends on how far it got; a call in a state that is not listed is over. */
const endings: Readonly<Record<string, 'canceled' | 'completed' | undefined>> = {
  queued: 'canceled',
  initiated: 'canceled',
  ringing: 'canceled',
  'in-progress': 'completed',
};

/** Never throws for one that is over. @throws Undelivered where Twilio does not say. */
export const hangUp = async (api: Api, reference: string, signal: AbortSignal): Promise<void> => {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      const { status } = await api.request(account => account.calls(reference).fetch(), signal);
      const ending = endings[status];
      if (ending !== undefined)
        await api.request(account => account.calls(reference).update({ status: ending }), signal);
      return;
    } catch (error) {
      if (error instanceof Undelivered) throw error;
      const failure = failureOf(error);
      if (failure.status === 404) return;
      // It was picked up, or ended, between the look and the change: look again.
      if (failure.code !== invalidCallState) throw undelivered(failure, 'a call to end');
    }
  }
};
