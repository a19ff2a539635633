/** Removes all documents that match, in pages. */
import type { Page } from './ports/stores.ts';

/** What is needed of a collection. */
interface Removable<Where> {
  readonly find: (where: Where, page: Page) => Promise<readonly { readonly id: string }[]>;
  readonly remove: (id: string) => Promise<boolean>;
}

/** Removes the documents with these members, and gives their ids. Others may remove some of them at the same time. */
export const removeAll = async <Where>(collection: Removable<Where>, where: Where): Promise<readonly string[]> => {
  const removed: string[] = [];
  let after = '';
  for (;;) {
    const page = await collection.find(where, { after });
    await Promise.all(page.map(({ id }) => collection.remove(id)));
    removed.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) return removed;
    // Continues after a removed id, also where another caller removed a document first.
    after = last.id;
  }
};
