/** Tests how documents are read page by page. */
import { expect, test } from '@jest/globals';
import { allOf, eachOf } from '../src/all-pages.ts';

const documents = ['a', 'b', 'c', 'd', 'e'].map(id => ({ id }));

/** Pages of two documents, and the ids after which they were asked for. */
const pagesOfTwo = () => {
  const asked: string[] = [];
  const read = async ({ after }: { readonly after: string }) => {
    asked.push(after);
    return documents.filter(({ id }) => id > after).slice(0, 2);
  };
  return { asked, read };
};

test('all documents are read in their order, until a page is empty', async () => {
  const { asked, read } = pagesOfTwo();
  expect(await allOf(read)).toEqual(documents);
  expect(asked).toEqual(['', 'b', 'd', 'e']);
});

test('no page is read before it is asked for', async () => {
  const { asked, read } = pagesOfTwo();
  for await (const { id } of eachOf(read)) if (id === 'b') break;
  expect(asked).toEqual(['']);
});
