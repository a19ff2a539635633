/**
 * The reference of error codes: what each code means, and what to do. `docs/errors.md` is generated from it, and the page
 * `/errors/IDP-1007` of each code shows its row. The sentences are English, as those of the log and of OAuth.
 *
 *   sections.ts                                   the form of a row and of a section
 *   sign-in.ts  calls.ts  codes.ts
 *   passkeys-and-phones.ts  protocol.ts           the rows, by subject
 *   reference.ts                                  all sections in order; finds the row of a code
 *   document.ts                                   writes docs/errors.md
 */

/** Who can do something about it. `everyone`: the person who sees the page. */
export type Reader = 'everyone' | 'help desk' | 'operator' | 'developer';

/**
 * `shown`: one or more codes, `IDP-1405, IDP-1413`, or the heading of a page that has no code. The sentences are Markdown with
 * `code`, _emphasis_ and links to other documents only. `reader`: absent, where it is that of the section.
 */
export type Row = readonly [shown: string, happened: string, remedy: string, reader?: Reader];

/** Codes of one subject. */
export interface Section {
  readonly title: string;
  readonly intro?: string;
  /** What the first column has. */
  readonly shows: 'code' | 'page';
  readonly reader: Reader;
  readonly rows: readonly Row[];
}
