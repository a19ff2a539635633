/**
 * Submits the code form as soon as all digits are in: typed, pasted or filled in by the browser.
 * Submits once, also where Enter follows the last digit. After an error it submits again only when the field was edited. During a
 * wait it submits at the end of the wait.
 * A form with a box below the field waits for the button: the person may still want to tick the box.
 */
/** A second submit within this time (milliseconds) repeats the first. Later ones may follow a stopped request. */
const doubled = 2000;
const field = document.querySelector<HTMLInputElement>('input[data-digits]');
const form = field?.form;

if (field && form) {
  const length = Number(field.dataset['digits']);
  const hasBox = form.querySelector('input[type=checkbox]') !== null;
  let sent = false;
  let edited = false;
  /** True while the wait on the page is about this form, not about another text. */
  const isHeld = (): boolean => form.querySelector('[data-after][aria-disabled]') !== null;
  const wasHeld = isHeld();
  const submitComplete = (): void => {
    // Digits of any width or script: the server reads them all.
    const digits = Array.from(field.value.replace(/[\s\p{Pd}\p{Cf}]/gu, ''));
    const isComplete = digits.length === length && digits.every(digit => /\p{Nd}/u.test(digit));
    if (hasBox || sent || !edited || !isComplete || isHeld()) return;
    sent = true;
    form.requestSubmit();
  };
  field.addEventListener('input', () => {
    edited = true;
    submitComplete();
  });
  document.addEventListener('wait-over', () => {
    submitComplete();
    if (wasHeld && document.activeElement === document.body) field.focus();
  });
  let sentAt = -Infinity;
  form.addEventListener('submit', event => {
    // Enter right after the last digit would send the code again, and be told that it was used already.
    if (sent && event.timeStamp - sentAt < doubled) event.preventDefault();
    else {
      sent = !event.defaultPrevented;
      sentAt = event.timeStamp;
    }
  });
  // A page that Back restores still has its variables.
  addEventListener('pageshow', () => {
    sent = false;
  });
  // The wrong code stays in the field for correction; typing replaces it.
  if (field.value !== '') field.select();
}
