/** Finds parts of pages that are out of their place, in one page or in many documents at once. */
import type { Page } from 'playwright-core';
import { assets } from '../../../web/assets.ts';

/**
 * Finds elements outside the window or their card, and elements with text wider than themselves. For `page.evaluate`. The
 * page clips such elements, so the width of the document does not show them. Text cut by an ellipsis is allowed.
 * `cards`, `parts`: selectors of the card, and of what is looked at.
 */
export const outOfPlaceIn = (cards: string, parts: string): string => `(() => {
  const cards = '${cards}';
  const card = document.querySelector(cards).getBoundingClientRect();
  const seen = [...document.querySelectorAll('${parts}')].filter(
    each => each.checkVisibility() && each.closest('svg, .visually-hidden') === null,
  );
  const said = each => each.tagName.toLowerCase() + '.' + each.className + ' "' + each.textContent.trim().slice(0, 60) + '"';
  return seen.flatMap(each => {
    const { left, right, width } = each.getBoundingClientRect();
    const style = getComputedStyle(each);
    if (width === 0) return [];
    if (left < -0.5 || right > innerWidth + 0.5) return ['outside the window: ' + said(each)];
    if (each.closest(cards) !== null && (left < card.left - 0.5 || right > card.right + 0.5)) return ['outside the card: ' + said(each)];
    const isCut = style.overflowX !== 'visible' || style.display === 'inline' || each.closest(cards) === null;
    return !isCut && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1 ? ['wider than itself: ' + said(each)] : [];
  });
})()`;
export const outOfPlace = outOfPlaceIn('.card, .portal main', '.page *, .portal *');

/**
 * Evaluates an expression that gives a list of faults in many documents, in a page with their style and without a policy.
 * Returns `name: fault`. Takes the body of each document, which is a tenth of the work of a load; runs none of its scripts.
 */
export const faultsIn = (
  expression: string,
  pages: readonly (readonly [name: string, page: string])[],
): string => `(() => {
  const root = document.documentElement;
  return ${JSON.stringify(pages)}.flatMap(([name, text]) => {
    const page = new DOMParser().parseFromString(text, 'text/html');
    root.lang = page.documentElement.lang;
    root.dir = page.documentElement.dir;
    for (const style of document.querySelectorAll('style'))
      style.disabled = page.querySelector('link[href="' + style.dataset.path + '"]') === null;
    document.body.replaceWith(page.body);
    return (${expression}).map(fault => name + ': ' + fault);
  });
})()`;

/** Makes this page ready for `faultsIn`. */
export const prepareStage = async (stage: Page): Promise<void> => {
  const styles = [...assets]
    .filter(([, { type }]) => type.startsWith('text/css'))
    .map(([path, { body }]) => `<style data-path="${path}">${body.toString()}</style>`);
  await stage.setContent(`<!DOCTYPE html>${styles.join('')}<body></body>`);
};
