/**
 * Fetches the requests of each account, verifies them, and keeps those that wait in the state. A request that is gone goes to the
 * history with its end.
 */
import type { RequestClaims, RequestsAnswer } from '../../../../src/mfa/push/protocol.ts';
import type { Ended, PendingRequest, Result } from '../state.ts';
import type { Context } from './context.ts';
import { maxEnded, type StoredAccount } from './records.ts';
import { signerOf, verifyRequest } from './requests.ts';
import { continuationOf, lastKey, type ServerKey } from './server-keys.ts';

export interface Inbox {
  /** Fetches the requests of one account. Two calls at once share one more fetch. */
  fetch(id: string): Promise<void>;
  fetchAll(): Promise<void>;
  /** Moves a request to the history. */
  end(request: PendingRequest, result: Result, reason?: string): Promise<void>;
  /** Ends requests that have expired. */
  expire(): void;
}

export interface InboxEvents {
  /**
   * The server is about to be asked. The function it gives takes what the server says of the subscription of the account;
   * undefined: it does not know the account.
   */
  readonly onAsking: () => (push: RequestsAnswer['push'] | undefined) => void;
  /** The server does not know this device, before its pairing was done. */
  readonly onPairingGone: (account: StoredAccount) => Promise<void>;
  /** The pairing of this account is done. */
  readonly onPaired: (account: StoredAccount) => Promise<void>;
  /** A request that was not there before. */
  readonly onRequest: (request: PendingRequest) => void;
}

const pendingOf = (claims: RequestClaims, entry: string): PendingRequest => ({
  id: claims.jti,
  entry,
  claims,
  askedAt: claims.iat * 1000,
  expiresAt: claims.exp * 1000,
});

const factsOf = ({ purpose, account, client, address, place, browser }: RequestClaims): Ended['claims'] => ({
  purpose,
  account,
  client,
  ...(address !== undefined && { address }),
  ...(place !== undefined && { place }),
  ...(browser !== undefined && { browser }),
});

export const createInbox = ({ deps, model, accounts }: Context, events: InboxEvents): Inbox => {
  const { api, clock, origin, store, navigation, push } = deps;
  /** Ids of answered requests: the server may still list one that it is about to end. */
  const over = new Set<string>();
  /** Accounts that were asked for requests since the start, by id. */
  const fetched = new Set<string>();
  const running = new Map<string, { again: boolean; done: Promise<void> }>();

  /** The key of the server that counts for this account; asks again where a request names another one. */
  const keyFor = async (account: StoredAccount, jwts: readonly string[]): Promise<ServerKey | undefined> => {
    const { pinned, serverKeys } = account;
    const known = await lastKey(serverKeys, { pinned, origin });
    if (known !== undefined && jwts.every(jwt => (signerOf(jwt) ?? known.kid) === known.kid)) return known;
    const reply = await api.configuration();
    if (!reply.ok) return known;
    const told = reply.body.serverKeys;
    const continuation = continuationOf(serverKeys, told);
    if (continuation === 'behind') return known;
    const key = continuation === 'on' ? await lastKey(told, { pinned, origin }) : undefined;
    await accounts.change(account.id, key === undefined ? { state: 'untrusted' } : { serverKeys: told });
    return key;
  };

  const verified = async (account: StoredAccount, jwts: readonly string[]): Promise<readonly PendingRequest[]> => {
    if (jwts.length === 0) return [];
    const signer = await keyFor(account, jwts);
    if (signer === undefined) return [];
    const expected = { signer, origin, kid: account.key.kid, now: clock.now() };
    const claims = await Promise.all(jwts.map(jwt => verifyRequest(jwt, expected)));
    return claims
      .filter(each => each !== undefined)
      .filter(({ jti }) => !over.has(jti))
      .map(each => pendingOf(each, account.id));
  };

  /** Closes notifications where no request waits, so that theirs have ended. A test of notifications is left on the screen. */
  const closeEnded = (close: () => void): void => {
    const { requests, test } = model.state;
    const areKnown = accounts.served().every(({ id }) => fetched.has(id));
    if (requests.length === 0 && areKnown && test === undefined) close();
  };

  const end: Inbox['end'] = async (request, result, reason) => {
    const { id, entry, claims } = request;
    if (over.has(id)) return;
    over.add(id);
    const ended: Ended = {
      id,
      entry,
      at: clock.now(),
      result,
      ...(reason !== undefined && { reason }),
      claims: factsOf(claims),
    };
    await store.putEnded(ended);
    const { state } = model;
    model.change({
      requests: state.requests.filter(each => each.id !== id),
      history: [ended, ...state.history].slice(0, maxEnded),
      ...(isShown(id) && { answering: undefined }),
    });
    if (isShown(id)) navigation.go({ at: 'ended', request: id }, { replace: true });
    closeEnded(await push.shown());
  };
  const isShown = (id: string): boolean => {
    const { screen } = model.state;
    return (screen.at === 'request' || screen.at === 'report') && screen.request === id;
  };

  /** Ends requests that the server does not list any more, and adds the new ones. */
  const show = async (account: StoredAccount, now: readonly PendingRequest[]): Promise<void> => {
    const before = model.state.requests.filter(({ entry }) => entry === account.id);
    for (const gone of before.filter(({ id }) => now.every(each => each.id !== id))) {
      // One that is being answered is ended by its answer.
      if (isShown(gone.id) && model.state.answering?.state === 'sending') continue;
      await end(gone, clock.now() >= gone.expiresAt ? 'expired' : 'over');
    }
    const added = now.filter(({ id }) => !over.has(id) && before.every(each => each.id !== id));
    if (added.length === 0) return;
    const requests = [...added, ...model.state.requests].toSorted((a, b) => b.askedAt - a.askedAt);
    model.change({ requests, now: clock.now() });
    for (const request of added) events.onRequest(request);
  };

  const fetchOnce = async (id: string): Promise<void> => {
    const account = accounts.served().find(each => each.id === id);
    if (account === undefined) return;
    // Found before the requests are: a notification that comes later may be of a request that the answer does not list yet.
    const closeShown = await push.shown();
    const told = events.onAsking();
    const reply = await api.requests(account.key);
    if (reply.ok) {
      fetched.add(id);
      model.change({ online: true, now: clock.now() });
      told(reply.body.push);
      await show(account, await verified(account, reply.body.requests));
      closeEnded(closeShown);
      if (account.state === 'pairing' && reply.body.state === 'paired') await events.onPaired(account);
      return;
    }
    if (reply.reason === 'unreachable') {
      model.change({ online: false });
      return;
    }
    if (reply.error !== 'device-unknown') return;
    await show(account, []);
    if (account.state === 'pairing') await events.onPairingGone(account);
    else await accounts.change(id, { state: 'removed' });
    told(undefined);
  };

  const fetch: Inbox['fetch'] = id => {
    const current = running.get(id);
    if (current !== undefined) {
      current.again = true;
      return current.done;
    }
    const turn = { again: true, done: Promise.resolve() };
    const run = async (): Promise<void> => {
      try {
        while (turn.again) {
          turn.again = false;
          await fetchOnce(id);
        }
      } finally {
        running.delete(id);
      }
    };
    running.set(id, turn);
    turn.done = run();
    return turn.done;
  };

  return {
    fetch,
    async fetchAll() {
      await Promise.all(accounts.served().map(({ id }) => fetch(id)));
    },
    end,
    expire() {
      for (const request of model.state.requests)
        if (clock.now() >= request.expiresAt && model.state.answering?.state !== 'sending')
          void end(request, 'expired');
    },
  };
};
