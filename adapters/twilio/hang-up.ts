/** Ends a call in any state: ringing calls are canceled, answered ones completed. */
import { Undelivered } from '../../src/errors.ts';
import type { Api } from './api.ts';
import { failureOf, undelivered } from './refusals.ts';
import { callPath, statusIn } from './resources.ts';

const maxAttempts = 3;
/** Twilio's error 21220: the call's state does not permit this change. */
const invalidCallState = 21_220;

/** The status that ends a call, by its current one. A call with another status has already ended. */
const endings: Readonly<Record<string, 'canceled' | 'completed' | undefined>> = {
  queued: 'canceled',
  initiated: 'canceled',
  ringing: 'canceled',
  'in-progress': 'completed',
};

/** Does not throw for a call that has already ended. @throws Undelivered where Twilio does not answer. */
export const hangUp = async (api: Api, reference: string, signal: AbortSignal): Promise<void> => {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    try {
      const path = callPath(reference);
      const ending = endings[statusIn(await api.request({ path }, signal)) ?? ''];
      if (ending !== undefined) await api.request({ path, form: { status: ending } }, signal);
      return;
    } catch (error) {
      if (error instanceof Undelivered) throw error;
      const failure = failureOf(error);
      if (failure.status === 404) return;
      // The call was picked up, or ended, between reading and changing its status: read it again.
      if (failure.code !== invalidCallState) throw undelivered(failure, 'a call to end');
    }
  }
};
