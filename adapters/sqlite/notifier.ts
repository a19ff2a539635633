/**
 * Gives the notifier of a SQLite file: it reaches each node in this process that has the same file open.
 * Another process on the file (the command line) is not reached: while there is one, pages read often.
 */
import { createInProcessNotifier } from '../../src/in-process-notifier.ts';
import { rereadTimes, type Notifier } from '../../src/ports/stores.ts';
import { isShared } from './open-mark.ts';

const notifiers = new Map<string, Notifier>();

/** One notifier for each file and realm, which nodes of this process that must reach each other have in common. */
export const notifierFor = (file: string, realm: string): Notifier => {
  const name = `${file}\0${realm}`;
  const notifier = notifiers.get(name) ?? {
    ...createInProcessNotifier(),
    rereadAfter: () => (isShared(file) ? rereadTimes.unsure : rereadTimes.complete),
  };
  notifiers.set(name, notifier);
  return notifier;
};
