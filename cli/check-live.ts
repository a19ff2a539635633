/**
 * Checks for `config check --live` whether the stores can be used, whether calls, texts and mails would work, and whether proxies
 * are counted. It asks MongoDB, Redis, the configured account, the mail server and our public address; it places no call and
 * sends no mail.
 */
import { inspectAccount } from '../adapters/twilio.ts';
import type { Clock } from '../src/ports/time.ts';
import {
  accountFindings,
  clockFindings,
  credentialsFinding,
  numberFindings,
  secondTokenFindings,
} from './check-live/account.ts';
import { callbackFinding } from './check-live/callbacks.ts';
import { databaseFindings } from './check-live/database.ts';
import { mailFinding } from './check-live/mail.ts';
import { proxyFindings } from './check-live/proxies.ts';
import { redisFindings } from './check-live/redis.ts';
import type { Finding, LiveSettings } from './check-live/finding.ts';

export { lineOf } from './check-live/finding.ts';

const usesCalls = ({ factors }: LiveSettings): boolean => factors.includes('call') || factors.includes('spoken');
const usesTelephone = (live: LiveSettings): boolean => usesCalls(live) || live.factors.includes('sms');

/** Runs every check, also after one has failed, so that an operator sees all problems at once. */
export const checkLive = async (live: LiveSettings, clock: Clock): Promise<readonly Finding[]> => [
  ...(await databaseFindings(live, clock)),
  ...(await redisFindings(live, clock)),
  ...(await carrierFindings(live, clock)),
  await mailFinding(live.smtp),
  ...(await proxyFindings(live)),
];

const carrierFindings = async (live: LiveSettings, clock: Clock): Promise<readonly Finding[]> => {
  const { twilio } = live;
  if (twilio === undefined) {
    const about = 'account';
    if (!usesTelephone(live)) return [{ about, ok: true, got: 'none, and no enabled method needs one' }];
    const remedy = 'Set SALLYPORT_TWILIO_ACCOUNT_SID, SALLYPORT_TWILIO_AUTH_TOKENS and SALLYPORT_TWILIO_FROM.';
    return [{ about, ok: false, got: 'none', expected: 'a Twilio account', remedy }];
  }
  const inspection = inspectAccount(twilio);
  const [firstToken, secondToken] = twilio.authTokens;
  const account = await inspection.account(firstToken);
  const now = clock();
  const isReached = account.ok || account.status !== undefined;
  return [
    credentialsFinding(account, twilio),
    ...accountFindings(account, live.mode === 'production'),
    ...secondTokenFindings(
      isReached && secondToken !== undefined ? await inspection.account(secondToken) : undefined,
      account,
    ),
    ...(account.ok ? await numberFindings(inspection, live, twilio.from) : []),
    ...clockFindings(account, now),
    ...(await callbackFinding(twilio, usesCalls(live))),
  ];
};
