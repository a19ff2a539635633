/** Draws what the pages of setting up a method share: header with the progress, account, and the ways back. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { EnrollFrame } from '../enroll-props.ts';
import { enrollLinksOf, fields } from '../links.ts';
import { layout, type Layout } from './layout.ts';

/** What differs between these pages. */
export type EnrollContent = Omit<Layout, 'stage' | 'stageText' | 'client' | 'account' | 'uid' | 'reference'>;

/** The document around the content. */
export const enrollLayout = (
  { uid, client, account, reference, developerNotes, progress }: EnrollFrame,
  content: EnrollContent,
  words: Words,
): Html => {
  const { enroll } = words;
  const stageText = progress === undefined ? enroll.stage : enroll.progress(progress.at, progress.of);
  return layout(
    { stage: 'second-step', stageText, uid, client, account, reference, developerNotes, ...content },
    words,
  );
};

/** The words of a kind of method. A factor without its own has those of its sign-in page. */
export const kindWords = (kind: string, { enroll, pages }: Words): Words['enroll']['kinds'][string] => {
  const known = Object.hasOwn(enroll.kinds, kind) ? enroll.kinds[kind] : undefined;
  const { name = kind, note = '' } = pages.methods[kind] ?? {};
  return known ?? { name, sentence: note, ready: name };
};

/** Buttons that prove the same number by other factors. */
export const insteadForm = (uid: string, factors: readonly string[], { enroll }: Words): Html =>
  html`${factors.map(
    factor =>
      html`<form method="post" action="${enrollLinksOf(uid).again}"><button class="button secondary" type="submit" name="${fields.by}" value="${factor}">${enroll.instead[factor] ?? factor}</button></form>`,
  )}`;

/** The ways back from a method under way: to its number, and to the kinds. */
export const waysBack = (uid: string, { enroll }: Words, hasNumber = false): Html => {
  const links = enrollLinksOf(uid);
  return html`<p class="leave links">${hasNumber && html`<a class="link" href="${links.phone}">${enroll.otherNumber}</a>`}<a class="link" href="${links.choose}">${enroll.otherMethod}</a></p>`;
};
