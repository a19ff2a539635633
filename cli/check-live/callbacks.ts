/** Checks whether callbacks reach us, by a request to our public address like the carrier's. */
import { randomBytes } from 'node:crypto';
import type { TwilioSettings } from '../../src/config.ts';
import { isLoopback } from '../../src/config/checks/addresses.ts';
import type { Millis } from '../../src/ports/time.ts';
import { askDiscovery, discoveryPath, noAnswer } from './discovery.ts';
import type { Finding } from './finding.ts';

const timeout: Millis = 5000;

const statusOfUnsigned = async (address: string): Promise<number | string> => {
  try {
    const body = new URLSearchParams({ CallStatus: 'ringing' });
    const signal = AbortSignal.timeout(timeout);
    return (await fetch(address, { method: 'POST', redirect: 'manual', signal, body })).status;
  } catch (error) {
    return noAnswer(error);
  }
};

/**
 * `callsPeople` selects the callback address of calls, otherwise that of texts. The request comes from this machine, so a split
 * DNS or a firewall may answer it differently from the carrier's.
 */
export const callbackFinding = async (
  { callbackBase, apiBase }: TwilioSettings,
  callsPeople: boolean,
): Promise<readonly Finding[]> => {
  const base = callbackBase.href.replace(/\/$/, '');
  const about = `callbacks at ${callbackBase.origin}`;
  if (isLoopback(callbackBase.hostname) && !isLoopback(apiBase.hostname)) {
    const remedy = 'Set SALLYPORT_CALLBACK_BASE to the public origin of this server.';
    return [{ about, ok: false, got: 'a loopback address', expected: 'a public address', remedy }];
  }
  const discovery = await askDiscovery(base);
  if (discovery.status !== 200) {
    const got = `${discovery.status ?? discovery.reason} from ${discoveryPath}`;
    const remedy = 'Start the server, and let the proxy forward all paths of this host to it.';
    return [{ about, ok: false, got, expected: '200', remedy }];
  }
  const token = randomBytes(16).toString('base64url');
  const unsigned = await statusOfUnsigned(`${base}/callbacks/twilio/${callsPeople ? 'call' : 'text'}/${token}/status`);
  if (unsigned === 403) return [{ about, ok: true, got: 'our server refuses an unsigned callback' }];
  const remedy =
    'Let the proxy forward POST /callbacks/ unchanged: no sign-in page, redirect or firewall rule in front of it.';
  return [{ about, ok: false, got: `${unsigned} for an unsigned callback`, expected: '403', remedy }];
};
