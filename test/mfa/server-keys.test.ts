/** Tests the keys of requests and of VAPID on every store: created once, replaced by rotation, followed by nodes and devices. */
import { describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { createSealer } from '../../src/crypto.ts';
import type { AuditEvent } from '../../src/audit.ts';
import { PushKeys } from '../../src/mfa/push/server-keys.ts';
import type { ServerKeys } from '../../src/mfa/push/protocol.ts';
import type { DurableStore } from '../../src/ports/stores.ts';
import { secretKind } from '../../src/records.ts';
import { createClock } from '../support/world/clock.ts';
import { readJwt, thumbprintOf } from '../support/phone/jwt.ts';
import { followKeys } from '../support/phone/signed-requests.ts';
import { stores } from '../support/world/stores.ts';

const followed = (keys: ServerKeys): readonly string[] => followKeys(keys, thumbprintOf(keys.first)).map(thumbprintOf);

describe.each(stores)('the keys of the server on $name', stored => {
  it('are created once, and a device that pinned the first key follows each rotation', async () => {
    const clock = createClock();
    const store = await stored.open(clock);
    const other = await store.reopen();
    const sealer = createSealer([{ id: 'test', key: createSecretKey(randomBytes(32)) }]);
    const audited: AuditEvent[] = [];
    const keysOn = (durable: DurableStore) =>
      new PushKeys({
        secrets: durable.collection(secretKind),
        sealer,
        clock,
        origin: 'https://login.example.com',
        audit: async event => void audited.push(event),
      });
    const nodes = [keysOn(store.durable), keysOn(other.durable), keysOn(store.durable)] as const;
    const [a, b, c] = nodes;

    const firsts = await Promise.all(nodes.map(async node => (await node.current()).kid));
    expect(new Set(firsts).size).toBe(1);
    const vapid = await a.vapid();
    expect((await b.vapid()).publicKey).toBe(vapid.publicKey);
    expect(Buffer.from(vapid.publicKey, 'base64url')).toHaveLength(65);
    expect(followed(await b.published())).toEqual([firsts[0]]);

    // Two operators at once: each rotation is signed by the key that the other one made.
    const rotated = await Promise.all([a.rotate('cli'), c.rotate('cli')]);
    const chain = followed(await keysOn(store.durable).published());
    expect(chain).toHaveLength(3);
    expect(chain[0]).toBe(firsts[0]);
    expect(new Set(chain.slice(1))).toEqual(new Set(rotated));
    expect(audited.map(({ event, actor, count }) => [event, actor, count])).toEqual([
      ['request-key.rotated', 'cli', 1],
      ['request-key.rotated', 'cli', 2],
    ]);

    expect((await b.current()).kid).toBe(firsts[0]);
    clock.advance(5_000);
    expect((await b.current()).kid).toBe(chain[2]);
    expect((await b.vapid()).publicKey).toBe(vapid.publicKey);
    const { successors } = await b.published();
    expect(successors.map(statement => readJwt(statement).claims['iss'])).toEqual(
      successors.map(() => 'https://login.example.com'),
    );

    // Neither half of an earlier private key is kept, nor is a private one published.
    const sealed = await store.durable.collection(secretKind).get('push-keys');
    const open = JSON.parse(sealer.open(sealed?.sealed ?? '', 'secret:push-keys')) as { readonly first: object };
    expect(JSON.stringify(open).match(/"d":/g)).toHaveLength(2);
    expect(JSON.stringify(await b.published())).not.toContain('"d"');
    await store.close();
  });
});
