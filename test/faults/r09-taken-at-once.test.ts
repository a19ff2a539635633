/**
 * R09. Several nodes take the same name, or bind the same credential, at the same moment, and use the same step of an app. One
 * of them has it, the others are told of a conflict (409), and no error is one that people get as 500.
 * Guards: `src/records/accounts.ts#userKind` and `src/records/authenticators.ts#authenticatorKind` (unique members), `src/mfa/authenticator-data.ts#burn`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servicesOver, type CommandServices } from '../../cli/services.ts';
import { isProblem } from '../../src/errors.ts';
import { everyStore } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const rounds = 50;
const racers = 16;

/** True: it was bound; otherwise the status of the refusal. */
const bound = async (binding: Promise<unknown>): Promise<true | number> => {
  try {
    await binding;
    return true;
  } catch (error) {
    if (isProblem(error)) return error.status;
    throw error;
  }
};

describe.each(everyStore)('R09 on $name', store => {
  let world: World;
  let nodes: readonly [CommandServices, CommandServices];
  beforeAll(async () => {
    world = await startWorld({ store });
    const { resources } = world.services;
    nodes = [world.services, await servicesOver({ ...resources, ...(await world.store.reopen()) })];
  });
  afterAll(() => world.close());

  const race = async <T>(act: (node: CommandServices, racer: number) => Promise<T>): Promise<readonly T[]> =>
    Promise.all(Array.from({ length: racers }, (_, racer) => act(nodes[racer % 2 === 0 ? 0 : 1], racer)));
  test(`R09 of accounts with one name, one is added (${rounds} rounds)`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const added = await race(async ({ users }, racer) =>
        users.add({ name: `twin${round}`, displayName: `Twin ${racer}`, email: `twin${round}@example.com` }, 'system'),
      );
      const winners = added.filter(({ ok }) => ok);
      expect(winners).toHaveLength(1);
      expect(added.filter(({ ok }) => !ok)).toEqual(
        Array.from({ length: racers - 1 }, () => ({ ok: false, reason: 'taken' })),
      );
      const found = await world.services.users.find(`twin${round}@example.com`);
      expect(winners).toEqual([expect.objectContaining({ user: expect.objectContaining({ id: found?.id }) })]);
    }
  });

  test(`R09 of bindings of one credential, one counts and the others are conflicts (${rounds} rounds)`, async () => {
    const { ada, grace, noor, linus } = world.people;
    const people = [ada, grace, noor, linus];
    for (let round = 0; round < rounds; round += 1) {
      const handle = `credential ${round}`;
      const results = await race(async ({ authenticators }, racer) => {
        const owner = people[racer % people.length] ?? ada;
        return bound(authenticators.bind(owner.user.id, { type: 'test', label: `Key ${racer}`, handle, data: {} }));
      });
      expect(results.filter(result => result === true)).toHaveLength(1);
      expect(results.filter(result => result !== true && result !== 409)).toEqual([]);
      for (const { user } of people) {
        const now = await world.services.users.get(user.id);
        const held = now === undefined ? [] : await world.services.authenticators.of(now);
        for (const each of held.filter(({ type }) => type === 'test')) {
          await world.services.authenticatorRemoval.remove(user.id, each.id);
        }
      }
    }
  });

  test(`R09 of uses of one step of an app, one counts (${rounds} rounds)`, async () => {
    const { user } = world.people.noor;
    for (let round = 0; round < rounds; round += 1) {
      const held = await world.services.authenticators.of((await world.services.users.get(user.id)) ?? user);
      const app = held.find(({ type }) => type === 'totp');
      if (app === undefined) throw new Error('Noor has an app');
      const used = await race(async ({ authenticatorData }) =>
        authenticatorData.burn(app, { secret: 'seed', lastStep: round }, 'totp'),
      );
      expect(used.filter(Boolean)).toHaveLength(1);
    }
  });
});
