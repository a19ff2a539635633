/** Guesses the country of a person from the languages of their browser, as the default of the form for a number. */
import type { Context } from 'koa';

const longestHeader = 256;

/** The region of the most wanted language that names one: `AT` of `de-AT`. A guess, which the person can change. */
export const likelyRegion = ({ headers }: Pick<Context, 'headers'>): { readonly region?: string } => {
  const wanted = headers['accept-language']?.slice(0, longestHeader) ?? '';
  const region = /(?:^|,)\s*[a-z]{2,3}(?:-[a-z]{4})?-(?<region>[a-z]{2})(?=[\s,;]|$)/iu.exec(wanted)?.groups?.[
    'region'
  ];
  return region === undefined ? {} : { region: region.toUpperCase() };
};
