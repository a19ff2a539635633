/**
 * What developers may do with clients in the developer portal.
 *
 *   own-clients.ts   which role may do what; every call names the person, except `teamOf`, which is for a client found before
 *   team.ts          the team of each client
 *   kinds.ts         what developers register
 *   form.ts          the forms in which they describe it
 *   snippets.ts      its configuration for their software
 *
 * A client of somebody else is answered like one that does not exist. What a change may set is decided by its door
 * (`clients/doors.ts`).
 */
import type { Audit } from '../../audit.ts';
import type { ClientMember, TeamRole, User } from '../../records.ts';
import type { Millis } from '../../ports/time.ts';
import type { Clients } from '../clients.ts';
import type {
  AddedClient,
  AddedSecret,
  ChangedClient,
  RemovedClient,
  RemovedSecret,
  ShownClient,
} from '../clients/outcomes.ts';
import type { NewClient } from '../client-metadata.ts';
import type { ClientChange } from '../clients/change.ts';
import type { Registrar } from '../clients/doors.ts';
import type { TeamChange, Teams } from './team.ts';

/** A client with the role that a person has for it. */
export interface OwnClient {
  readonly id: string;
  readonly client: ShownClient;
  readonly role: TeamRole;
}

/** unknown: no such client, or the role of the person is not enough. */
export interface NotYours {
  readonly ok: false;
  readonly reason: 'unknown';
  readonly message: string;
}

/** limit: the person has added as many clients as one may. */
export type OwnAdded = AddedClient | { readonly ok: false; readonly reason: 'limit'; readonly message: string };

/** unknown-person: no account has this sign-in name, or its person may not use the portal. */
export type TeamAnswer = TeamChange | 'unknown-person' | 'unknown';

export interface OwnClientsDeps {
  readonly clients: () => Promise<Clients>;
  readonly teams: Teams;
  /** Finds people by their sign-in names. */
  readonly users: { find(typed: string): Promise<User | undefined>; get(id: string): Promise<User | undefined> };
  /** Whether a person may use the portal. */
  readonly mayDevelop: (user: User) => boolean;
  readonly audit: Audit;
  /** Clients that a person may add. */
  readonly places: number;
}

const notYours: NotYours = { ok: false, reason: 'unknown', message: 'no client of yours has this id' };

/** The clients of developers. */
export class OwnClients {
  readonly #deps: OwnClientsDeps;

  constructor(deps: OwnClientsDeps) {
    this.#deps = deps;
  }

  /** The clients of a person, by name. */
  async list(user: User): Promise<readonly OwnClient[]> {
    const clients = await this.#deps.clients();
    const own = await this.#deps.teams.clientsOf(user.id);
    const found = await Promise.all(
      own.map(async ({ clientId: id, role }) => {
        const client = await clients.find(id);
        return client === undefined ? [] : [{ id, client, role }];
      }),
    );
    return found.flat().toSorted((a, b) => ownClientName(a).localeCompare(ownClientName(b)));
  }

  /** A client of this person; undefined: none of theirs has this id. */
  async find(user: User, id: string): Promise<OwnClient | undefined> {
    const role = await this.#deps.teams.roleOf(id, user.id);
    if (role === undefined) return undefined;
    const client = await (await this.#deps.clients()).find(id);
    return client === undefined ? undefined : { id, client, role };
  }

  /** Adds a client, which is then this person's. */
  async add(user: User, client: NewClient): Promise<OwnAdded> {
    const { teams, places } = this.#deps;
    const clients = await this.#deps.clients();
    // Another request may take the same place meanwhile: then the next one is tried.
    for (const place of await teams.freePlaces(user.id, places)) {
      const added = await clients.add(client, registrar(user), {
        also: id => [teams.taking(place, id, user.id)],
      });
      if (added.ok || added.reason !== 'raced') return added;
    }
    return { ok: false, reason: 'limit', message: `got ${places} clients, expected to delete one first` };
  }

  /** Why `add` would refuse this client; undefined: it would not. */
  async problemOfNew(user: User, client: NewClient): Promise<string | undefined> {
    return (await this.#deps.clients()).problemOfNew(client, registrar(user));
  }

  async change(user: User, id: string, change: ClientChange): Promise<ChangedClient> {
    return this.#asMember(user, id, async clients => clients.change(id, change, registrar(user)));
  }

  /** Why `change` would refuse this change; undefined: it would not. */
  async problemOfChange(user: User, id: string, change: ClientChange): Promise<string | undefined> {
    if ((await this.#deps.teams.roleOf(id, user.id)) === undefined) return notYours.message;
    return (await this.#deps.clients()).problemOfChange(id, change, registrar(user));
  }

  /** As `ClientSecrets.add`. */
  async newSecret(user: User, id: string, previousFor: Millis): Promise<AddedSecret> {
    return this.#asMember(user, id, async clients => clients.secrets.add(id, previousFor, registrar(user)));
  }

  /** Ends the older of two secrets at once. */
  async endOldSecret(user: User, id: string): Promise<RemovedSecret> {
    return this.#asMember(user, id, async clients => clients.secrets.remove(id, 'old', registrar(user)));
  }

  /** Removes the client with its tokens and its team. For owners. */
  async remove(user: User, id: string): Promise<RemovedClient> {
    if ((await this.#deps.teams.roleOf(id, user.id)) !== 'owner') return notYours;
    return (await this.#deps.clients()).remove(id, registrar(user));
  }

  /** The people of a team, with their names. Those with an account that was removed meanwhile are left out. */
  async teamOf(id: string): Promise<readonly (ClientMember & { readonly name: string })[]> {
    const team = await this.#deps.teams.of(id);
    const named = await Promise.all(
      team.map(async member => {
        const person = await this.#deps.users.get(member.userId);
        return person === undefined ? [] : [{ ...member, name: person.name }];
      }),
    );
    return named.flat();
  }

  /**
   * Adds a person by their sign-in name. For owners. The answer is the same for a name that does not exist and for one whose person
   * may not use the portal, so that owners learn the names of developers only.
   */
  async addPerson(user: User, id: string, typed: string, role: TeamRole): Promise<TeamAnswer> {
    const { teams, users, mayDevelop, audit } = this.#deps;
    if ((await teams.roleOf(id, user.id)) !== 'owner') return 'unknown';
    const person = await users.find(typed);
    if (person === undefined || person.lockedAt !== undefined || !mayDevelop(person)) return 'unknown-person';
    const changed = await teams.set(id, person.id, role, 'owner');
    if (changed === 'done') {
      const facts = { client: id, role };
      await audit({ event: 'client.member-set', ...actorOf(user), subject: person.id, outcome: 'success', ...facts });
    }
    return changed;
  }

  /** Takes a person out of the team. For owners; everybody may leave. */
  async removePerson(user: User, id: string, personId: string): Promise<TeamAnswer> {
    const { teams, audit } = this.#deps;
    const role = await teams.roleOf(id, user.id);
    if (role === undefined || (role !== 'owner' && personId !== user.id)) return 'unknown';
    const changed = await teams.remove(id, personId);
    if (changed === 'done') {
      await audit({
        event: 'client.member-removed',
        ...actorOf(user),
        subject: personId,
        outcome: 'success',
        client: id,
      });
    }
    return changed;
  }

  async #asMember<T>(user: User, id: string, run: (clients: Clients) => Promise<T>): Promise<T | NotYours> {
    if ((await this.#deps.teams.roleOf(id, user.id)) === undefined) return notYours;
    return run(await this.#deps.clients());
  }
}

const actorOf = ({ id }: User) => ({ actor: `user:${id}` });
const registrar = (user: User): Registrar => ({ door: 'developer', ...actorOf(user) });

/** The name of a client, or its id where it was registered without a name. */
export const ownClientName = ({ id, client }: OwnClient): string => client.metadata.client_name ?? id;
