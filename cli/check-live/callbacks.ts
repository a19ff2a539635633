/** Whether callbacks reach us: our own public address, asked as the carrier asks. */
import { randomBytes } from 'node:crypto';
import type { TwilioSettings } from '../../src/config.ts';
import { isLoopback } from '../../src/config/rules.ts';
import type { Millis } from '../../src/ports/time.ts';
import type { Finding } from './finding.ts';

const patience: Millis = 5000;

const ask = async (address: string, method: 'GET' | 'POST'): Promise<number | string> => {
  try {
    const { status } = await fetch(address, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
      ...(method === 'POST' && { body: new URLSearchParams({ CallStatus: 'ringing' }) }),
    });
    return status;
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    const code: unknown = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
    return `no answer (${typeof code === 'string' ? code : 'nothing in 5 s'})`;
  }
};

/** `isCalling`: people are called; else they are texted alone. Asked from this machine, which may see that address another way than the world does. */
export const callbacks = async (
  { callbackBase, apiBase }: TwilioSettings,
  isCalling: boolean,
): Promise<readonly Finding[]> => {
  const base = callbackBase.href.replace(/\/$/, '');
  const about = `callbacks at ${callbackBase.origin}`;
  if (isLoopback(callbackBase.hostname) && !isLoopback(apiBase.hostname)) {
    const remedy = 'Set SALLYPORT_CALLBACK_BASE to the origin at which the internet reaches this server.';
    return [{ about, ok: false, got: 'an address of this machine alone', expected: 'a public one', remedy }];
  }
  const health = await ask(`${base}/healthz`, 'GET');
  if (health !== 200) {
    const remedy = 'Start the server, and let the proxy pass /healthz and /callbacks/ of this host on to it.';
    return [{ about, ok: false, got: `${health} from /healthz`, expected: '200', remedy }];
  }
  const token = randomBytes(16).toString('base64url');
  const unsigned = await ask(`${base}/callbacks/twilio/${isCalling ? 'call' : 'text'}/${token}/status`, 'POST');
  if (unsigned === 403) return [{ about, ok: true, got: 'our server, which refuses what is not signed' }];
  const remedy =
    'Let the proxy pass POST /callbacks/ on unchanged: no sign-in page, no redirect, no firewall rule in front of it.';
  return [{ about, ok: false, got: `${unsigned} for an unsigned callback`, expected: '403', remedy }];
};
