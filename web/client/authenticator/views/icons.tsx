/** Line drawings on a 24 px box, and the mark. They are decoration: the text beside them has the same meaning. */
import type { JSX } from 'preact';

const paths = {
  back: 'm14.5 6.5-5.5 5.5 5.5 5.5',
  chevron: 'm9.5 6.5 5.5 5.5-5.5 5.5',
  tick: 'm5.5 12.5 4.5 4.5 8.5-10',
  cross: 'm6.5 6.5 11 11m0-11-11 11',
  alert: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.500v5.500m0 3.200v.1',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.5 1.500h-15zM10 20.500h4',
  phone: 'M9 3h6a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM11 18h2',
  scan: 'M4 8.500V6a2 2 0 0 1 2-2h2.500M15.5 4H18a2 2 0 0 1 2 2v2.500M20 15.500V18a2 2 0 0 1-2 2h-2.500M8.5 20H6a2 2 0 0 1-2-2v-2.500M8 12h8',
  erase: 'M9 6h10.500v12H9l-5.5-6zM11.5 9.500l5 5m0-5-5 5',
  offline:
    'M4 4l16 16M8.2 8.500a10 10 0 0 0-4.7 2.600M12 7.500a11 11 0 0 1 8.5 3.600M6.7 14.300a7 7 0 0 1 4-1.900M15.5 13.200a7 7 0 0 1 1.8 1.100M12 18v.1',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.400l3.3 1.8',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 2.500v3m0 13v3M2.5 12h3m13 0h3M5.3 5.300l2.1 2.100m9.2 9.2 2.1 2.100m0-13.4-2.1 2.100m-9.2 9.2-2.1 2.1',
  share: 'M12 14.500v-11m-3.5 3L12 3.500l3.5 3M8 9.500H5.500v11h13v-11H16',
  plus: 'M12 5v14m-7-7h14',
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg viewBox="0 0 24 24" aria-hidden="true" class={`icon icon-${name}`}>
    <path d={paths[name]} />
  </svg>
);

/** The mark of the product: two nested arches, the inner one lit. */
export const Mark = (): JSX.Element => (
  <svg viewBox="0 0 32 32" aria-hidden="true" class="mark">
    <path d="M4 28.500V15a12 12 0 0 1 24 0v13.5" />
    <path class="lit" d="M10.5 28.500V16.500a5.5 5.5 0 0 1 11 0v12z" />
  </svg>
);
