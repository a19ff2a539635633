/** Draws the document around each page below /account. */
import type { Phrase } from '../../../src/locales/phrase.ts';
import type { Words } from '../../../src/locales/wording.ts';
import type { AssetName } from '../../assets.ts';
import type { Html, Value } from '../../html.ts';
import type { PortalFrame } from '../account-props.ts';
import { accountLinks } from '../links.ts';
import { portalDocument } from './portal-document.ts';

/** A page of the navigation. To add one: a row here, and its words in `account.navigation` of each language. */
const navigation = [
  { name: 'security', path: accountLinks.security },
  { name: 'sessions', path: accountLinks.sessions },
  { name: 'apps', path: accountLinks.apps },
  { name: 'profile', path: accountLinks.profile },
] as const;
type NavigationName = (typeof navigation)[number]['name'];

export interface PortalLayout {
  readonly frame: PortalFrame;
  /** The entry of the navigation that the page belongs to. */
  readonly section: NavigationName;
  readonly heading: Phrase | string;
  readonly lead?: Value;
  readonly body: Value;
  /** Puts "Error" before the title, because screen readers read the title first. */
  readonly isError?: boolean;
  readonly scripts?: readonly AssetName[];
}

/** The whole document, from doctype to the end. */
export const portalLayout = ({ section, ...page }: PortalLayout, words: Words): Html => {
  const { account: text } = words;
  const parts = {
    name: words.frame.product,
    home: accountLinks.security,
    signOut: accountLinks.signOut,
    label: text.navigation.label,
    navigation: navigation.map(({ name, path }) => ({
      path,
      label: text.navigation[name],
      isCurrent: name === section,
    })),
    notices: text.notices,
    styles: ['style.css', 'portal.css'],
  } as const;
  return portalDocument(page, parts, words);
};
