/**
 * Pairs this device with an account of the server: makes a key, claims the pairing by the secret of the QR code or the typed code,
 * and waits until the person has compared the digits on the page. The test request that follows ends it (`answers.ts`).
 */
import type { Pairing, PairingFailure } from '../state.ts';
import type { Reply } from './api.ts';
import { randomText } from './bytes.ts';
import { readCodesUri, wrapCodes } from './codes.ts';
import type { Context } from './context.ts';
import { createDeviceKey, type DeviceKey } from './device-key.ts';
import type { Notifications } from './notifications.ts';
import type { StoredAccount } from './records.ts';
import { pinOf } from './server-keys.ts';

export interface Pairings {
  /** The secret of a QR code was read: asks for the name of the device. */
  begin(secret: string): void;
  /** Claims, by the typed code or the secret that was read. Asks for notifications first, where the person was not asked yet. */
  pair(device: { readonly name: string; readonly code?: string }): Promise<void>;
  /** Goes on after the person was asked for notifications. */
  goOn(): Promise<void>;
  cancel(): Promise<void>;
  /** The server does not know the pairing any more. */
  gone(account: StoredAccount): Promise<void>;
  done(account: StoredAccount): Promise<void>;
  /** Shows a pairing that was under way when the app was closed. */
  resume(): void;
}

type Claim = { readonly name: string } & ({ readonly secret: string } | { readonly code: string });

/** Sentences for the refusals that a person can cause. */
const failures: Readonly<Record<string, PairingFailure>> = {
  'pairing-unknown': 'wrong-code',
  'code-malformed': 'wrong-code',
  'pairing-used': 'expired',
};

export const createPairings = (
  { deps, model, accounts }: Context,
  notifications: Notifications,
  fetch: (id: string) => Promise<void>,
): Pairings => {
  const { api, clock, navigation, persist } = deps;
  let secret: string | undefined;
  let waiting: Claim | undefined;

  const show = (pairing: Pairing): void => {
    model.change({ pairing });
    const { at } = model.state.screen;
    // Back does not return to the scanner, or to a request that has ended.
    if (at !== 'pairing') navigation.go({ at: 'pairing' }, { replace: at === 'scan' || at === 'request' });
  };
  const fail = (why: PairingFailure, message = ''): void =>
    show({ step: 'failed', why, ...(message !== '' && { message }) });
  const underWay = (): StoredAccount | undefined => accounts.served().find(({ state }) => state === 'pairing');

  const refused = (claim: Claim, reply: Extract<Reply<unknown>, { readonly ok: false }>): void => {
    if (reply.reason === 'unreachable') return fail('unreachable');
    const why = reply.status === 429 ? 'later' : (failures[reply.error] ?? 'failed');
    // A link is not typed: it can only be too old.
    fail(why === 'wrong-code' && 'secret' in claim ? 'expired' : why, reply.message);
  };

  const keepCodes = async (uri: string | undefined): Promise<Pick<StoredAccount, 'codes'>> => {
    const read = uri === undefined ? undefined : readCodesUri(uri);
    const codes = read && (await wrapCodes(read, await accounts.wrappingKey()));
    return codes === undefined ? {} : { codes };
  };

  const claim = async (wanted: Claim): Promise<void> => {
    show({ step: 'claiming' });
    const before = underWay();
    if (before !== undefined) await accounts.remove(before.id);
    const key: DeviceKey = await createDeviceKey();
    const { name, ...by } = wanted;
    const { language } = model.state;
    const offered = { ...by, key: key.publicKey, name, language };
    const subscription = await notifications.current();
    const first = await api.pair(key, { ...offered, subscription });
    // The operator does not allow the push service of this browser: the app that is open has each request all the same.
    const isPushRefused = !first.ok && first.reason === 'refused' && first.error === 'subscription-refused';
    const reply = isPushRefused ? await api.pair(key, { ...offered, subscription: null }) : first;
    if (isPushRefused) model.change({ notifications: 'failed' });
    if (!reply.ok) return refused(wanted, reply);
    secret = undefined;
    const { organization, account, digits, unlock, totp, creation, serverKeys, expiresAt } = reply.body;
    const id = randomText(16);
    await accounts.put({
      kind: 'account',
      id,
      title: organization,
      account,
      state: 'pairing',
      device: name,
      key,
      pinned: await pinOf(serverKeys),
      serverKeys,
      unlock,
      ...(await keepCodes(totp)),
      pairing: { digits, expiresAt, ...(creation !== undefined && { creation }) },
    });
    show({ step: 'comparing', organization, account, digits, expiresAt });
    await persist();
    await fetch(id);
  };

  return {
    begin(read) {
      secret = read;
      show({ step: 'naming' });
    },
    async pair({ name, code }) {
      if (code === undefined && secret === undefined) return fail('expired');
      waiting = code === undefined ? { name, secret: secret ?? '' } : { name, code };
      if (notifications.canAsk()) return show({ step: 'notifications' });
      await this.goOn();
    },
    async goOn() {
      const wanted = waiting;
      waiting = undefined;
      if (wanted !== undefined) await claim(wanted);
    },
    async cancel() {
      [secret, waiting] = [undefined, undefined];
      const account = underWay();
      model.change({ pairing: undefined });
      navigation.go({ at: 'home' }, { replace: true });
      if (account === undefined) return;
      await accounts.remove(account.id);
      await api.leave(account.key);
    },
    async gone(account) {
      await accounts.remove(account.id);
      if (model.state.pairing?.step !== 'comparing') return;
      // Elsewhere the person reads how the test ended, or has left the pairing.
      if (model.state.screen.at !== 'pairing') return model.change({ pairing: undefined });
      fail(clock.now() >= (account.pairing?.expiresAt ?? 0) ? 'expired' : 'refused');
    },
    async done({ id, title, account }) {
      await accounts.settle(id);
      show({ step: 'done', organization: title, account });
    },
    resume() {
      const account = underWay();
      if (account?.pairing === undefined) return;
      const { digits, expiresAt } = account.pairing;
      show({ step: 'comparing', organization: account.title, account: account.account, digits, expiresAt });
    },
  };
};
