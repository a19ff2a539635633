/** `config check --live`: asks the configured account and our own public address whether calls and texts would work. Nothing is dialled. */
import { inspectAccount } from '../adapters/twilio.ts';
import type { Clock } from '../src/ports/time.ts';
import { clockSkew, credentials, ownNumber, second, standing } from './check-live/account.ts';
import { callbacks } from './check-live/callbacks.ts';
import type { Finding, Live } from './check-live/finding.ts';

export { lineOf } from './check-live/finding.ts';

const isCalling = ({ factors }: Live): boolean => factors.includes('call') || factors.includes('spoken');
const byTelephone = (live: Live): boolean => isCalling(live) || live.factors.includes('sms');

/** What is and what is not as it must be. All of it is asked, however much is wrong. */
export const checkLive = async (live: Live, clock: Clock): Promise<readonly Finding[]> => {
  const { twilio } = live;
  if (twilio === undefined) {
    const about = 'account';
    if (!byTelephone(live)) return [{ about, ok: true, got: 'none, and no method that needs one' }];
    const remedy = 'Set SALLYPORT_TWILIO_ACCOUNT_SID, SALLYPORT_TWILIO_AUTH_TOKENS and SALLYPORT_TWILIO_FROM.';
    return [{ about, ok: false, got: 'none', expected: 'one that calls and texts people', remedy }];
  }
  const inspection = inspectAccount(twilio);
  const [firstToken, secondToken] = twilio.authTokens;
  const account = await inspection.account(firstToken);
  const now = clock();
  const isReached = account.ok || account.status !== undefined;
  return [
    credentials(account, twilio),
    ...standing(account, live.mode === 'production'),
    ...second(isReached && secondToken !== undefined ? await inspection.account(secondToken) : undefined, account),
    ...(account.ok ? await ownNumber(inspection, live, twilio.from) : []),
    ...clockSkew(account, now),
    ...(await callbacks(twilio, isCalling(live))),
  ];
};
