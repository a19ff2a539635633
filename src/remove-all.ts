/** Removes all documents that match, in pages. */
import { pagesOf } from './all-pages.ts';
import type { Page } from './ports/stores.ts';

/** What is needed of a collection. */
interface Removable<Where> {
  readonly find: (where: Where, page: Page) => Promise<readonly { readonly id: string }[]>;
  readonly remove: (id: string) => Promise<boolean>;
}

/**
 * Removes the documents with these members, and gives their ids. Others may remove some of them at the same time: pages go on after an
 * id, whether its document is still there or not.
 */
export const removeAll = async <Where>(collection: Removable<Where>, where: Where): Promise<readonly string[]> => {
  const removed: string[] = [];
  for await (const found of pagesOf(page => collection.find(where, page))) {
    await Promise.all(found.map(({ id }) => collection.remove(id)));
    removed.push(...found.map(({ id }) => id));
  }
  return removed;
};
