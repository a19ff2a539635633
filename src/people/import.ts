/**
 * Adds the people of a file, in batches. Existing accounts are compared and never changed, so a second run, or a run after a crash,
 * adds only the missing people. Imports may run concurrently: the store decides which one adds an account.
 */
import type { AuditEvent } from '../audit.ts';
import type { Authenticators } from '../mfa/authenticators.ts';
import { phoneType } from '../mfa/factors/phone.ts';
import { totpLabel, totpType } from '../mfa/factors/totp.ts';
import type { Reach } from '../mfa/phone-number.ts';
import { newId } from '../new-id.ts';
import type { Clock } from '../ports/time.ts';
import type { Collection } from '../ports/stores.ts';
import type { AuthenticatorRecord, User } from '../records.ts';
import { maxFamilies, type HashWorks } from '../users/passwords/hash-works.ts';
import { findStored, type Finding } from './compare.ts';
import type { FileRow, Member, RowMistake } from './members.ts';
import { personIn, type FilePerson } from './row.ts';

/** An existing account that differs from its row in `members`. Nothing was changed. */
export interface Difference {
  readonly line: number;
  readonly name: string;
  readonly members: readonly Member[];
}

/** Numbers of rows. Each row is counted once; `weak` is counted in addition. */
export interface ImportResult {
  readonly added: number;
  readonly unchanged: number;
  readonly different: number;
  readonly refused: number;
  /** Added people whose hash or seed is easy to guess if it leaks. */
  readonly weak: number;
}

export interface ImportDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly records: Collection<AuthenticatorRecord, 'userId' | 'handle'>;
  readonly authenticators: Pick<Authenticators, 'of' | 'sealedRecord'>;
  readonly hashWorks: Pick<HashWorks, 'add'>;
  readonly bulkAudit: (facts: readonly AuditEvent[]) => Promise<void>;
  readonly clock: Clock;
  readonly reach: Reach | undefined;
}

export interface ImportOptions {
  /** Checks and compares, and stores nothing. */
  readonly dryRun?: boolean;
  /** As in the audit: `cli`, `user:ID`. */
  readonly actor: string;
  readonly onMistake: (mistake: RowMistake) => void;
  readonly onDifference: (difference: Difference) => void;
  /** After each batch, with the counts so far. */
  readonly onProgress?: (result: ImportResult) => void;
}

/** Records of a person that are not stored yet. */
interface NewPerson {
  readonly user: User;
  readonly methods: readonly AuthenticatorRecord[];
}

/** Rows written together. A crash leaves authenticators of at most so many people without an account; they have no effect. */
const perBatch = 200;
/** People who are looked for together. Each takes several reads, and a store has so many connections. */
const perLookUp = 25;

/** Imports all rows. The first of several rows with one name or address wins. @throws the errors of the file and the store */
export const importPeople = async (
  deps: ImportDeps,
  rows: AsyncIterable<FileRow | RowMistake>,
  options: ImportOptions,
): Promise<ImportResult> => {
  const run = new Import(deps, options);
  // Audit first: a run that is killed before it audits its last people is then still visible.
  if (options.dryRun !== true)
    await deps.bulkAudit([{ event: 'users.import-begun', actor: options.actor, outcome: 'info' }]);
  let batch: FilePerson[] = [];
  for await (const row of rows) {
    const person = run.check(row);
    if (person !== undefined) batch.push(person);
    if (batch.length < perBatch) continue;
    await run.store(batch);
    batch = [];
  }
  await run.store(batch);
  return run.result;
};

class Import {
  readonly #deps: ImportDeps;
  readonly #options: ImportOptions;
  /** Line in which each name and address first occurred. */
  readonly #lines = new Map<string, number>();
  result: ImportResult = { added: 0, unchanged: 0, different: 0, refused: 0, weak: 0 };

  constructor(deps: ImportDeps, options: ImportOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** The person of a row; undefined if the row is refused, which is then reported. */
  check(row: FileRow | RowMistake): FilePerson | undefined {
    if ('message' in row) return this.#refuse([row]);
    const person = personIn(row, this.#deps.reach);
    if ('mistakes' in person) return this.#refuse(person.mistakes);
    const { signInNames } = person.account;
    const twice = signInNames.flatMap((text, at): readonly RowMistake[] => {
      const line = this.#lines.get(text ?? '');
      const member = at === 0 ? 'name' : 'email';
      return line === undefined ? [] : [{ line: row.line, member, message: `got the one of line ${line} again` }];
    });
    if (twice.length > 0) return this.#refuse(twice);
    for (const text of signInNames) this.#lines.set(text ?? '', row.line);
    return person;
  }

  /** Stores the people of the batch who have no account yet. */
  async store(batch: readonly FilePerson[]): Promise<void> {
    const findings: (Finding | undefined)[] = [];
    for (let first = 0; first < batch.length; first += perLookUp) {
      const some = batch.slice(first, first + perLookUp);
      findings.push(...(await Promise.all(some.map(person => findStored(this.#deps, person)))));
    }
    // Reported after all were read, so that differences come in the order of the file.
    let missing = batch.filter((person, at) => this.#report(person, findings[at]));
    if (this.#options.dryRun === true) this.#count({ added: missing.length, weak: missing.filter(isWeak).length });
    else {
      missing = await this.#withKnownHash(missing);
      await this.#insert(missing);
    }
    this.#options.onProgress?.(this.result);
  }

  /** Counts and reports what was found. True: the person is to be added. */
  #report({ account, line }: FilePerson, finding: Finding | undefined): boolean {
    if (finding === undefined) return true;
    if ('message' in finding) this.#refuse([{ line, ...finding }]);
    else if (finding.differences.length === 0) this.#count({ unchanged: 1 });
    else {
      this.#count({ different: 1 });
      this.#options.onDifference({ line, name: account.name, members: finding.differences });
    }
    return false;
  }

  /** People whose hash may be stored. Families are limited: each one makes every wrong password more expensive to verify. */
  async #withKnownHash(people: readonly FilePerson[]): Promise<FilePerson[]> {
    const known: FilePerson[] = [];
    for (const person of people) {
      const { passwordHash } = person.account;
      if (passwordHash === undefined || (await this.#deps.hashWorks.add(passwordHash))) known.push(person);
      else {
        const message = `got a hash with other parameters than the ${maxFamilies} kinds that are stored`;
        this.#refuse([{ line: person.line, member: 'password_hash', message }]);
      }
    }
    return known;
  }

  /** Writes methods before accounts: a method has no effect until an account lists its id. */
  async #insert(people: readonly FilePerson[]): Promise<void> {
    const { users, records, bulkAudit } = this.#deps;
    const made = people.map(person => this.#recordsOf(person));
    await records.insertMany(made.flatMap(({ methods }) => methods));
    const outcomes = await users.insertMany(made.map(({ user }) => user));
    const isAdded = (_: unknown, at: number): boolean => outcomes[at] === 'inserted';
    const added = made.filter(isAdded);
    await bulkAudit(added.flatMap(each => this.#factsOf(each)));
    this.#count({ added: added.length, weak: people.filter(isAdded).filter(isWeak).length });
    for (const [at, { methods }] of made.entries()) {
      const person = people[at];
      if (outcomes[at] === 'inserted' || person === undefined) continue;
      // Another process added the account first.
      for (const { id } of methods) await records.remove(id);
      if (!this.#report(person, await findStored(this.#deps, person))) continue;
      const message = 'got one that another process added and removed meanwhile; run again';
      this.#refuse([{ line: person.line, member: 'name', message }]);
    }
  }

  #recordsOf({ account, locked, phones, seeds }: FilePerson): NewPerson {
    const id = newId();
    const now = this.#deps.clock();
    const { authenticators } = this.#deps;
    const methods = [
      ...phones.map(({ label, phone: data }) => ({ type: phoneType, label, data })),
      ...seeds.map(seed => ({ type: totpType, label: totpLabel, data: { ...seed, lastStep: -1 } })),
    ].map(each => authenticators.sealedRecord(id, each));
    const user: User = {
      ...account,
      id,
      rev: 1,
      createdAt: now,
      ...(locked && { lockedAt: now, signedOutAt: now }),
      authenticators: methods.map(each => each.id),
      ...(methods.length > 0 && { firstMethodAt: now, everHadMethodAt: now }),
    };
    return { user, methods };
  }

  #factsOf({ user, methods }: NewPerson): readonly AuditEvent[] {
    const { actor } = this.#options;
    const fact = { actor, subject: user.id, outcome: 'success' } as const;
    return [
      { event: 'user.added', ...fact },
      ...(user.lockedAt === undefined ? [] : [{ event: 'user.locked', ...fact } as const]),
      ...methods.map(
        ({ id, type }) => ({ event: 'authenticator.bound', ...fact, factor: type, authenticator: id }) as const,
      ),
    ];
  }

  #refuse(mistakes: readonly RowMistake[]): undefined {
    this.#count({ refused: 1 });
    for (const mistake of mistakes) this.#options.onMistake(mistake);
  }

  #count(more: Partial<ImportResult>): void {
    const { added = 0, unchanged = 0, different = 0, refused = 0, weak = 0 } = more;
    const was = this.result;
    this.result = {
      added: was.added + added,
      unchanged: was.unchanged + unchanged,
      different: was.different + different,
      refused: was.refused + refused,
      weak: was.weak + weak,
    };
  }
}

const isWeak = ({ weak }: FilePerson): boolean => weak.length > 0;
