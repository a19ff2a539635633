/** Opens what an import, an export and a removal need over one store, without pages. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { createAudit, createBulkAudit } from '../../../src/audit.ts';
import { createSealer } from '../../../src/crypto.ts';
import { silentLog } from '../../../src/log.ts';
import { AuthenticatorRemoval } from '../../../src/mfa/authenticator-removal.ts';
import { Authenticators } from '../../../src/mfa/authenticators.ts';
import { exportPeople, type ExportFormat } from '../../../src/people/export.ts';
import { importPeople, type Difference, type ImportOptions, type ImportResult } from '../../../src/people/import.ts';
import type { FileRow, RowMistake } from '../../../src/people/members.ts';
import { rowsIn } from '../../../src/people/read-file.ts';
import type { Clock } from '../../../src/ports/time.ts';
import type { DurableStore } from '../../../src/ports/stores.ts';
import { auditEventKind, authenticatorKind, hashWorkKind, userKind, type User } from '../../../src/records.ts';
import { HashWorks } from '../../../src/users/passwords/hash-works.ts';
import { Users } from '../../../src/users/users.ts';
import { unobserved } from '../../support/unobserved-accounts.ts';

export interface Imported extends ImportResult {
  readonly mistakes: readonly RowMistake[];
  readonly differences: readonly Difference[];
}

/** A file in pieces, as it comes from a disk. */
export async function* bytesOf(text: string | Uint8Array, piece = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}

const sealer = createSealer([{ id: 'test', key: createSecretKey(randomBytes(32)) }]);

export const openPeople = (durable: DurableStore, clock: Clock) => {
  const users = durable.collection(userKind);
  const records = durable.collection(authenticatorKind);
  const events = durable.collection(auditEventKind);
  const ofAuthenticators = { authenticators: records, users, sealer, clock };
  const authenticators = new Authenticators(ofAuthenticators);
  const audit = createAudit({ events, clock, log: silentLog });
  const accounts = new Users({ ...unobserved, users, audit, clock });
  const own = { memoryKiB: 64, passes: 1, lanes: 1 };
  const hashWorks = new HashWorks({ records: durable.collection(hashWorkKind), clock, own });
  const bulkAudit = createBulkAudit({ events, clock });
  const deps = { users, records, authenticators, hashWorks, bulkAudit, clock, reach: undefined };
  const importRows = async (
    rows: AsyncIterable<FileRow | RowMistake>,
    options: Partial<ImportOptions> = {},
  ): Promise<Imported> => {
    const mistakes: RowMistake[] = [];
    const differences: Difference[] = [];
    const result = await importPeople(deps, rows, {
      actor: 'cli',
      onMistake: each => void mistakes.push(each),
      onDifference: each => void differences.push(each),
      ...options,
    });
    return { ...result, mistakes, differences };
  };
  return {
    deps,
    users,
    records,
    events,
    accounts,
    audit,
    authenticators,
    authenticatorRemoval: new AuthenticatorRemoval(ofAuthenticators),
    hashWorks,
    importRows,
    importText: async (text: string, options: Partial<ImportOptions> = {}): Promise<Imported> =>
      importRows(rowsIn(bytesOf(text)), options),
    async exportText(format: ExportFormat, withSecrets = true): Promise<string> {
      let text = '';
      const options = { format, withSecrets, onUnreadable: () => {} };
      for await (const line of exportPeople({ users, authenticators, issuer: 'login.example.com' }, options))
        text += line;
      return text;
    },
    async everybody(): Promise<readonly User[]> {
      const all: User[] = [];
      for (;;) {
        const page = await users.find({}, { after: all.at(-1)?.id ?? '' });
        if (page.length === 0) return all;
        all.push(...page);
      }
    },
  };
};
export type People = ReturnType<typeof openPeople>;
