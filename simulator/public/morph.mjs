/** Makes one part of a page equal to another. Changes only what differs, so that focus and scroll position stay. */

const isAlike = (old, next) =>
  old.nodeType === Node.ELEMENT_NODE && old.nodeName === next.nodeName && old.id === next.id;

/**
 * `<details>` stay as the person left them, until the server changes its own mind: `data-unfolded` says whether it wants
 * them open.
 */
const morphAttributes = (old, next) => {
  const isDetails = old.nodeName === 'DETAILS';
  const isSettled = isDetails && old.dataset.unfolded === next.dataset.unfolded;
  const isKept = name => name === 'data-seen' || (name === 'open' && isSettled);
  for (const name of old.getAttributeNames()) if (!next.hasAttribute(name) && !isKept(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) {
    if (!isKept(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
};

/** The child of `parent` that becomes `next`: the one with its id, wherever it stands now, or the one in its place. */
const counterpart = (parent, next, place) =>
  next.id ? [...parent.children].find(({ id }) => id === next.id) : parent.childNodes[place];

export const morph = (old, next) => {
  if (old.isEqualNode(next)) return;
  if (!isAlike(old, next)) {
    old.replaceWith(document.importNode(next, true));
    return;
  }
  morphAttributes(old, next);
  for (const [place, child] of [...next.childNodes].entries()) {
    const current = counterpart(old, child, place);
    const at = old.childNodes[place] ?? null;
    if (current === undefined) old.insertBefore(document.importNode(child, true), at);
    else {
      if (current !== at) old.insertBefore(current, at);
      morph(current, child);
    }
  }
  while (old.childNodes.length > next.childNodes.length) old.lastChild.remove();
};
