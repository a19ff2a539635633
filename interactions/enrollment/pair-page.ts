/** Draws the page of a pairing, before its enrollment can begin, and makes its events. */
import type { Words } from '../../src/locales/wording.ts';
import type { PairingOwner } from '../../src/mfa/push/pairings.ts';
import type { Html } from '../../web/html.ts';
import { enrollPairPage, pairingEvent } from '../../web/pages/index.ts';
import type { EnrollPairPage } from '../../web/pages/enroll-props.ts';
import type { WaitingEvent } from '../../web/pages/step-props.ts';
import type { InteractionDeps } from '../context.ts';
import { enrollFrame, type Enrolling } from './enrolling.ts';

/** A confirmed pairing without a test was interrupted in between: its page asks again. */
const stateOf = ({ pairing }: Pick<Enrolling, 'pairing'>): EnrollPairPage['state'] => {
  if (pairing === undefined) return { kind: 'ended', because: 'lost' };
  if (pairing.state === 'ended') return { kind: 'ended', because: pairing.because };
  const { expiresAt: until } = pairing;
  if (pairing.state === 'open') return { kind: 'open', code: pairing.code, link: pairing.link, until };
  return { kind: 'claimed', device: pairing.device, digits: pairing.digits, until };
};

/** The page of a pairing. */
export const pairPage = (deps: InteractionDeps, enrolling: Enrolling): Html =>
  enrollPairPage({ ...enrollFrame(deps, enrolling), state: stateOf(enrolling) }, enrolling.words);

/** The event of that page. */
export const pairEvent = ({ clock }: InteractionDeps, enrolling: Pick<Enrolling, 'pairing' | 'words'>): WaitingEvent =>
  pairingEvent({ state: stateOf(enrolling), now: clock() }, enrolling.words);

/** The events of that page, until a device claims the pairing or it ends. */
export async function* pairLines(
  deps: InteractionDeps,
  { owner, words }: { readonly owner: PairingOwner; readonly words: Words },
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const pairing of deps.pairings.watch(owner, signal)) {
    const event = pairEvent(deps, { pairing, words });
    yield JSON.stringify(event);
    if (event.phase !== 'pending') return;
  }
}
