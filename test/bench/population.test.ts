/** Fills a store as the bench does, and signs one of the people in: what it filled in is what a sign-in leaves. */
import { expect, test } from '@jest/globals';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { openLab } from '../../bench/lab.ts';
import { personAt } from '../../bench/requests.ts';
import { signIn } from '../../bench/sign-ins.ts';
import { auditEventKind, oidcDocumentKind, sessionRecordKind } from '../../src/records.ts';

const people = 3;
/** Without the name of the browser, which those of the bench do not tell. */
const namesIn = (members: object): string =>
  Object.keys(members)
    .filter(name => name !== 'browser')
    .toSorted()
    .join(' ');
/** The names of all: of the people that were filled in, and of the one who signed in. */
const alike = (first: object = {}): readonly string[] => Array.from({ length: people + 1 }, () => namesIn(first));

test('a person of the bench signs in, and leaves documents with the members of those that were filled in', async () => {
  const { lab, close } = await openLab('smoke', people, ['SQLite']);
  try {
    const spec = lab.emptyStore('SQLite');
    await lab.fillStore({ ...spec, population: { people, withSessions: true } });
    const server = await lab.product(spec);
    await signIn(server.port, personAt(people - 1));
    await lab.stop(server);

    const durable = openSqliteDurable({ file: spec.database.slice('sqlite:'.length), clock: Date.now });
    try {
      const sessions = await durable.collection(sessionRecordKind).find({});
      expect(sessions.map(namesIn)).toEqual(alike(sessions[0]));
      const documents = await durable.collection(oidcDocumentKind).find({});
      for (const model of ['Grant', 'RefreshToken']) {
        const ofModel = documents.filter(each => each.model === model);
        expect(ofModel.map(namesIn)).toEqual(alike(ofModel[0]));
        expect(ofModel.map(({ payload }) => namesIn(payload))).toEqual(alike(ofModel[0]?.payload));
      }
      const events = await durable.collection(auditEventKind).find({ event: 'sign-in.finished' });
      expect(events.map(namesIn)).toEqual(alike(events[0]));
      expect(events.map(({ facts }) => namesIn(facts))).toEqual(alike(events[0]?.facts));
    } finally {
      await durable.close();
    }
  } finally {
    await close();
  }
});
