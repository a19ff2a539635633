/**
 * Gives the notifier of a SQLite file: it reaches each node in this process that has the same file open.
 * Another process on the file (the command line) is not reached: pages notice its changes by reading every 5 s.
 */
import { createInProcessNotifier } from '../../src/in-process-notifier.ts';
import type { Notifier } from '../../src/ports/stores.ts';

const notifiers = new Map<string, Notifier>();

/** One notifier for each `name`, which nodes that must reach each other have in common. */
export const notifierFor = (name: string): Notifier => {
  const notifier = notifiers.get(name) ?? createInProcessNotifier();
  notifiers.set(name, notifier);
  return notifier;
};
