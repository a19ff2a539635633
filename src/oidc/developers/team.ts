/**
 * Keeps the team of each client. Owners may do everything with it; members all but its deletion and the team. The last owner stays.
 *
 * Each client takes one place of the person who added it, until it is deleted. So a person cannot add more clients than there are
 * places, even by giving them away; and of two clients that are added at the same moment only one gets the last place.
 */
import { allOf } from '../../all-pages.ts';
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { inserting, removing, replacing, type Collection, type DurableStore, type Write } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import { clientMemberKind, type ClientMember, type TeamRole } from '../../records.ts';
import { removeAll } from '../../remove-all.ts';

/** People of one team. Each page of the client reads all of them. */
export const largestTeam = 50;

/** absent: not of the team. last-owner: somebody must stay who may add others. full: the team has as many people as it may have. */
export type TeamChange = 'done' | 'absent' | 'last-owner' | 'full';

export interface TeamsDeps {
  readonly durable: Pick<DurableStore, 'batch'>;
  /** `durable.collection(clientMemberKind)` */
  readonly members: Collection<ClientMember, 'userId' | 'clientId' | 'place'>;
  readonly clock: Clock;
}

const idOf = (clientId: string, userId: string): string => `${clientId}:${userId}`;

/** The teams of all clients. */
export class Teams {
  readonly #deps: TeamsDeps;

  constructor(deps: TeamsDeps) {
    this.#deps = deps;
  }

  /** The role of a person in the team of a client; undefined: they have none, and must not learn that the client exists. */
  async roleOf(clientId: string, userId: string): Promise<TeamRole | undefined> {
    return (await this.#deps.members.get(idOf(clientId, userId)))?.role;
  }

  /** Ids of the clients of a person, with their role. In the order of ids. */
  async clientsOf(userId: string): Promise<readonly { readonly clientId: string; readonly role: TeamRole }[]> {
    const found = await allOf(page => this.#deps.members.find({ userId }, page));
    return found.flatMap(({ clientId, role }) => (role === undefined ? [] : [{ clientId, role }]));
  }

  /** The team of a client, in the order in which its people were added. */
  async of(clientId: string): Promise<readonly ClientMember[]> {
    const all = await this.#deps.members.find({ clientId }, { limit: largestTeam + 1 });
    return all.filter(({ role }) => role !== undefined).toSorted((a, b) => a.addedAt - b.addedAt);
  }

  /** The write that makes a person the owner of a client that is added in the same batch, and takes this place of theirs. */
  taking(place: number, clientId: string, userId: string): Write {
    return inserting(clientMemberKind, {
      id: idOf(clientId, userId),
      rev: 1,
      clientId,
      userId,
      role: 'owner',
      place: `${userId}:${place}`,
      addedAt: this.#deps.clock(),
    });
  }

  /** The places of a person that are free, of so many. */
  async freePlaces(userId: string, places: number): Promise<readonly number[]> {
    const all = Array.from({ length: places }, (_, place) => place);
    const taken = await Promise.all(
      all.map(async place => (await this.#deps.members.find({ place: `${userId}:${place}` }, { limit: 1 })).length > 0),
    );
    return all.filter(place => taken[place] === false);
  }

  /**
   * Adds a person, or gives them another role. `by`: only the operator gives a client without owner its first one, so that a team never
   * outlives its client.
   * @throws Problem 'unavailable' if other changes of the team were first each time
   */
  async set(clientId: string, userId: string, role: TeamRole, by: 'owner' | 'operator'): Promise<TeamChange> {
    return this.#change(clientId, userId, (stored, team) => {
      if (by === 'owner' && team.length === 0) return 'absent';
      if (stored?.role === undefined && team.length >= largestTeam) return 'full';
      if (stored?.role === 'owner' && role !== 'owner' && isLastOwner(stored, team)) return 'last-owner';
      const addedAt = stored?.role === undefined ? this.#deps.clock() : stored.addedAt;
      return stored === undefined
        ? inserting(clientMemberKind, { id: idOf(clientId, userId), rev: 1, clientId, userId, role, addedAt })
        : replacing(clientMemberKind, { ...stored, role, addedAt });
    });
  }

  /** Takes a person out of the team. @throws Problem 'unavailable' as `set` */
  async remove(clientId: string, userId: string): Promise<TeamChange> {
    return this.#change(clientId, userId, (stored, team) => {
      if (stored?.role === undefined) return 'absent';
      if (isLastOwner(stored, team)) return 'last-owner';
      // Who added the client keeps their place until it is deleted.
      const { role: _role, ...left } = stored;
      return stored.place === undefined ? removing(clientMemberKind, stored.id) : replacing(clientMemberKind, left);
    });
  }

  /** Removes the team of a client that was deleted. */
  async forgetClient(clientId: string): Promise<void> {
    await removeAll(this.#deps.members, { clientId });
  }

  /** Every change of a team also writes one owner, so that of two owners who leave at the same moment one stays. */
  async #change(
    clientId: string,
    userId: string,
    decide: (stored: ClientMember | undefined, team: readonly ClientMember[]) => Write | TeamChange,
  ): Promise<TeamChange> {
    return optimisticWrite<TeamChange>(
      async () => {
        const team = await this.of(clientId);
        const stored = await this.#deps.members.get(idOf(clientId, userId));
        const write = decide(stored, team);
        if (typeof write === 'string') return write;
        const witness = team.find(each => each.role === 'owner' && each.userId !== userId);
        const writes = witness === undefined ? [write] : [write, replacing(clientMemberKind, witness)];
        return (await this.#deps.durable.batch(writes)).ok ? 'done' : conflict;
      },
      () => {
        throw new Problem('unavailable', `${clientId}: another change of its team was first every time`);
      },
    );
  }
}

const isLastOwner = ({ id, role }: ClientMember, team: readonly ClientMember[]): boolean =>
  role === 'owner' && !team.some(each => each.role === 'owner' && each.id !== id);
